import { expect, test } from "vitest";
import { graphemeCount, graphemesOf } from "../../src/lib/graphemes.ts";

test("a family of emoji and a letter with its accent are one character each", () => {
  expect(graphemeCount("\t\u{1F468}\u200D\u{1F469}")).toBe(2);
  expect(graphemesOf("ae\u0301b")).toEqual(["a", "e\u0301", "b"]);
  expect(graphemeCount("plain")).toBe(5);
});

test("a text longer than a piece is cut in the same characters", () => {
  const whole = (text: string): string[] =>
    Array.from(new Intl.Segmenter("en").segment(text), (piece) => piece.segment);
  const flags = "\u{1F1E9}\u{1F1EA}".repeat(200);
  const long = `a${"\u0301".repeat(1200)}`;
  for (const text of [
    `x${flags}`,
    flags,
    "e\u0301\r\n".repeat(200),
    `${long}${long}b`,
    "\u{1F468}\u200D".repeat(300),
  ])
    expect(graphemesOf(text)).toEqual(whole(text));
});

test("a hundred thousand characters take no time to speak of", () => {
  expect(graphemeCount("é".repeat(100_000))).toBe(100_000);
});
