import type { Allocation, ClientStatus } from "../../../model/allocation.ts";
import type { Deployment, DeploymentState } from "../../../model/deployment.ts";
import type { Evaluation } from "../../../model/evaluation.ts";
import type { NodeId } from "../../../model/ids.ts";
import type { Job, Nanoseconds } from "../../../model/job.ts";
import type { Node } from "../../../model/node.ts";
import type { DeploymentStatusUpdate, DesiredUpdates } from "../../../model/plan.ts";

/** The world as one evaluation of one job sees it. */
export interface JobState {
  /** undefined: purged. */
  readonly job: Job | undefined;
  readonly evaluation: Pick<Evaluation, "ID" | "Type" | "TriggeredBy">;
  /** All allocations of the job, terminal ones too. */
  readonly allocations: readonly Allocation[];
  readonly jobOfAllocation: (allocation: Allocation) => Job | undefined;
  readonly node: (id: NodeId) => Node | undefined;
  /** May an existing allocation stay on its node under the newest version of the job? */
  readonly canStay: (allocation: Allocation) => boolean;
  /** The newest deployment of the job, active or not. */
  readonly deployment: Deployment | undefined;
  readonly nowNs: Nanoseconds;
}

/** One wanted allocation that has no node yet. */
export interface Placement {
  readonly group: string;
  /** Usually the newest version; an older one where only replacements of old allocations are allowed. */
  readonly job: Job;
  readonly name: string;
  /** The allocation that it replaces, if any. */
  readonly previous: Allocation | undefined;
  readonly isCanary: boolean;
  /** It follows a failure: the tracker goes on, and the node it failed on is avoided. */
  readonly isReschedule: boolean;
  /** How long the failed one had to wait. */
  readonly rescheduleDelay: Nanoseconds;
  /** System jobs place on exactly one node. */
  readonly onNode: NodeId | undefined;
}
export interface Stop {
  readonly allocation: Allocation;
  readonly description: string;
  readonly clientStatus: ClientStatus | null;
}
/** Stop the old one, then start its successor: both or neither. */
export interface Replacement {
  readonly stop: Stop;
  readonly place: Placement;
}
export interface FollowUp {
  readonly allocation: Allocation;
  readonly waitUntilNs: Nanoseconds;
}
export interface GroupDecision {
  readonly group: string;
  readonly place: readonly Placement[];
  readonly replace: readonly Replacement[];
  readonly stop: readonly Stop[];
  readonly inPlace: readonly Allocation[];
  readonly followUps: readonly FollowUp[];
  readonly updates: DesiredUpdates;
  /** Set when a deployment must start (or this group must join the one that starts). */
  readonly startDeployment: DeploymentState | undefined;
}
export interface JobDecision {
  readonly groups: readonly GroupDecision[];
  /** The active deployment of the present version that placements join, or undefined. */
  readonly deployment: Deployment | undefined;
  readonly deploymentUpdates: readonly DeploymentStatusUpdate[];
}

/** How the newest deployment bears on the present version. */
export interface DeploymentContext {
  /** Active or failed deployment of exactly this job version. */
  readonly deployment: Deployment | undefined;
  readonly isPaused: boolean;
  readonly isFailed: boolean;
}

export const notNeeded = "alloc not needed due to job update";
export const beingUpdated = "alloc is being updated due to job update";
export const beingMigrated = "alloc is being migrated";
export const nodeTainted = "alloc not needed as node is tainted";
export const nodeLost = "alloc is lost since its node is down";
