import { expect, test } from "vitest";
import { quote } from "../../../../src/node/template/core/quote.ts";

test.each([
  ['a\tb\n"c"\\', '"a\\tb\\n\\"c\\"\\\\"'],
  ["é😀", '"é😀"'],
  ["\0\x7f\u00a0\u200b", '"\\x00\\x7f\\u00a0\\u200b"'],
])("%j is quoted as %s", (text, expected) => {
  expect(quote(text)).toBe(expected);
});

test("only plain letters where that is asked for, and the mark itself escaped", () => {
  expect(quote("é😀", '"', true)).toBe('"\\u00e9\\U0001f600"');
  expect(quote("'\"", "'")).toBe("'\\'\"'");
});
