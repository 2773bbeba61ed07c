import { expect, test } from "vitest";
import { Arguments, asText, textFunction } from "../../../../src/node/template/core/call.ts";
import { Structure } from "../../../../src/node/template/core/value.ts";
import { callingFor, callWith } from "../../../support/render-template.ts";

test("arguments are read as what is wanted, and nothing is turned into something else", () => {
  const given = new Arguments(["a", 3n, ["x", "y"], 1.5]);
  expect([given.text(0), given.whole(1), given.texts(2), given.count, given.last]).toEqual([
    "a",
    3n,
    ["x", "y"],
    4,
    3,
  ]);
  expect(() => given.text(1)).toThrow("expected string; got int");
  expect(() => given.whole(3)).toThrow("expected int; got float64");
  expect(() => given.list(0)).toThrow("expected list; got string");
  expect(() => new Arguments([2n ** 40n]).count32(0)).toThrow("too large");
});

test("what shows a text counts as one", () => {
  expect(asText(new Structure("Item", new Map(), { text: "v" }))).toBe("v");
  expect(() => asText(new Structure("Item", new Map()))).toThrow("expected string; got Item");
});

test("a text function counts what it reads and makes", () => {
  const twice = textFunction((text) => text + text);
  expect(callWith(twice, ["ab"])).toBe("abab");
  expect(() => callWith(twice, ["x".repeat(10)], { steps: 10, characters: 10, depth: 1 })).toThrow(
    "characters",
  );
  expect(callingFor().budget.steps).toBe(0);
});
