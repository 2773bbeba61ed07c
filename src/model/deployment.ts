import type { AllocationId, DeploymentId, JobId } from "./ids.ts";
import type { Nanoseconds } from "./job.ts";

export type DeploymentStatus =
  | "initializing"
  | "running"
  | "paused"
  | "failed"
  | "successful"
  | "cancelled"
  | "pending"
  | "blocked"
  | "unblocking";

/** The rollout of one job version. Its progress is here, never in memory, so any leader can continue it. */
export interface Deployment {
  readonly ID: DeploymentId;
  readonly Namespace: string;
  readonly JobID: JobId;
  readonly JobVersion: number;
  readonly JobModifyIndex: number;
  readonly JobSpecModifyIndex: number;
  readonly JobCreateIndex: number;
  readonly IsMultiregion: boolean;
  readonly TaskGroups: { readonly [group: string]: DeploymentState };
  readonly Status: DeploymentStatus;
  readonly StatusDescription: string;
  readonly EvalPriority: number;
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
  readonly CreateTime: Nanoseconds;
  readonly ModifyTime: Nanoseconds;
}
export interface DeploymentState {
  readonly AutoRevert: boolean;
  readonly AutoPromote: boolean;
  readonly ProgressDeadline: Nanoseconds;
  /** RFC 3339; null is the zero time. */
  readonly RequireProgressBy: string | null;
  readonly Promoted: boolean;
  readonly PlacedCanaries: readonly AllocationId[] | null;
  readonly DesiredCanaries: number;
  readonly DesiredTotal: number;
  readonly PlacedAllocs: number;
  readonly HealthyAllocs: number;
  readonly UnhealthyAllocs: number;
}

export const isDeploymentActive = (deployment: Deployment): boolean =>
  deployment.Status === "running" ||
  deployment.Status === "paused" ||
  deployment.Status === "blocked" ||
  deployment.Status === "unblocking" ||
  deployment.Status === "initializing" ||
  deployment.Status === "pending";
