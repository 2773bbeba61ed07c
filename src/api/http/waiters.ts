import type { Clock } from "../../lib/clock.ts";
import type { ChangeFeed } from "../../store/changes.ts";
import type { Watch } from "./answer.ts";

/** Blocking queries at rest: each wakes when one of its tables or objects changes, or when its time is up. */
export class Waiters {
  readonly #clock: Clock;
  readonly #sleeping = new Map<string, Set<() => void>>();
  readonly #unsubscribe: () => void;
  #count = 0;

  constructor(clock: Clock, changes: ChangeFeed) {
    this.#clock = clock;
    this.#unsubscribe = changes.subscribe((batch) => {
      if (this.#sleeping.size === 0) return;
      for (const change of batch.changes) {
        this.#wake(change.table);
        this.#wake(nameOf(change));
      }
    });
  }

  /** Resolves after a change, after `ms`, or when the signal is aborted; the caller looks again in any case. */
  wait(watches: readonly Watch[], ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const names = watches.map(nameOf);
      let isAsleep = true;
      const wake = (): void => {
        if (!isAsleep) return;
        isAsleep = false;
        this.#count--;
        cancelTimer();
        signal.removeEventListener("abort", wake);
        for (const name of names) this.#remove(name, wake);
        resolve();
      };
      this.#count++;
      const cancelTimer = this.#clock.after(ms, wake);
      for (const name of names) {
        const others = this.#sleeping.get(name);
        if (others) others.add(wake);
        else this.#sleeping.set(name, new Set([wake]));
      }
      if (signal.aborted) wake();
      else signal.addEventListener("abort", wake, { once: true });
    });
  }

  /** Everybody wakes and finds its signal aborted or its time not yet up; nobody is left hanging. */
  close(): void {
    this.#unsubscribe();
    for (const name of this.#sleeping.keys()) this.#wake(name);
  }

  /** How many queries wait. */
  sleeping(): number {
    return this.#count;
  }

  #wake(name: string): void {
    for (const wake of this.#sleeping.get(name) ?? []) wake();
  }

  #remove(name: string, wake: () => void): void {
    const wakes = this.#sleeping.get(name);
    wakes?.delete(wake);
    if (wakes?.size === 0) this.#sleeping.delete(name);
  }
}

const nameOf = ({ table, key }: Watch): string =>
  key === undefined ? table : `${table}\u0000${key}`;
