/**
 * Which allocations of a draining node may go now. S7: of each group at least count - max_parallel keep serving until
 * the deadline; batch work may finish until then; system jobs go last.
 */
import { parseInstant } from "../../../lib/instant.ts";
import { isClientTerminal, isTerminal } from "../../../model/allocation.ts";
import type { Allocation } from "../../../model/allocation.ts";
import type { AllocationId } from "../../../model/ids.ts";
import type { Job, Nanoseconds } from "../../../model/job.ts";
import type { DrainStrategy } from "../../../model/node.ts";
import { byName } from "./group-view.ts";

export interface DrainInput {
  readonly strategy: DrainStrategy;
  /** Everything that is on the node. */
  readonly allocations: readonly Allocation[];
  readonly jobOf: (allocation: Allocation) => Job | undefined;
  /** All allocations of the job, wherever they are. */
  readonly siblings: (allocation: Allocation) => readonly Allocation[];
  readonly nowNs: Nanoseconds;
}
export interface DrainDecision {
  readonly migrate: readonly AllocationId[];
  /** Nothing is left that the drain has to move. */
  readonly isComplete: boolean;
  readonly isForced: boolean;
  readonly wakeAtNs: Nanoseconds | undefined;
}

export function decideDrain(input: DrainInput): DrainDecision {
  const { strategy, nowNs } = input;
  const deadlineNs = forceAtNs(strategy);
  const isForced = deadlineNs !== undefined && deadlineNs <= nowNs;
  const present = input.allocations.filter((a) => !isClientTerminal(a));
  const isSystem = (a: Allocation): boolean => {
    const type = input.jobOf(a)?.Type;
    return type === "system" || type === "sysbatch";
  };
  const system = strategy.IgnoreSystemJobs ? [] : present.filter(isSystem);
  const others = present.filter((a) => !isSystem(a));
  const mayMove = isForced ? [...others, ...system] : movable(input, others);
  // System jobs serve the others, so they leave when nobody is left to serve.
  const last = others.length === 0 && !isForced ? system : [];
  return {
    migrate: [...mayMove, ...last]
      .filter((a) => !isTerminal(a) && a.DesiredTransition.Migrate !== true)
      .toSorted(byName)
      .map((a) => a.ID),
    isComplete: others.length + system.length === 0,
    isForced,
    wakeAtNs: isForced ? undefined : deadlineNs,
  };
}

/** A negative deadline forces at once, zero never does. */
function forceAtNs(strategy: DrainStrategy): Nanoseconds | undefined {
  if (strategy.Deadline < 0) return 0;
  return strategy.ForceDeadline === null ? undefined : (parseInstant(strategy.ForceDeadline) ?? 0);
}

/** Those whose group can spare them now. */
function movable(input: DrainInput, allocations: readonly Allocation[]): Allocation[] {
  const groups = new Map<string, Allocation[]>();
  for (const allocation of allocations) {
    const key = `${allocation.Namespace}\n${allocation.JobID}\n${allocation.TaskGroup}`;
    groups.set(key, [...(groups.get(key) ?? []), allocation]);
  }
  return [...groups.values()].flatMap((group) => sparable(input, group));
}

function sparable(input: DrainInput, here: readonly Allocation[]): Allocation[] {
  const [first] = here;
  const job = first && input.jobOf(first);
  if (!first || !job || job.Type === "batch") return [];
  const group = job.TaskGroups.find((g) => g.Name === first.TaskGroup);
  if (!group || job.Stop) return [...here];
  const staying = (a: Allocation): boolean =>
    !isTerminal(a) && a.DesiredTransition.Migrate !== true;
  const candidates = here.filter(staying);
  const idle = candidates.filter((a) => !isServing(a));
  const serving = candidates.filter(isServing).toSorted(byName);
  const healthy = input
    .siblings(first)
    .filter((a) => a.TaskGroup === first.TaskGroup && staying(a) && isServing(a)).length;
  const spare = healthy - (group.Count - (group.Migrate?.MaxParallel ?? 1));
  return [...idle, ...serving.slice(0, Math.max(0, spare))];
}

const isServing = (allocation: Allocation): boolean =>
  allocation.ClientStatus === "running" &&
  (allocation.DeploymentID === null || allocation.DeploymentStatus?.Healthy === true);
