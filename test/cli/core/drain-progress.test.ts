import { expect, test } from "vitest";
import {
  describeDrain,
  stillRunning,
  type DrainedAllocation,
} from "../../../src/cli/core/drain-progress.ts";

const one = (change: Partial<DrainedAllocation>): DrainedAllocation => ({
  id: "a",
  client: "running",
  migrating: false,
  desired: "run",
  isSystem: false,
  ...change,
});

test("tells each step of an allocation's leaving", () => {
  const before = new Map([["a", one({})]]);
  expect(describeDrain(before, [one({ migrating: true })])).toEqual([
    'Alloc "a" marked for migration',
  ]);
  expect(describeDrain(before, [one({ desired: "stop", client: "complete" })])).toEqual([
    'Alloc "a" draining',
    'Alloc "a" status running -> complete',
  ]);
  expect(describeDrain(new Map(), [one({})])).toEqual([]);
});

test("system allocations may be left out of the count", () => {
  const allocations = [one({}), one({ isSystem: true }), one({ client: "complete" })];
  expect(stillRunning(allocations, false)).toBe(2);
  expect(stillRunning(allocations, true)).toBe(1);
});
