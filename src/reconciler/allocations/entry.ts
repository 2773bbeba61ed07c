import type { AllocationId } from "../../model/ids.ts";
import { isOver } from "../core/node/decide-allocation.ts";
import type { AllocationRecord, BusyTask, Outcome, TaskNetwork } from "../core/node/types.ts";
import type { DesiredAllocation } from "../ports.ts";

const mostPauseMs = 30_000;

/** Everything of one allocation that lives in memory only, beside its durable record. */
export class AllocationEntry {
  readonly id: AllocationId;
  desired: DesiredAllocation | undefined;
  record: AllocationRecord | undefined;
  /** What node.db holds of it, to write only changes. */
  saved = "";
  /** Since when the servers no longer list it. */
  missingSinceMs: number | undefined;
  /** The addresses that drivers gave the tasks, as they were seen last. */
  readonly networks = new Map<string, TaskNetwork>();
  readonly outcomes: Outcome[] = [];
  readonly busy = new Map<string, BusyTask>();
  readonly #aborts = new Map<string, AbortController>();
  readonly #failures = new Map<string, number>();

  constructor(id: AllocationId) {
    this.id = id;
  }

  begin(task: string, doing: BusyTask["doing"]): AbortController {
    const abort = new AbortController();
    this.#aborts.set(task, abort);
    this.busy.set(task, { doing, untilNs: undefined });
    return abort;
  }

  end(task: string): void {
    this.#aborts.delete(task);
    this.#failures.delete(task);
    this.busy.delete(task);
  }

  /** Keeps the task from the next try for a while that grows; answers how long. */
  pause(task: string, doing: BusyTask["doing"], nowNs: number): number {
    const failures = (this.#failures.get(task) ?? 0) + 1;
    this.#failures.set(task, failures);
    this.#aborts.delete(task);
    const pauseMs = Math.min(mostPauseMs, 250 * 2 ** Math.min(failures - 1, 10));
    this.busy.set(task, { doing, untilNs: nowNs + pauseMs * 1e6 });
    return pauseMs;
  }

  cancel(task: string): void {
    this.#aborts.get(task)?.abort(new Error("the start is not wanted any more"));
  }

  isOver(): boolean {
    return this.record !== undefined && isOver(this.record);
  }
}
