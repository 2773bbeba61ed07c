import type { Clock } from "../clock.ts";

const maxTimerMs = 2 ** 31 - 1;

/** The real clock. Unix time follows the wall clock when it jumps, and never repeats a value. */
export function createSystemClock(): Clock {
  let lastUs = 0;
  return {
    nowNs() {
      // Counted in whole microseconds and multiplied once: a product of two roundings would print other digits.
      const next = Date.now() * 1e3 + Math.floor((performance.now() % 1) * 1e3);
      lastUs = next > lastUs || lastUs - next > 1e6 ? next : lastUs + 1;
      return lastUs * 1e3;
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
    nextStep(call) {
      setImmediate(call);
    },
  };
}
