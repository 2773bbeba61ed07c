import { breatherOf } from "./breather.ts";
import type { Breather } from "./breather.ts";
import type { Clock } from "./clock.ts";
import { errorText, retryLevel } from "./errors.ts";
import type { Logger } from "./logger.ts";
import type { Random } from "./random.ts";

/** What one turn of a reconcile loop says. A throw means: back off and try again. */
export type Turn =
  | { readonly kind: "done" }
  | { readonly kind: "again"; readonly afterMs: number; readonly reason: string };

export interface ReconcileLoopOptions {
  readonly name: string;
  readonly reconcile: (key: string, signal: AbortSignal) => Promise<Turn>;
  /** Keys worked on at the same time; one key is never worked on twice at once. */
  readonly concurrency: number;
  readonly backoff?: { readonly firstMs: number; readonly maxMs: number };
}

/**
 * A level-triggered loop over keys. `add` only marks a key; a turn re-reads the world.
 * 1. A key added while it is worked on runs once more afterwards.
 * 2. A failing key waits 2^n with jitter; a new `add` runs it at once.
 * 3. `stop` aborts the turns under way and resolves when they have ended.
 */
export class ReconcileLoop {
  readonly #clock: Clock;
  readonly #breather: Breather;
  readonly #random: Random;
  readonly #log: Logger;
  readonly #options: ReconcileLoopOptions;
  readonly #ready = new Set<string>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #again = new Set<string>();
  readonly #timers = new Map<string, () => void>();
  readonly #failures = new Map<string, number>();
  readonly #abort = new AbortController();

  constructor(clock: Clock, random: Random, log: Logger, options: ReconcileLoopOptions) {
    this.#clock = clock;
    this.#breather = breatherOf(clock);
    this.#random = random;
    this.#log = log.child(options.name);
    this.#options = options;
  }

  add(key: string): void {
    if (this.#abort.signal.aborted) return;
    this.#cancelTimer(key);
    if (this.#running.has(key)) this.#again.add(key);
    else this.#ready.add(key);
    this.#pump();
  }

  addAfter(key: string, ms: number): void {
    if (this.#abort.signal.aborted) return;
    this.#cancelTimer(key);
    this.#timers.set(
      key,
      this.#clock.after(ms, () => {
        this.#timers.delete(key);
        this.add(key);
      }),
    );
  }

  /** True when nothing is ready or being worked on; keys that wait for a time do not count. */
  isIdle(): boolean {
    return this.#ready.size === 0 && this.#running.size === 0;
  }

  async stop(): Promise<void> {
    this.#abort.abort(new Error(`${this.#options.name} stops`));
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    this.#ready.clear();
    await Promise.all(this.#running.values());
  }

  #cancelTimer(key: string): void {
    this.#timers.get(key)?.();
    this.#timers.delete(key);
  }

  #pump(): void {
    for (const key of this.#ready) {
      if (this.#running.size >= this.#options.concurrency) return;
      this.#ready.delete(key);
      this.#running.set(key, this.#turn(key));
    }
  }

  async #turn(key: string): Promise<void> {
    // Later at any rate, so that `add` returns before any work starts.
    await this.#breather.breathe();
    try {
      const turn = await this.#options.reconcile(key, this.#abort.signal);
      this.#failures.delete(key);
      if (turn.kind === "again") {
        // Every heartbeat ends so: too much for those who read along at DEBUG.
        const afterMs = Math.round(turn.afterMs);
        this.#log.trace({ key, afterMs, reason: turn.reason }, "will look again");
        if (!this.#again.has(key)) this.addAfter(key, turn.afterMs);
      }
    } catch (thrown) {
      this.#failed(key, thrown);
    }
    this.#running.delete(key);
    if (this.#again.delete(key)) this.add(key);
    this.#pump();
  }

  #failed(key: string, thrown: unknown): void {
    if (this.#abort.signal.aborted) return;
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    const { firstMs, maxMs } = this.#options.backoff ?? { firstMs: 250, maxMs: 30_000 };
    const afterMs = Math.min(maxMs, firstMs * 2 ** Math.min(failures - 1, 20));
    const jittered = Math.round(afterMs * (1 + this.#random.fraction() / 4));
    this.#log[retryLevel(thrown)](
      { key, failures, afterMs: jittered, error: errorText(thrown) },
      "turn failed",
    );
    if (!this.#again.has(key)) this.addAfter(key, jittered);
  }
}
