import type { TaskGroup } from "../../../model/job.ts";
import { servicesOf } from "./checks.ts";
import { wholeGroup } from "./types.ts";
import type { AllocationRecord, DecisionInput, Outcome } from "./types.ts";

/** The servers have this long to take the services out; then a stop goes on without them. */
const patienceNs = 5e9;

/**
 * Services leave the catalogue before anything behind them is stopped: nobody is sent to a port that closes. The
 * record holds from when on they are to leave, and whether the servers have said that they are gone.
 */
export function withWithdrawal(
  { allocation, outcomes, nowNs }: Pick<DecisionInput, "allocation" | "outcomes" | "nowNs">,
  group: TaskGroup,
  record: AllocationRecord,
): AllocationRecord {
  const isLeaving =
    allocation.DesiredStatus !== "run" ||
    record.isEnding ||
    Object.values(record.tasks).some((task) => task.phase === "stopping" && task.restartAsked);
  if (!isLeaving || servicesOf(group).length === 0) {
    const { withdrawal: _over, ...rest } = record;
    return rest;
  }
  const { sinceNs, isDone } = record.withdrawal ?? { sinceNs: nowNs, isDone: false };
  return { ...record, withdrawal: { sinceNs, isDone: isDone || outcomes.some(isTold) } };
}

const isTold = (outcome: Outcome): boolean =>
  outcome.task === wholeGroup && outcome.kind === "services-withdrawn";

/** Until when the stop waits for the servers; undefined when it need not. */
export function withdrawalAwaitedUntil(
  { withdrawal }: AllocationRecord,
  nowNs: number,
): number | undefined {
  if (!withdrawal || withdrawal.isDone) return undefined;
  const untilNs = withdrawal.sinceNs + patienceNs;
  return untilNs > nowNs ? untilNs : undefined;
}
