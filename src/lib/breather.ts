import type { Clock } from "./clock.ts";

/** Well below the 20 ms that count as a bug. */
const longestStretchMs = 5;

/**
 * Keeps one step of the event loop short. Resolved promises and messages of threads are worked off without a look
 * at timers and sockets, so many small pieces of work in a row would stop everything else: who has such pieces
 * awaits `breathe` before each. Those who have to wait go on one a step of the event loop.
 */
export interface Breather {
  breathe(): Promise<void>;
}

const breathers = new WeakMap<Clock, Breather>();

/** All who share a clock share the event loop, and so its time. */
export function breatherOf(clock: Clock): Breather {
  const known = breathers.get(clock);
  if (known) return known;
  const made = createBreather(clock);
  breathers.set(clock, made);
  return made;
}

function createBreather(clock: Clock): Breather {
  const waiting: (() => void)[] = [];
  let stepBeganMs: number | undefined;

  const spentMs = (): number => {
    if (stepBeganMs !== undefined) return clock.monotonicMs() - stepBeganMs;
    stepBeganMs = clock.monotonicMs();
    clock.nextStep(() => {
      stepBeganMs = undefined;
    });
    return 0;
  };
  const releaseOne = (): void => {
    waiting.shift()?.();
    if (waiting.length > 0) clock.nextStep(releaseOne);
  };
  return {
    async breathe() {
      if (spentMs() < longestStretchMs) return;
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 1) clock.nextStep(releaseOne);
      });
    },
  };
}
