import { expect, test } from "vitest";
import { rendered } from "../../../../support/render-template.ts";

test.each([
  ['sprig_int "0x1f"', "31"],
  ['sprig_int "zzz"', "0"],
  ["sprig_int true", "1"],
  ['sprig_float64 "1.5"', "1.5"],
  ["sprig_toString nil", ""],
  ['sprig_repeat "3" "a"', "aaa"],
  ['sprig_until "2"', "[0 1]"],
])("%s gives %j", (text, expected) => {
  expect(rendered(`{{ ${text} }}`)).toBe(expected);
});

test.each([["sprig_sortAlpha 1", "expected list; got int"]])("%s is a fault", (text, expected) => {
  expect(rendered(`{{ ${text} }}`)).toContain(expected);
});
