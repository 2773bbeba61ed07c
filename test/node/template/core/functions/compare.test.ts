import { expect, test } from "vitest";
import { Budget } from "../../../../../src/node/template/core/budget.ts";
import { isSame } from "../../../../../src/node/template/core/functions/compare.ts";
import { Dictionary } from "../../../../../src/node/template/core/value.ts";
import { rendered } from "../../../../support/render-template.ts";

test.each([
  ["eq 1 2 1", "true"],
  ['eq "a" "b"', "false"],
  ["ne nil nil", "false"],
  ['lt "Z" "a"', "true"],
  ["ge 2.5 2.5", "true"],
  ["not 0", "true"],
  ['eq (parseJSON "1") 1.0', "true"],
])("%s gives %j", (text, expected) => {
  expect(rendered(`{{ ${text} }}`)).toBe(expected);
});

test.each([
  ['eq 1 "1"', "incompatible types for comparison"],
  ["eq 1 1.0", "incompatible types"],
  ["lt true false", "invalid type for comparison"],
  ['eq (split "," "a") (split "," "a")', "non-comparable types"],
])("%s is a fault", (text, expected) => {
  expect(rendered(`{{ ${text} }}`)).toContain(expected);
});

test("whole values are the same by what they hold, and kinds are kept apart", () => {
  const map = (value: bigint): Dictionary => new Dictionary(new Map([["a", [value]]]));
  expect(isSame(map(1n), map(1n), new Budget())).toBe(true);
  expect(isSame(map(1n), map(2n), new Budget())).toBe(false);
  expect(isSame(1n, 1, new Budget())).toBe(false);
  expect(isSame([1n], [1n, 2n], new Budget())).toBe(false);
});
