import { expect, test } from "vitest";
import {
  compareText,
  Dictionary,
  isTrue,
  sortedKeys,
  Structure,
  typeName,
  wholeNumber,
} from "../../../../src/node/template/core/value.ts";
import type { Value } from "../../../../src/node/template/core/value.ts";

test.each<[Value, boolean, string]>([
  [undefined, false, "<nil>"],
  [0n, false, "int"],
  [7n, true, "int"],
  [0, false, "float64"],
  [Number.NaN, true, "float64"],
  ["", false, "string"],
  ["x", true, "string"],
  [false, false, "bool"],
  [[], false, "[]interface {}"],
  [[undefined], true, "[]interface {}"],
  [new Dictionary(new Map()), false, "map[string]interface {}"],
  [new Structure("NomadService", new Map()), true, "NomadService"],
])("%s counts as %s and is a %s", (value, truth, name) => {
  expect(isTrue(value)).toBe(truth);
  expect(typeName(value)).toBe(name);
});

test("keys are in the order of their code points", () => {
  const keys = ["b", "\u{1f600}", "a", "\uffee", "B"];
  expect(sortedKeys(new Dictionary(new Map(keys.map((key) => [key, 1n]))))).toEqual([
    "B",
    "a",
    "b",
    "\uffee",
    "\u{1f600}",
  ]);
  expect(compareText("a", "ab")).toBeLessThan(0);
  expect(compareText("ab", "ab")).toBe(0);
});

test("whole numbers go round at 64 bits", () => {
  expect(wholeNumber(2n ** 63n)).toBe(-(2n ** 63n));
});
