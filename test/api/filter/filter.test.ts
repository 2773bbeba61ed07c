import { expect, test } from "vitest";
import { compileFilter } from "../../../src/api/filter/filter.ts";
import { cpuMsOf } from "../../support/cpu-time.ts";

test("patterns are RE2 and look anywhere in the text", () => {
  expect(compileFilter('Name matches "^we.$"')({ Name: "web" })).toBe(true);
  expect(compileFilter('Name matches "e"')({ Name: "web" })).toBe(true);
  expect(compileFilter('Name matches "^e"')({ Name: "web" })).toBe(false);
});

test("a pattern that would take for ever elsewhere is linear here", () => {
  const tookMs = cpuMsOf(() => {
    expect(compileFilter('Name matches "(a+)+$"')({ Name: `${"a".repeat(2000)}!` })).toBe(false);
  });
  expect(tookMs).toBeLessThan(2_000);
});

test("errors begin with the words that clients look for", () => {
  expect(() => compileFilter("Name ==")).toThrow(
    "failed to create result paginator: failed to read filter expression: 1:8 (7)",
  );
  expect(() => compileFilter('Name matches "("')).toThrow("failed to compile regular expression");
  expect(() => compileFilter("Moon == 1")({ Name: "web" })).toThrow(
    "failed to read result page: error finding value in datum: /Moon",
  );
});
