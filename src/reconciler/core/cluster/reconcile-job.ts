import { finishSteps } from "../../../lib/finish-steps.ts";
import { groupBy } from "../../../lib/group-by.ts";
import { noUpdates } from "../../../model/build.ts";
import { isClientTerminal, isTerminal } from "../../../model/allocation.ts";
import type { Allocation } from "../../../model/allocation.ts";
import { isDeploymentActive } from "../../../model/deployment.ts";
import type { Deployment } from "../../../model/deployment.ts";
import type { Job } from "../../../model/job.ts";
import type { DeploymentStatusUpdate } from "../../../model/plan.ts";
import { lostStop, reconcileGroup, stopOf } from "./reconcile-group.ts";
import { reconcileSystemGroup } from "./reconcile-system.ts";
import { keptPredecessor } from "./revive.ts";
import { notNeeded } from "./types.ts";
import type { DeploymentContext, GroupDecision, JobDecision, JobState } from "./types.ts";
import type { Node } from "../../../model/node.ts";

/**
 * Compares what a job wants with what there is. Says what should change, not where: placing is the scheduler's part.
 * Nodes are only needed for system jobs, which want one allocation on each that fits.
 */
export const reconcileJob = (state: JobState, feasible: FeasibleNodes): JobDecision =>
  finishSteps(reconcileJobSteps(state, feasible));

/** The same with a stop after each group: a job may have thousands. */
export function* reconcileJobSteps(
  state: JobState,
  feasible: FeasibleNodes,
): Generator<void, JobDecision> {
  const job = state.job;
  const stateOf = statesByGroup(state);
  const cancelled = cancellation(state.deployment, job);
  if (!job || job.Stop) {
    return {
      // Of a job that is gone only what still runs is left to speak of.
      groups: groupNames(state)
        .map((group) => stopGroup(stateOf(group), group))
        .filter((decision) => job !== undefined || decision.stop.length > 0),
      deployment: undefined,
      deploymentUpdates: cancelled,
    };
  }
  const context = contextOf(state.deployment, job);
  const isSystem = job.Type === "system" || job.Type === "sysbatch";
  const groups: GroupDecision[] = [];
  for (const group of job.TaskGroups) {
    const own = stateOf(group.Name);
    groups.push(
      isSystem
        ? reconcileSystemGroup(own, context, group, feasible(group.Name))
        : reconcileGroup(own, context, job, group),
    );
    yield;
  }
  const wanted = new Set(job.TaskGroups.map((group) => group.Name));
  const removed = groupNames(state)
    .filter((name) => !wanted.has(name))
    .map((name) => stopGroup(stateOf(name), name))
    .filter((decision) => decision.stop.length > 0);
  const active =
    context.deployment && isDeploymentActive(context.deployment) ? context.deployment : undefined;
  return {
    groups: [...groups, ...removed],
    deployment: active,
    deploymentUpdates: cancelled,
  };
}

/** What a group sees: looking through the allocations of all groups for each would take their number squared. */
function statesByGroup(state: JobState): (group: string) => JobState {
  const allocations = groupBy(state.allocations, (allocation) => allocation.TaskGroup);
  return (group) => ({ ...state, allocations: allocations.get(group) ?? [] });
}

/** The nodes on which a group of a system job could run at all, room or not. */
export type FeasibleNodes = (group: string) => readonly Node[];

/** A deployment ends when its job stops or moves on to another version. */
function cancellation(
  deployment: Deployment | undefined,
  job: Job | undefined,
): DeploymentStatusUpdate[] {
  if (!deployment || !isDeploymentActive(deployment)) return [];
  const cancel = (statusDescription: string): DeploymentStatusUpdate[] => [
    { deploymentId: deployment.ID, status: "cancelled", statusDescription },
  ];
  if (!job || job.Stop) return cancel("Cancelled because job is stopped");
  return isOfVersion(deployment, job) ? [] : cancel("Cancelled due to newer version of job");
}

const isOfVersion = (deployment: Deployment, job: Job): boolean =>
  deployment.JobVersion === job.Version && deployment.JobCreateIndex === job.CreateIndex;

function contextOf(deployment: Deployment | undefined, job: Job): DeploymentContext {
  const none = { deployment: undefined, isPaused: false, isFailed: false };
  if (!deployment || !isOfVersion(deployment, job)) return none;
  if (deployment.Status === "failed") return { deployment, isPaused: false, isFailed: true };
  if (!isDeploymentActive(deployment)) return none;
  const isPaused = deployment.Status === "paused" || deployment.Status === "pending";
  return { deployment, isPaused, isFailed: false };
}

const groupNames = (state: JobState): string[] =>
  [
    ...new Set([
      ...(state.job?.TaskGroups.map((group) => group.Name) ?? []),
      ...state.allocations.map((a) => a.TaskGroup),
    ]),
  ].toSorted();

function stopGroup(state: JobState, group: string): GroupDecision {
  const allocations = state.allocations.filter((a) => a.TaskGroup === group);
  const isGone = (a: Allocation): boolean => {
    const node = state.node(a.NodeID);
    return node === undefined || node.Status === "down";
  };
  const living = allocations.filter((a) => !isTerminal(a));
  const stop = living.map((a) => (isGone(a) ? lostStop(a) : stopOf(a, notNeeded)));
  const unconfirmed = allocations.filter(
    (a) => a.DesiredStatus !== "run" && !isClientTerminal(a) && isGone(a),
  );
  const known = new Map<string, Allocation>(allocations.map((a) => [a.ID, a]));
  // Their node keeps the one before for them as long as they are wanted.
  const keeping = allocations.filter(
    (a) => a.DesiredStatus === "run" && keptPredecessor(a, (id) => known.get(id)) !== undefined,
  );
  return {
    group,
    place: [],
    replace: [],
    stop: [...stop, ...keeping.map((a) => stopOf(a, notNeeded)), ...unconfirmed.map(lostStop)],
    inPlace: [],
    followUps: [],
    updates: { ...noUpdates, Stop: stop.length },
    startDeployment: undefined,
  };
}
