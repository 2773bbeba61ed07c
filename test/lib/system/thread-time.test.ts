import { expect, test } from "vitest";
import { ownThreadName, threadTimeMs } from "../../../src/lib/system/thread-time.ts";

test("work takes time of the thread that does it", () => {
  const name = ownThreadName();
  const before = threadTimeMs(name);
  // Nothing else is known of the machine than that its own count goes on.
  let [after, sum] = [before, 0];
  while (before !== undefined && after === before) {
    for (let at = 0; at < 1_000_000; at += 1) sum += Math.sqrt(at);
    after = threadTimeMs(name);
  }
  expect(sum).toBeGreaterThan(0);
  expect(after).toBeGreaterThan(before ?? 0);
});

test("of a thread that is not there no time is known", () => {
  expect(threadTimeMs(undefined)).toBeUndefined();
  expect(threadTimeMs("0")).toBeUndefined();
});
