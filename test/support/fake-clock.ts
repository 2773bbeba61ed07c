import type { Clock } from "../../src/lib/clock.ts";

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly call: () => void;
}

/** A clock that only moves when told to. Timers fire in the order of their time, then of their making. */
export class FakeClock implements Clock {
  #ms: number;
  #order = 0;
  readonly #timers = new Set<Timer>();

  readonly #settle: () => Promise<void>;

  /** `settled` waits until nothing is left to run that does not wait for this clock. */
  constructor(startMs = 1_700_000_000_000, settled = settle) {
    this.#ms = startMs;
    this.#settle = settled;
  }

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

  /** Moves on by `ms`, firing what falls due; lets promises settle between timers. */
  async advance(ms: number): Promise<void> {
    const end = this.#ms + ms;
    await this.#settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#ms = next.at;
      next.call();
      await this.#settle();
    }
    this.#ms = end;
    await this.#settle();
  }

  pendingTimers(): number {
    return this.#timers.size;
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

/** Lets everything that is already resolved run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}
