import { expect, test } from "vitest";
import { createSystemClock } from "../../../src/lib/system/clock.ts";

test("unix time is made at whole microseconds that print exactly, and never comes twice", () => {
  const clock = createSystemClock();
  const before = Date.now();
  const times = Array.from({ length: 5_000 }, () => clock.nowNs());
  const after = Date.now();
  expect(times.filter((time) => !/^\d{16}000$/.test(String(time)))).toEqual([]);
  expect(new Set(times).size).toBe(times.length);
  expect(times.toSorted((a, b) => a - b)).toEqual(times);
  // Within the milliseconds before and after, each of which may be cut off.
  expect((times[0] ?? 0) / 1e6).toBeGreaterThanOrEqual(before - 1);
  expect((times[0] ?? 0) / 1e6).toBeLessThanOrEqual(after + 1);
});

test("a timer fires once and can be taken back", async () => {
  const clock = createSystemClock();
  const fired: string[] = [];
  clock.after(5, () => fired.push("first"));
  const cancel = clock.after(1, () => fired.push("cancelled"));
  cancel();
  await new Promise<void>((resolve) => {
    clock.after(30, resolve);
  });
  expect(fired).toEqual(["first"]);
});
