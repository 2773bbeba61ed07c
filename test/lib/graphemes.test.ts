import { expect, test } from "vitest";
import { graphemeCount, graphemesOf } from "../../src/lib/graphemes.ts";

test("a family of emoji and a letter with its accent are one character each", () => {
  expect(graphemeCount("\t\u{1F468}\u200D\u{1F469}")).toBe(2);
  expect(graphemesOf("ae\u0301b")).toEqual(["a", "e\u0301", "b"]);
  expect(graphemeCount("plain")).toBe(5);
});
