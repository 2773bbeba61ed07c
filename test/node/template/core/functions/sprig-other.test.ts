import { expect, test } from "vitest";
import { rendered } from "../../../../support/render-template.ts";

test.each([
  ['env "X" | default "d"', "d"],
  ['coalesce 0 "" "x"', "x"],
  ['ternary "a" "b" true', "a"],
  ["empty (list)", "true"],
  ["sub 5 3", "2"],
  ["div 7 2", "3"],
  ["max 1 5 3", "5"],
  ["round 3.14159 2", "3.14"],
  ["round 2.5 0", "3"],
  ["untilStep 0 6 2", "[0 2 4]"],
  ["kindOf (dict)", "map"],
  ['kindIs "string" "a"', "true"],
  ["typeOf 1.5", "float64"],
  ["fromJson `[1]`", "[1]"],
  ["toPrettyJson (list 1)", "[\n  1\n]"],
  ['b64dec (b64enc "x")', "x"],
  ['sha1sum "a"', "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"],
])("%s gives %j", (text, expected) => {
  expect(rendered(`{{ ${text} }}`)).toBe(expected);
});

test.each([
  ["ternary 1 2 3", "must be a bool"],
  ["div 1 0", "integer divide by zero"],
])("%s is a fault", (text, expected) => {
  expect(rendered(`{{ ${text} }}`)).toContain(expected);
});
