import { expect, test } from "vitest";
import { lastLines } from "../../../src/cli/core/line-tail.ts";

test.each([
  ["a\nb\nc\n", 2, "b\nc\n"],
  ["a\nb\nc", 2, "b\nc"],
  ["a\n", 5, "a\n"],
  ["", 3, ""],
  ["a\nb\n", 0, ""],
])("%j cut to %i lines is %j", (text, count, expected) => {
  expect(lastLines(text, count)).toBe(expected);
});
