import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/logger.ts";
import type { Outcome } from "../core/node/types.ts";
import type { DesiredAllocation } from "../ports.ts";
import type { AllocationEntry } from "./entry.ts";
import { Prefetches } from "./prefetch.ts";
import type { TaskConfig } from "./prefetch.ts";

interface SuccessionOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly entries: ReadonlyMap<string, AllocationEntry>;
  readonly configsOf: (desired: DesiredAllocation) => readonly TaskConfig[];
  readonly tell: (id: string, outcome: Outcome) => void;
  readonly wake: (id: string) => void;
}

/** One allocation after the other in the same place: the next one starts when the last one is gone, and well prepared. */
export class Succession {
  readonly #options: SuccessionOptions;
  readonly #prefetches: Prefetches;

  constructor(options: SuccessionOptions) {
    this.#options = options;
    const { clock, log, entries, tell, wake } = options;
    this.#prefetches = new Prefetches({
      clock,
      log,
      notice: (id, task, notice) => {
        tell(id, { kind: "notice", task, notice });
      },
      ready: (id) => {
        wake(entries.get(id)?.desired?.allocation.PreviousAllocation ?? id);
      },
    });
  }

  stop(): Promise<void> {
    return this.#prefetches.stop();
  }

  /** False while the predecessor still has its place; meanwhile the allocation brings what it will start from. */
  isPlaceFree(entry: AllocationEntry, desired: DesiredAllocation): boolean {
    const { PreviousAllocation: previous, DesiredStatus } = desired.allocation;
    const before = previous === null ? undefined : this.#options.entries.get(previous);
    const isFree = !before?.record || before.isOver();
    const willStart = DesiredStatus === "run" && !entry.isOver();
    if (isFree || !willStart) this.#prefetches.forget(entry.id, willStart);
    else this.#prefetches.isReady(entry.id, () => this.#options.configsOf(desired));
    return isFree;
  }

  /** An allocation is kept until what its successor on this node starts from is here. */
  kept(entry: AllocationEntry, desired: DesiredAllocation): DesiredAllocation {
    const { allocation } = desired;
    const isFirstTold = entry.record !== undefined && entry.record.stopDueNs === undefined;
    const isInHurry =
      entry.missingSinceMs !== undefined || allocation.DesiredTransition.NoShutdownDelay === true;
    if (allocation.DesiredStatus !== "stop" || !isFirstTold || isInHurry) return desired;
    for (const successor of this.#options.entries.values()) {
      const next = successor.desired;
      if (next?.allocation.PreviousAllocation !== entry.id || successor.isOver()) continue;
      if (next.allocation.DesiredStatus !== "run") continue;
      if (!this.#prefetches.isReady(successor.id, () => this.#options.configsOf(next)))
        return { ...desired, allocation: { ...allocation, DesiredStatus: "run" } };
    }
    return desired;
  }
}
