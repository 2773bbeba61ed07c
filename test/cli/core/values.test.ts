import { expect, test } from "vitest";
import {
  formatBytes,
  formatRelative,
  formatTime,
  instantMs,
  quote,
  shortId,
  sortedEntries,
  threeDigits,
} from "../../../src/cli/core/values.ts";

test("writes instants in a zone and nothing for the zero time", () => {
  expect(formatTime(1_700_000_000_999, 0)).toBe("2023-11-14T22:13:20Z");
  expect(formatTime(1_700_000_000_000, -90)).toBe("2023-11-14T20:43:20-01:30");
  expect(formatTime(undefined, 0)).toBe("");
  expect(instantMs("0001-01-01T00:00:00Z")).toBeUndefined();
  expect(instantMs("2023-11-14T22:13:20.5Z")).toBe(1_700_000_000_500);
});

test.each([
  [0, "0s ago"],
  [39, "39s ago"],
  [3780, "1h3m ago"],
  [3601, "1h1s ago"],
  [90_061, "1d1h ago"],
  [40 * 86_400, "1mo10d ago"],
  [-300, "5m from now"],
])("%s seconds are %s", (seconds, text) => {
  expect(formatRelative(1_700_000_000_000 - seconds * 1000, 1_700_000_000_000)).toBe(text);
});

test.each([
  [0, "0 B"],
  [10, "10 B"],
  [10_035, "9.8 KiB"],
  [32 * 2 ** 20, "32 MiB"],
  [24 * 2 ** 30, "24 GiB"],
  [4 * 2 ** 30, "4.0 GiB"],
])("%s bytes are %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test("quotes as Go does", () => {
  expect(quote('a"b\\c\n\u0007\u0001é')).toBe('"a\\"b\\\\c\\n\\a\\x01é"');
});

test("prints three significant digits", () => {
  expect([0, 0.09334, 1, 12.345, 1234, 0.00001].map(threeDigits)).toEqual([
    "0",
    "0.0933",
    "1",
    "12.3",
    "1.23e+03",
    "1e-05",
  ]);
});

test("shortens ids and sorts by bytes", () => {
  expect(shortId("0123456789", false)).toBe("01234567");
  expect(shortId(undefined, true)).toBe("");
  expect(sortedEntries({ b: 1, B: 2, a: 3 }).map(([key]) => key)).toEqual(["B", "a", "b"]);
});
