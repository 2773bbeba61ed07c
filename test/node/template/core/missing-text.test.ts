import { expect, test } from "vitest";
import { missingText } from "../../../../src/node/template/core/missing-text.ts";

test.each([
  [["a"], "Missing: a"],
  [["c", "a", "b", "a"], "Missing: a, b, c"],
  [["d", "c", "b", "a", "e"], "Missing: a, b, c, and 2 more"],
])("%j is told as %s", (names, expected) => {
  expect(missingText(names)).toBe(expected);
});
