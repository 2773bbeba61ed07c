import { describe, expect, test } from "vitest";
import { tokensOf } from "../../../../src/api/filter/core/tokens.ts";

const texts = (source: string): string[] =>
  tokensOf(source).map(({ kind, text }) => `${kind}:${text}`);

describe("tokensOf", () => {
  test("splits words, quoted texts, numbers and marks", () => {
    expect(texts('Meta["a b"].x != `raw\\n` and N == -5')).toEqual([
      "word:Meta",
      "mark:[",
      "text:a b",
      "mark:]",
      "mark:.",
      "word:x",
      "mark:!=",
      "text:raw\\n",
      "word:and",
      "word:N",
      "mark:==",
      "number:-5",
      "end:",
    ]);
  });

  test("reads escapes in double quotes", () => {
    expect(texts('"a\\"b\\u0041"')).toEqual(['text:a"bA', "end:"]);
  });

  test.each([
    ['"open', "1:1 (0): string literal not terminated"],
    ['"bad \\x"', "1:1 (0): invalid escape in string literal"],
    ["a\n  ; b", '2:3 (4): no match found at ";"'],
  ])("says where %j is wrong", (source, message) => {
    expect(() => tokensOf(source)).toThrow(message);
  });
});
