import { expect, test } from "vitest";
import { ownThreadName, threadTimeMs } from "../../../src/lib/system/thread-time.ts";

test("work takes time of the thread that does it", () => {
  const name = ownThreadName();
  const before = threadTimeMs(name);
  // Nothing else is known of the machine than that its own count goes on.
  let [after, sum] = [before, 0];
  do {
    for (let at = 0; at < 1_000_000; at += 1) sum += Math.sqrt(at);
    after = threadTimeMs(name);
  } while (after !== undefined && after === before);
  expect(sum).toBeGreaterThan(0);
  // Where the system tells nothing there is nothing to compare.
  expect(after === undefined || after > (before ?? 0)).toBe(true);
});

test("of a thread that is not there no time is known", () => {
  expect(threadTimeMs(undefined)).toBeUndefined();
  expect(threadTimeMs("0")).toBeUndefined();
});
