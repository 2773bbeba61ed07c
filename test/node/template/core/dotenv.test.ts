import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseDotenv } from "../../../../src/node/template/core/dotenv.ts";

const read = (text: string): unknown => {
  const outcome = parseDotenv(text);
  return outcome.kind === "parsed" ? Object.fromEntries(outcome.values) : outcome.reason;
};

test.each([
  ["A=b", { A: "b" }],
  ["  A = b ", { A: "b" }],
  ["export A=b", { A: "b" }],
  ["exportA=1", { exportA: "1" }],
  ["A='x y' # c", { A: "x y" }],
  ['A="x\\ny\\u0041"', { A: "x\nyA" }],
  ["A=b # c", { A: "b" }],
  ["A=b#c", { A: "b" }],
  ["A=", { A: "" }],
  ["A.B/c=x=y", { "A.B/c": "x=y" }],
  ["A='a''b'", { A: "ab" }],
  ['A=a"b c"d', { A: "ab cd" }],
  [
    'A=normal \\text \'plus single\\\' "\\"double " # EOL',
    { A: 'normal \\text plus single\\ "double ' },
  ],
  ["# c\n\nA=1\r\nA=2\nB=$A", { A: "2", B: "$A" }],
])("%j is %j", (text, expected) => {
  expect(read(text)).toEqual(expected);
});

test.each([
  ["X=1\nA", "error on line 2: missing ="],
  ["1A=x", 'error on line 1: key must start with [A-Za-z_] but found "1"'],
  ["A-B=x", 'error on line 1: key characters must be [A-Za-z0-9/_.] but found "-"'],
  ["=x", "error on line 1: empty key"],
  ['A="un', 'error on line 1: unmatched "'],
  ["A='un", "error on line 1: unmatched '"],
  ["A=b\tc", "error on line 1: 0x09 is an invalid value character"],
  ['A="\\x"', 'error on line 1: invalid escape sequence in "\\x"'],
])("%j is refused", (text, reason) => {
  expect(read(text)).toBe(reason);
});

test("any text that is written as JSON is read back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (value) => {
      expect(read(`A=${JSON.stringify(value)}`)).toEqual({ A: value });
    }),
  );
});
