import type { DriverNotice, TaskDriver } from "../../drivers/port.ts";
import type { Clock } from "../../lib/clock.ts";
import { AppError, errorText } from "../../lib/errors.ts";
import type { Logger } from "../../lib/logger.ts";
import type { AllocationId } from "../../model/ids.ts";
import type { JsonMap } from "../../model/job.ts";
import { isOwnTrouble, isUnreachable } from "./task-operations.ts";

/** A task as its driver would get it. */
export interface TaskConfig {
  readonly task: string;
  readonly driver: TaskDriver;
  readonly config: JsonMap;
}
export interface PrefetchFailure {
  readonly task: string;
  readonly error: string;
  readonly isRecoverable: boolean;
}
interface PrefetchOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly notice: (id: string, task: string, notice: DriverNotice) => void;
  readonly failed: (id: string, failure: PrefetchFailure) => void;
  /** Whatever waits for this allocation may be looked at again. */
  readonly ready: (id: string) => void;
}
interface Prefetch {
  readonly abort: AbortController;
  state: "busy" | "ready" | "failed";
  /** An engine that did not answer has said nothing of the image, nor has a full disk of ours: it is asked again then. */
  askAgainMs: number | undefined;
}

const unreachablePauseMs = 5_000;

/**
 * Brings the images of an allocation while its predecessor still runs in its place. What cannot be brought counts as a
 * failed attempt of its task, and is tried again when the task's restart policy says so.
 */
export class Prefetches {
  readonly #options: PrefetchOptions;
  readonly #known = new Map<string, Prefetch>();
  readonly #running = new Set<Promise<void>>();
  readonly #stopped = new AbortController();

  constructor(options: PrefetchOptions) {
    this.#options = options;
  }

  /** True when everything is here; begins the work when asked for the first time, and again when that is due. */
  isReady(id: AllocationId, isDue: boolean, configs: () => readonly TaskConfig[]): boolean {
    const known = this.#known.get(id);
    const isRestAwaited = (known?.askAgainMs ?? 0) > this.#options.clock.monotonicMs();
    const begins = !known || (known.state === "failed" && isDue && !isRestAwaited);
    return (begins ? this.#begin(id, configs()) : known).state === "ready";
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

  #begin(id: AllocationId, configs: readonly TaskConfig[]): Prefetch {
    const able = configs.filter(({ driver }) => driver.prepare !== undefined);
    const begun: Prefetch = { abort: new AbortController(), state: "busy", askAgainMs: undefined };
    this.#known.set(id, begun);
    if (able.length === 0) begun.state = "ready";
    if (able.length === 0) return begun;
    const signal = AbortSignal.any([begun.abort.signal, this.#stopped.signal]);
    const work = this.#prepareAll(id, begun, able, signal).finally(() => {
      this.#running.delete(work);
      if (!signal.aborted) this.#options.ready(id);
    });
    this.#running.add(work);
    return begun;
  }

  async #prepareAll(
    id: AllocationId,
    begun: Prefetch,
    configs: readonly TaskConfig[],
    signal: AbortSignal,
  ): Promise<void> {
    const found = await Promise.all(configs.map((one) => this.#prepare(id, one, signal)));
    begun.state = found.every((one) => one === "here") ? "ready" : "failed";
    if (found.includes("unknown"))
      begun.askAgainMs = this.#options.clock.monotonicMs() + unreachablePauseMs;
  }

  async #prepare(
    allocationId: AllocationId,
    { task, driver, config }: TaskConfig,
    signal: AbortSignal,
  ): Promise<"here" | "missing" | "unknown"> {
    const { log, notice } = this.#options;
    const tell = (words: DriverNotice): void => {
      notice(allocationId, task, words);
    };
    try {
      await driver.prepare?.({ key: { allocationId, task }, config }, tell, signal);
      return "here";
    } catch (thrown) {
      if (signal.aborted) return "unknown";
      const error = errorText(thrown);
      log.info({ allocationId, task, error }, "cannot bring the image before the start");
      if (isUnreachable(thrown) || isOwnTrouble(thrown)) return "unknown";
      const isHopeless = thrown instanceof AppError && thrown.fields["recoverable"] === false;
      this.#options.failed(allocationId, { task, error, isRecoverable: !isHopeless });
      return "missing";
    }
  }
}
