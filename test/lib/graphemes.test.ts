import * as fc from "fast-check";
import { expect, test } from "vitest";
import { graphemeCount, graphemesOf } from "../../src/lib/graphemes.ts";
import { cpuMsOf } from "../support/cpu-time.ts";

test("a family of emoji and a letter with its accent are one character each", () => {
  expect(graphemeCount("\t\u{1F468}\u200D\u{1F469}")).toBe(2);
  expect(graphemesOf("ae\u0301b")).toEqual(["a", "e\u0301", "b"]);
  expect(graphemeCount("plain")).toBe(5);
});

test("a long text is split as a short one, wherever its pieces end", () => {
  const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
  const parts = [
    "e\u0301",
    "\u{1F468}\u200D\u{1F469}",
    "\u{1F1E9}\u{1F1EA}",
    "\u{1F1E9}",
    "a",
    "\r\n",
    "\u65E5",
  ];
  const part = fc.oneof(fc.constantFrom(...parts), fc.string({ unit: "binary", maxLength: 3 }));
  fc.assert(
    fc.property(fc.array(part, { minLength: 100, maxLength: 300 }), (texts) => {
      const text = texts.join("");
      const whole = Array.from(segmenter.segment(text), (piece) => piece.segment);
      expect(graphemesOf(text)).toEqual(whole);
    }),
  );
});

test("the time grows with the text", () => {
  const tookMs = cpuMsOf(() => {
    expect(graphemeCount("\u00E9, ".repeat(200_000))).toBe(600_000);
    expect(graphemeCount(`e${"\u0301".repeat(200_000)}`)).toBe(1);
  });
  expect(tookMs).toBeLessThan(3_000);
});
