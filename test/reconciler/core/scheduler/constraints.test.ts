import { expect, test } from "vitest";
import {
  constraintText,
  nodeSatisfies,
} from "../../../../src/reconciler/core/scheduler/constraints.ts";
import { buildNode } from "../../../support/build-node.ts";

const node = buildNode("n", { Attributes: { a: "5", name: "linux", list: "x, y,z", v: "1.4.2" } });
const search = (pattern: string, text: string): boolean | undefined =>
  pattern === "[" ? undefined : text.includes(pattern);
const met = (LTarget: string, Operand: string, RTarget = ""): boolean =>
  nodeSatisfies({ LTarget, Operand, RTarget }, node, search);

test.each<[string, string, string, boolean]>([
  ["${attr.name}", "=", "linux", true],
  ["${attr.name}", "is", "plan9", false],
  ["${attr.name}", "!=", "plan9", true],
  ["${attr.none}", "!=", "x", true],
  ["${attr.none}", "=", "x", false],
  ["${attr.a}", "<", "10", true],
  ["${attr.a}", ">=", "5", true],
  ["${attr.name}", ">", "abc", true],
  ["${attr.name}", "regexp", "inu", true],
  ["${attr.name}", "regexp", "[", false],
  ["${attr.v}", "version", "~> 1.4", true],
  ["${attr.v}", "semver", ">= 2.0.0", false],
  ["${attr.list}", "set_contains", "x,z", true],
  ["${attr.list}", "set_contains", "x,q", false],
  ["${attr.list}", "set_contains_any", "q,z", true],
  ["${attr.a}", "is_set", "", true],
  ["${attr.none}", "is_not_set", "", true],
  ["${attr.a}", "made up", "5", false],
  ["", "distinct_hosts", "", true],
])("%s %s %s is %s", (left, operand, right, expected) => {
  expect(met(left, operand, right)).toBe(expected);
});

test("a constraint is named by its three parts", () => {
  expect(constraintText({ LTarget: "${attr.kernel.name}", Operand: "=", RTarget: "plan9" })).toBe(
    "${attr.kernel.name} = plan9",
  );
});
