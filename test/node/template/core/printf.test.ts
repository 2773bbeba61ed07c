import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Budget } from "../../../../src/node/template/core/budget.ts";
import { printf } from "../../../../src/node/template/core/printf.ts";

const format = (
  text: string,
  ...values: (string | bigint | number | boolean | undefined)[]
): string => printf(text, values, new Budget());

test.each([
  [
    "%5d|%-5d|%05d|%+d|%x|%#X|%b|%o|%c|%U",
    [42n, 42n, 42n, 42n, 255n, 255n, 5n, 8n, 65n, 65n],
    "   42|42   |00042|+42|ff|0XFF|101|10|A|U+0041",
  ],
  ["%6.2f|%e|%g|%.3g", [3.25159, 1234.5, 1e21, 1234.5], "  3.25|1.234500e+03|1e+21|1.23e+03"],
  [
    "%s|%10s|%-6s|%.2s|%q|%x",
    ["a", "b", "c", "def", 'q"', "hi"],
    'a|         b|c     |de|"q\\""|6869',
  ],
  ["%[2]s %[1]s %s", ["a", "b"], "b a b"],
  ["%*d|%-*d|%.*f", [5n, 1n, 4n, 2n, 1n, 2.55], "    1|2   |2.5"],
  ["%d %s", ["x"], "%!d(string=x) %!s(MISSING)"],
  ["%d", [1n, "y"], "1%!(EXTRA string=y)"],
  ["100%%", [], "100%"],
  ["%", [], "%!(NOVERB)"],
  ["%v %v", [undefined, true], "<nil> true"],
])("%s is filled in", (text, values, expected) => {
  expect(format(text, ...values)).toBe(expected);
});

test("any format is printed somehow", () => {
  const piece = fc.constantFrom(
    "%",
    "[",
    "]",
    "*",
    ".",
    "-",
    "+",
    "#",
    "0",
    "1",
    "99999999999",
    "d",
    "s",
    "v",
    "q",
    "é",
    " ",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      expect(typeof format(pieces.join(""), 1n, "a", 1.5)).toBe("string");
    }),
  );
});
