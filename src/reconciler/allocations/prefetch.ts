import type { DriverNotice, TaskDriver } from "../../drivers/port.ts";
import type { Clock } from "../../lib/clock.ts";
import { errorText } from "../../lib/errors.ts";
import type { Logger } from "../../lib/logger.ts";
import type { JsonMap } from "../../model/job.ts";

/** A task as its driver would get it. */
export interface TaskConfig {
  readonly task: string;
  readonly driver: TaskDriver;
  readonly config: JsonMap;
}
interface PrefetchOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly notice: (id: string, task: string, notice: DriverNotice) => void;
  /** Whatever waits for this allocation may be looked at again. */
  readonly ready: (id: string) => void;
}
interface Prefetch {
  readonly abort: AbortController;
  readonly untilMs: number;
  isDone: boolean;
}

/** A predecessor is not kept for longer: the servers have decided that it goes. */
const patienceMs = 300_000;

/**
 * Brings the images of an allocation while its predecessor still runs in its place. What cannot be brought is left to
 * the start, which says why and whose restart policy knows what to do.
 */
export class Prefetches {
  readonly #options: PrefetchOptions;
  readonly #known = new Map<string, Prefetch>();
  readonly #running = new Set<Promise<void>>();
  readonly #stopped = new AbortController();

  constructor(options: PrefetchOptions) {
    this.#options = options;
  }

  /** True when nothing is to be waited for any more; begins the work when asked for the first time. */
  isReady(id: string, configs: () => readonly TaskConfig[]): boolean {
    const known = this.#known.get(id) ?? this.#begin(id, configs());
    return known.isDone || this.#options.clock.monotonicMs() >= known.untilMs;
  }

  /** The allocation starts now, and shares what is still under way; or it will never start. */
  forget(id: string, willStart: boolean): void {
    const known = this.#known.get(id);
    if (!willStart) known?.abort.abort(new Error("the allocation is not wanted any more"));
    this.#known.delete(id);
  }

  async stop(): Promise<void> {
    this.#stopped.abort(new Error("the node stops"));
    await Promise.all(this.#running);
  }

  #begin(id: string, configs: readonly TaskConfig[]): Prefetch {
    const able = configs.filter(({ driver }) => driver.prepare !== undefined);
    const untilMs = this.#options.clock.monotonicMs() + patienceMs;
    const begun: Prefetch = { abort: new AbortController(), untilMs, isDone: able.length === 0 };
    this.#known.set(id, begun);
    if (begun.isDone) return begun;
    const signal = AbortSignal.any([begun.abort.signal, this.#stopped.signal]);
    const work = this.#prepareAll(id, able, signal).finally(() => {
      begun.isDone = true;
      this.#running.delete(work);
      if (!signal.aborted) this.#options.ready(id);
    });
    this.#running.add(work);
    return begun;
  }

  async #prepareAll(id: string, configs: readonly TaskConfig[], signal: AbortSignal) {
    await Promise.all(configs.map((one) => this.#prepare(id, one, signal)));
  }

  async #prepare(id: string, { task, driver, config }: TaskConfig, signal: AbortSignal) {
    const { log, notice } = this.#options;
    const tell = (words: DriverNotice): void => {
      notice(id, task, words);
    };
    try {
      await driver.prepare?.(config, tell, signal);
    } catch (thrown) {
      if (signal.aborted) return;
      const fields = { allocationId: id, task, error: errorText(thrown) };
      log.info(fields, "cannot bring the image before the start");
    }
  }
}
