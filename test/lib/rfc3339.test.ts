import { expect, test } from "vitest";
import { formatRfc3339, parseRfc3339 } from "../../src/lib/rfc3339.ts";

test.each([
  [0, "1970-01-01T00:00:00Z"],
  [1_700_000_000_123_456_000, "2023-11-14T22:13:20.123456Z"],
  [1_700_000_000_500_000_000, "2023-11-14T22:13:20.5Z"],
])("%i is %s, and back", (ns, text) => {
  expect(formatRfc3339(ns)).toBe(text);
  expect(parseRfc3339(text)).toBe(ns);
});

test("nanoseconds of others are read to the microsecond, offsets are applied, the rest is refused", () => {
  expect(parseRfc3339("2023-11-14T22:13:20.123456789Z")).toBe(1_700_000_000_123_456_000);
  expect(parseRfc3339("2023-11-14T23:13:20+01:00")).toBe(1_700_000_000e9);
  expect(parseRfc3339("yesterday")).toBeUndefined();
  expect(parseRfc3339("2023-99-14T22:13:20Z")).toBeUndefined();
});
