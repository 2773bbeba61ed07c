import { expect, test } from "vitest";
import { hasWildcard, matchesWildcard } from "../../../../src/node/artifact/core/wildcard.ts";
import { cpuMsOf } from "../../../support/cpu-time.ts";

test.each([
  ["app-*", "app-1.2", true],
  ["*", "", true],
  ["a?c", "abc", true],
  ["a*b*c", "a1b2c", true],
  ["a*b", "ab2", false],
  ["?", "", false],
  ["abc", "abcd", false],
  ["[ab]", "a", false],
])("%s and %s: %s", (pattern, name, fits) => {
  expect(matchesWildcard(pattern, name)).toBe(fits);
});

test("many stars take no time", () => {
  const tookMs = cpuMsOf(() => {
    expect(matchesWildcard(`${"*a".repeat(100)}b`, "a".repeat(255))).toBe(false);
  });
  expect(tookMs).toBeLessThan(500);
});

test("only stars and question marks are special", () => {
  expect(["a*", "?"].every(hasWildcard)).toBe(true);
  expect(["a", "[a]", ""].some(hasWildcard)).toBe(false);
});
