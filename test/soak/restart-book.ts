import type { AllocationReport } from "../../src/model/allocation.ts";
import type { Job, RestartPolicy } from "../../src/model/job.ts";
import type { ChurnEngine } from "./churn-engine.ts";

interface Told {
  restarts: number;
  /** When the node first heard of the task: its policy's first interval begins there. */
  since: number | undefined;
  readonly charged: number[];
}

/** What the node says of restarts, held against the policy and against what was really done to the tasks. */
export class RestartBook {
  readonly faults: string[] = [];
  readonly #told = new Map<string, Told>();
  readonly #excused = new Set<string>();

  /** From now on a running task of it may be ended by its node. */
  excuse(allocationId: string): void {
    this.#excused.add(allocationId);
  }

  mayEnd(allocationId: string): boolean {
    return this.#excused.has(allocationId);
  }

  hear({ id, taskStates }: AllocationReport, job: Job | undefined): void {
    for (const [name, state] of Object.entries(taskStates)) {
      const key = `${id}/${name}`;
      const known = this.#told.get(key) ?? { restarts: 0, since: undefined, charged: [] };
      this.#told.set(key, known);
      if (state.Failed) this.excuse(id);
      if (state.Restarts < known.restarts)
        this.faults.push(`restarts of ${key} fell from ${known.restarts} to ${state.Restarts}`);
      known.restarts = state.Restarts;
      const policy = job?.TaskGroups[0]?.RestartPolicy;
      for (const { Type, Time, Details } of state.Events) {
        if (Type === "Received") known.since ??= Time;
        if (Type !== "Restarting" || Details["restart_reason"] !== "Restart within policy")
          continue;
        if (known.charged.includes(Time)) continue;
        known.charged.push(Time);
        if (policy && !isWithin(policy, known.since ?? -Infinity, known.charged))
          this.faults.push(
            `more restarts of ${key} than its policy allows: ${known.charged.join()}`,
          );
      }
    }
  }

  /** Each restart has a cause, and one cause at most one restart. */
  overcharged(id: string, engine: ChurnEngine): readonly string[] {
    return [...this.#told].flatMap(([key, { restarts }]) => {
      if (!key.startsWith(`${id}/`)) return [];
      const { ends, refusals, asked } = engine.ledger(id, key.slice(id.length + 1));
      return restarts > ends + refusals + asked
        ? [`${restarts} restarts of ${key} for ${ends} ends, ${refusals} refusals, ${asked} wishes`]
        : [];
    });
  }
}

/** No more than the attempts in one interval; the next one begins with the first end after it. */
function isWithin(
  { Attempts, Interval }: RestartPolicy,
  since: number,
  times: readonly number[],
): boolean {
  let [start, count] = [since, 0];
  for (const time of times) {
    if (time > start + Interval) [start, count] = [time, 0];
    count += 1;
    if (count > Attempts) return false;
  }
  return true;
}
