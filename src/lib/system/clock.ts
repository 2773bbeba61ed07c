import type { Clock } from "../clock.ts";

const maxTimerMs = 2 ** 31 - 1;

/** The real clock. Unix time follows the wall clock when it jumps, and never repeats a value. */
export function createSystemClock(): Clock {
  let lastNs = 0;
  return {
    nowNs() {
      const next = Date.now() * 1e6 + Math.floor((performance.now() % 1) * 1e3) * 1e3;
      lastNs = next > lastNs || lastNs - next > 1e9 ? next : lastNs + 1e3;
      return lastNs;
    },
    nowMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    after(ms, call) {
      // A longer wait than a timer can hold just looks again: loops are level-triggered.
      const timer = setTimeout(call, Math.min(Math.max(0, ms), maxTimerMs));
      return () => {
        clearTimeout(timer);
      };
    },
  };
}
