import { noUpdates } from "../../../model/build.ts";
import { isClientTerminal, isServerTerminal, isTerminal } from "../../../model/allocation.ts";
import type { Allocation } from "../../../model/allocation.ts";
import type { NodeId } from "../../../model/ids.ts";
import type { Job, TaskGroup } from "../../../model/job.ts";
import type { Node } from "../../../model/node.ts";
import { isOlder, isSameVersion } from "./classify.ts";
import { allocationName } from "./names.ts";
import { deploymentStateOf, lostStop, stopOf } from "./reconcile-group.ts";
import { needsNewAllocation } from "./tasks-updated.ts";
import { beingUpdated, nodeTainted, notNeeded } from "./types.ts";
import type {
  DeploymentContext,
  GroupDecision,
  JobState,
  Placement,
  Replacement,
  Stop,
} from "./types.ts";

/** One allocation of the group on each node that fits; sysbatch work that ended well is not repeated. */
export function reconcileSystemGroup(
  state: JobState,
  context: DeploymentContext,
  group: TaskGroup,
  feasibleNodes: readonly Node[],
): GroupDecision {
  const job = state.job;
  if (!job) return emptyDecision(group.Name);
  // Count 0 is how a system job is switched off: no node is wanted then.
  const feasible = group.Count === 0 ? [] : feasibleNodes;
  const sorted = sortOut({ state, job, group, feasible });
  const mayAct = !context.isPaused && !context.isFailed;
  const dstate = context.deployment?.TaskGroups[group.Name];
  const strategy = group.Update;
  const rolls = job.Type === "system" && strategy !== null && strategy.MaxParallel > 0;
  const budget = rolls ? systemBudget(strategy.MaxParallel, sorted.kept, context) : Infinity;
  const replace = mayAct ? sorted.outdated.slice(0, Math.min(budget, sorted.outdated.length)) : [];
  const place = mayAct ? sorted.missing : [];
  const isRollout =
    sorted.outdated.length + sorted.inPlace.length > 0 ||
    !state.allocations.some((a) => a.TaskGroup === group.Name && isSameVersion(a, job));
  const ignored = sorted.kept.length - sorted.inPlace.length - replace.length;
  // The reference counts what the running deployment placed on every look at it, and people compare the numbers.
  const placedBefore = context.isFailed || context.isPaused ? 0 : (dstate?.PlacedAllocs ?? 0);
  return {
    group: group.Name,
    place,
    replace: replace.map((a) => systemReplacement(job, a)),
    stop: sorted.stop,
    inPlace: sorted.inPlace,
    followUps: [],
    updates: {
      ...noUpdates,
      Ignore: ignored,
      Place: place.length + replace.length + placedBefore,
      Migrate: sorted.migrating,
      Stop: sorted.notNeeded,
      InPlaceUpdate: sorted.inPlace.length,
      DestructiveUpdate: replace.length,
    },
    startDeployment:
      rolls && isRollout && !dstate && mayAct
        ? deploymentStateOf(strategy, { Count: feasible.length }, 0)
        : undefined,
  };
}

interface Sorted {
  readonly kept: readonly Allocation[];
  readonly outdated: readonly Allocation[];
  readonly inPlace: readonly Allocation[];
  readonly stop: readonly Stop[];
  readonly migrating: number;
  readonly notNeeded: number;
  readonly missing: readonly Placement[];
}

function sortOut(of: {
  readonly state: JobState;
  readonly job: Job;
  readonly group: TaskGroup;
  readonly feasible: readonly Node[];
}): Sorted {
  const { state, job, group, feasible } = of;
  const wanted = new Set<NodeId>(feasible.map((node) => node.ID));
  const kept: Allocation[] = [];
  const stop: Stop[] = [];
  const latest = new Map<NodeId, Allocation>();
  let migrating = 0;
  for (const a of state.allocations) {
    if (a.TaskGroup !== group.Name) continue;
    const before = latest.get(a.NodeID);
    if (!before || before.CreateIndex <= a.CreateIndex) latest.set(a.NodeID, a);
    const node = state.node(a.NodeID);
    const isGone = node === undefined || node.Status === "down";
    if (isGone && !isClientTerminal(a)) stop.push(lostStop(a));
    else if (occupies(a, job)) {
      if (wanted.has(a.NodeID) || isTerminal(a)) kept.push(a);
      else if (a.DesiredTransition.Migrate === true) {
        migrating += 1;
        stop.push(stopOf(a, nodeTainted));
      } else if (node && isOpen(node)) {
        stop.push(stopOf(a, notNeeded));
      } else kept.push(a);
    }
  }
  const changed = kept.filter(
    (a) => wanted.has(a.NodeID) && !isTerminal(a) && !isSameVersion(a, job),
  );
  const outdated = changed.filter((a) => {
    const own = state.jobOfAllocation(a);
    return own === undefined || needsNewAllocation(own, job, group.Name);
  });
  const taken = new Set(kept.map((a) => a.NodeID));
  const missing = feasible
    .filter((node) => !taken.has(node.ID))
    .map((node) => systemPlacement({ job, group, node: node.ID, previous: latest.get(node.ID) }));
  return {
    kept,
    outdated,
    inPlace: changed.filter((a) => !outdated.includes(a)),
    stop,
    migrating,
    notNeeded: stop.length - migrating,
    missing,
  };
}

/** A node that takes work; one that is merely closed for new work keeps what it has. */
const isOpen = (node: Node): boolean =>
  node.Status === "ready" && node.SchedulingEligibility === "eligible";

/** Does this allocation fill its node's place? */
function occupies(allocation: Allocation, job: Job): boolean {
  if (isServerTerminal(allocation)) return false;
  if (job.Type === "sysbatch" && allocation.ClientStatus === "complete")
    return !isOlder(allocation, job);
  if (job.Type === "sysbatch" && allocation.ClientStatus === "failed")
    return !isOlder(allocation, job);
  return !isClientTerminal(allocation);
}

function systemBudget(
  maxParallel: number,
  kept: readonly Allocation[],
  context: DeploymentContext,
): number {
  const id = context.deployment?.ID;
  const mine = kept.filter((a) => id !== undefined && a.DeploymentID === id);
  if (mine.some((a) => a.DeploymentStatus?.Healthy === false)) return 0;
  const unproven = mine.filter((a) => a.DeploymentStatus?.Healthy !== true).length;
  return Math.max(0, maxParallel - unproven);
}

const systemPlacement = (of: {
  readonly job: Job;
  readonly group: TaskGroup;
  readonly node: NodeId;
  readonly previous: Allocation | undefined;
}): Placement => ({
  group: of.group.Name,
  job: of.job,
  name: allocationName(of.job.ID, of.group.Name, 0),
  previous: of.previous,
  isCanary: false,
  isReschedule: false,
  rescheduleDelay: 0,
  onNode: of.node,
});

const systemReplacement = (job: Job, allocation: Allocation): Replacement => ({
  stop: stopOf(allocation, beingUpdated),
  place: {
    group: allocation.TaskGroup,
    job,
    name: allocation.Name,
    previous: allocation,
    isCanary: false,
    isReschedule: false,
    rescheduleDelay: 0,
    onNode: allocation.NodeID,
  },
});

const emptyDecision = (group: string): GroupDecision => ({
  group,
  place: [],
  replace: [],
  stop: [],
  inPlace: [],
  followUps: [],
  updates: noUpdates,
  startDeployment: undefined,
});
