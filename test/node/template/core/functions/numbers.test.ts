import { expect, test } from "vitest";
import { rendered } from "../../../../support/render-template.ts";

test.each([
  ["2 | add 3", "5"],
  ["5 | subtract 2", "3"],
  ["multiply 2 2.5", "5"],
  ["10 | divide 3", "3"],
  ["10 | divide 4.0", "2.5"],
  ["-7 | divide 2", "-3"],
  ["5 | modulo 3", "2"],
  ["minimum 2 5", "2"],
  ["maximum 2 5.5", "5.5"],
  ["add 9223372036854775807 1", "-9223372036854775808"],
])("%s gives %j", (text, expected) => {
  expect(rendered(`{{ ${text} }}`)).toBe(expected);
});

test.each([
  ["1 | divide 0", "integer divide by zero"],
  ["1 | modulo 0", "integer divide by zero"],
  ['add 1 "2"', "add: wrong type for value; expected number; got string"],
])("%s is a fault", (text, expected) => {
  expect(rendered(`{{ ${text} }}`)).toContain(expected);
});
