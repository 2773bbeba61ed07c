import { expect, test } from "vitest";
import { chooseCommand } from "../../../src/cli/core/choose-command.ts";

const names = new Set(
  ["job run", "run", "status", "job", "operator raft list-peers"].filter((n) => n !== "job"),
);
const groups = new Set(["job", "operator", "operator raft"]);
const choose = (...argv: string[]) => chooseCommand(names, groups, argv);

test("the longest spelled name wins and keeps the rest as arguments", () => {
  expect(choose("job", "run", "-detach", "x")).toEqual({
    kind: "command",
    name: "job run",
    args: ["-detach", "x"],
  });
  expect(choose("operator", "raft", "list-peers")).toMatchObject({
    name: "operator raft list-peers",
  });
});

test("a noun alone, or with an unknown verb, is a group", () => {
  expect(choose("job")).toEqual({ kind: "group", name: "job", help: false });
  expect(choose("job", "moon")).toMatchObject({ kind: "group", name: "job" });
  expect(choose("operator", "raft", "-help")).toEqual({
    kind: "group",
    name: "operator raft",
    help: true,
  });
});

test("flags before the command mean version, help or a complaint", () => {
  expect(choose("-v")).toEqual({ kind: "version" });
  expect(choose("--help")).toEqual({ kind: "help" });
  expect(choose("-address=x", "status")).toMatchObject({ kind: "early-flag" });
  expect(choose()).toEqual({ kind: "unknown" });
  expect(choose("moon")).toEqual({ kind: "unknown" });
});
