import type { Clock } from "../../src/lib/clock.ts";

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly call: () => void;
}

/**
 * A clock that stands still while anything real is under way: files, promises, immediates. What happens then depends on
 * the order of the timers alone, so that a seed gives the same hours again.
 */
export class VirtualClock implements Clock {
  #ms = 1_700_000_000_000;
  #order = 0;
  readonly #timers = new Set<Timer>();

  nowNs(): number {
    return this.#ms * 1e6;
  }

  nowMs(): number {
    return this.#ms;
  }

  monotonicMs(): number {
    return this.#ms;
  }

  after(ms: number, call: () => void): () => void {
    const timer = { at: this.#ms + Math.max(0, ms), order: this.#order++, call };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  nextStep(call: () => void): void {
    setImmediate(call);
  }

  pendingTimers(): number {
    return this.#timers.size;
  }

  async advance(ms: number): Promise<void> {
    const end = this.#ms + ms;
    await quiet();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#ms = next.at;
      next.call();
      await quiet();
    }
    this.#ms = end;
  }

  #next(end: number): Timer | undefined {
    let best: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at > end) continue;
      if (!best || timer.at < best.at || (timer.at === best.at && timer.order < best.order))
        best = timer;
    }
    return best;
  }
}

/** Until no file is asked for and nothing is left to run. */
async function quiet(): Promise<void> {
  for (let calm = 0; calm < 2;) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    const isBusy = process.getActiveResourcesInfo().some((name) => /^(?:FS|FileHandle)/.test(name));
    calm = isBusy ? 0 : calm + 1;
  }
}
