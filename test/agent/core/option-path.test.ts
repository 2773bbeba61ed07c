import { expect, test } from "vitest";
import { optionPath } from "../../../src/agent/core/option-path.ts";

test("the option that a complaint names is the way to it", () => {
  expect(optionPath("unknown option config.imgae", { imgae: "x" })).toEqual(["imgae"]);
  expect(optionPath("config.image is missing", {})).toEqual(["image"]);
  expect(optionPath("config.logging.type must be text", { logging: { type: [] } })).toEqual([
    "logging",
    "type",
  ]);
});

test("of several blocks the first that has the option is meant, or that lacks what is missing", () => {
  const config = { mount: [{ target: "/a" }, { tpye: "x" }] };
  expect(optionPath("unknown option config.mount.tpye", config)).toEqual(["mount", 1, "tpye"]);
  expect(optionPath("config.mount.target is missing", config)).toEqual(["mount", 1, "target"]);
  expect(optionPath("config.mount.source must be text", config)).toEqual(["mount", 0, "source"]);
});

test("a complaint about no option is about the whole block", () => {
  expect(optionPath("driver does not allow the following capabilities: all", {})).toEqual([]);
});
