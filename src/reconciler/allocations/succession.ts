import { parseInstant } from "../../lib/instant.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/logger.ts";
import type { AllocationId } from "../../model/ids.ts";
import { isPaused } from "../core/node/pause.ts";
import type { Outcome, TaskRecord } from "../core/node/types.ts";
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

/** The servers have this long to want a predecessor again whose successor has failed before it could start. */
const verdictAwaitedNs = 300e9;

/**
 * One allocation after the other in the same place: the next one starts when the last one is gone, and the last one
 * goes when the next one has what it starts from. A successor that ended before it could start was never in the place:
 * whoever follows it follows the one before.
 */
export class Succession {
  readonly #options: SuccessionOptions;
  readonly #prefetches: Prefetches;
  /** Those that the servers wanted again: no failed successor holds them any more. */
  readonly #revived = new Set<string>();
  #isHolding = true;

  constructor(options: SuccessionOptions) {
    this.#options = options;
    const { clock, log, entries, tell, wake } = options;
    this.#prefetches = new Prefetches({
      clock,
      log,
      notice: (id, task, notice) => {
        tell(id, { kind: "notice", task, notice });
      },
      failed: (id, failure) => {
        tell(id, { kind: "preparation-failed", ...failure });
      },
      ready: (id) => {
        const desired = entries.get(id)?.desired;
        wake((desired && this.#holderOf(desired)?.id) ?? id);
      },
    });
  }

  stop(): Promise<void> {
    return this.#prefetches.stop();
  }

  /** Everything here is to go: nobody is kept for a successor any more. */
  holdNobody(): void {
    this.#isHolding = false;
  }

  /** News from the servers of one allocation, before they replace what was known. */
  note(entry: AllocationEntry, next: DesiredAllocation): void {
    const { DesiredStatus, NextAllocation } = next.allocation;
    const wasStopping = entry.desired?.allocation.DesiredStatus === "stop";
    if (wasStopping && DesiredStatus === "run") this.#revived.add(entry.id);
    if (wasStopping || DesiredStatus !== "stop" || NextAllocation !== null) return;
    // Nobody comes after it: whoever was kept for it may go now.
    const holder = this.#holderOf(next);
    if (holder) this.#options.wake(holder.id);
  }

  forget(id: string): void {
    this.#revived.delete(id);
  }

  previousOfUnstarted(id: AllocationId): AllocationId | null {
    const entry = this.#options.entries.get(id);
    return entry && isUnstarted(entry)
      ? (entry.desired?.allocation.PreviousAllocation ?? null)
      : null;
  }

  /** Those that may wait for the place of one that has ended. */
  waiting(): readonly string[] {
    return [...this.#options.entries.values()]
      .filter((one) => one.desired?.allocation.PreviousAllocation && !one.isOver())
      .filter(isUnstarted)
      .map((one) => one.id);
  }

  /** False while the predecessor still has its place; meanwhile the allocation brings what it will start from. */
  isPlaceFree(entry: AllocationEntry, desired: DesiredAllocation): boolean {
    const isFree = this.#holderOf(desired) === undefined;
    const willStart = desired.allocation.DesiredStatus === "run" && !entry.isOver();
    if (isFree || !willStart) this.#prefetches.forget(entry.id, willStart);
    else this.#isPrepared(entry, desired);
    return isFree;
  }

  /** An allocation is kept until what its successor on this node starts from is here. */
  kept(entry: AllocationEntry, desired: DesiredAllocation): DesiredAllocation {
    const { allocation } = desired;
    const isToldBefore = entry.record?.stopDueNs !== undefined;
    const isInHurry =
      entry.missingSinceMs !== undefined || allocation.DesiredTransition.NoShutdownDelay === true;
    if (allocation.DesiredStatus !== "stop" || isToldBefore || isInHurry) return desired;
    // What never started serves nobody: to keep it would only start it.
    if (!this.#isHolding || isUnstarted(entry)) return desired;
    for (const successor of this.#options.entries.values())
      if (successor.desired && this.#isHeldBy(entry, successor, successor.desired))
        return { ...desired, allocation: { ...allocation, DesiredStatus: "run" } };
    return desired;
  }

  #isHeldBy(entry: AllocationEntry, successor: AllocationEntry, next: DesiredAllocation): boolean {
    if (next.allocation.DesiredStatus !== "run" || this.#holderOf(next) !== entry) return false;
    if (successor.isOver()) {
      const isJudged = this.#revived.has(entry.id) || next.allocation.NextAllocation !== null;
      return !isJudged && this.#isVerdictAwaited(successor);
    }
    return !this.#isPrepared(successor, next);
  }

  #isPrepared(entry: AllocationEntry, desired: DesiredAllocation): boolean {
    const isDue = isPreparationDue(entry, this.#options.clock.nowNs());
    return this.#prefetches.isReady(entry.id, isDue, () => this.#options.configsOf(desired));
  }

  /** Whoever has the place that this allocation is to have; undefined when it is free. */
  #holderOf(desired: DesiredAllocation): AllocationEntry | undefined {
    const { entries } = this.#options;
    let before = entries.get(desired.allocation.PreviousAllocation ?? "");
    while (before && wasNeverInPlace(before))
      before = entries.get(before.desired?.allocation.PreviousAllocation ?? "");
    return before?.isOver() === false ? before : undefined;
  }

  #isVerdictAwaited(successor: AllocationEntry): boolean {
    const ends = tasksOf(successor).map(({ state }) => parseInstant(state.FinishedAt ?? "") ?? 0);
    const untilNs = Math.max(0, ...ends) + verdictAwaitedNs;
    return hasFailedUnstarted(successor) && this.#options.clock.nowNs() < untilNs;
  }
}

const tasksOf = (entry: AllocationEntry): readonly TaskRecord[] =>
  Object.values(entry.record?.tasks ?? {});

const isUnstarted = (entry: AllocationEntry): boolean =>
  tasksOf(entry).every(({ state }) => state.StartedAt === null);

/** It ended before it could start, or was called off while nothing of it was begun. */
function wasNeverInPlace(entry: AllocationEntry): boolean {
  if (!entry.record || !isUnstarted(entry)) return false;
  if (entry.isOver()) return true;
  const isCalledOff = entry.desired?.allocation.DesiredStatus === "stop";
  return isCalledOff && entry.record.network === undefined && tasksOf(entry).every(isNotBegun);
}

const isNotBegun = ({ phase, handle }: TaskRecord): boolean =>
  handle === undefined && (phase === "pending" || phase === "waiting" || phase === "dead");

const hasFailedUnstarted = (entry: AllocationEntry): boolean =>
  isUnstarted(entry) && tasksOf(entry).some(({ state }) => state.Failed);

/** Between two attempts nothing is brought; and what has just failed has to be judged first. */
function isPreparationDue(entry: AllocationEntry, nowNs: number): boolean {
  if (entry.outcomes.some(({ kind }) => kind === "preparation-failed")) return false;
  return tasksOf(entry).every(
    (task) =>
      !isPaused(task) &&
      (task.phase === "pending" || (task.phase === "waiting" && (task.dueNs ?? 0) <= nowNs)),
  );
}
