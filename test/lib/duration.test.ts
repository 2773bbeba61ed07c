import { expect, test } from "vitest";
import { formatDuration, parseDuration } from "../../src/lib/duration.ts";

test.each([
  ["0", 0],
  ["1h30m", 5400e9],
  ["1.5s", 1.5e9],
  ["-250ms", -250e6],
  ["1us", 1e3],
  [".5s", 5e8],
])("%s is %d ns", (text, ns) => {
  expect(parseDuration(text)).toBe(ns);
});

test.each(["", "5", "1x", "s", "1h 2m", "--1s", "1e3s"])("%j is no duration", (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test.each([
  [0, "0s"],
  [5400e9, "1h30m0s"],
  [60e9, "1m0s"],
  [1.5e9, "1.5s"],
  [250e6, "250ms"],
  [1500, "1.5µs"],
  [999, "999ns"],
  [-90e9, "-1m30s"],
])("%d ns prints as %s", (ns, text) => {
  expect(formatDuration(ns)).toBe(text);
});
