import { expect, test } from "vitest";
import { rendered } from "../../../../support/render-template.ts";

test.each([
  ['sprig_trunc -2 "hello"', "lo"],
  ['"a\\nb" | nindent 2', "\n  a\n  b"],
  ['quote "a" nil 1', '"a" "1"'],
  ['squote "a"', "'a'"],
  ['snakecase "FirstName"', "first_name"],
  ['kebabcase "FirstName"', "first-name"],
  ['camelcase "first_name"', "FirstName"],
  ['sprig_regexFindAll "[0-9]" "1a2b3" 2', "[1 2]"],
  ['sprig_regexSplit "z+" "pizza" -1', "[pi a]"],
  ['sprig_join "," (loop 3)', "0,1,2"],
  ['sortAlpha (list "b" "a")', "[a b]"],
  ['sprig_trim " x "', "x"],
  ['upper "a"', "A"],
  ['hasPrefix "a" "ab"', "true"],
])("%s gives %j", (text, expected) => {
  expect(rendered(`{{ ${text} }}`)).toBe(expected);
});

test.each([['fail "stop"', "error calling fail: stop"]])("%s is a fault", (text, expected) => {
  expect(rendered(`{{ ${text} }}`)).toContain(expected);
});
