import { expect, test } from "vitest";
import { formatInstant, parseInstant } from "../../src/lib/instant.ts";

test.each([
  [0, "1970-01-01T00:00:00Z"],
  [1_700_000_000e9, "2023-11-14T22:13:20Z"],
  [1_700_000_000_250_000_000, "2023-11-14T22:13:20.25Z"],
  [1_700_000_000_000_001_000, "2023-11-14T22:13:20.000001Z"],
])("%d nanoseconds are %s, both ways", (ns, text) => {
  expect(formatInstant(ns)).toBe(text);
  expect(parseInstant(text)).toBe(ns);
});

test("offsets are understood, digits below a microsecond dropped, other texts refused", () => {
  expect(parseInstant("2023-11-14T23:13:20.123456789+01:00")).toBe(1_700_000_000_123_456_000);
  for (const text of ["", "2023-11-14", "2023-11-14T22:13:20", "2023-99-14T22:13:20Z", "soon"])
    expect(parseInstant(text), text).toBeUndefined();
});
