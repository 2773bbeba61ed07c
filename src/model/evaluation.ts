import type { AllocationMetric } from "./allocation.ts";
import type { DeploymentId, EvaluationId, JobId, NodeId } from "./ids.ts";
import type { JobType, Nanoseconds } from "./job.ts";
import type { PlanAnnotations } from "./plan.ts";

export type EvaluationStatus = "blocked" | "pending" | "complete" | "failed" | "canceled";
export type EvaluationTrigger =
  | "job-register"
  | "job-deregister"
  | "periodic-job"
  | "node-drain"
  | "node-update"
  | "alloc-stop"
  | "scheduled"
  | "rolling-update"
  | "deployment-watcher"
  | "failed-follow-up"
  | "max-plan-attempts"
  | "alloc-failure"
  | "queued-allocs"
  | "preemption"
  | "job-scaling"
  | "max-disconnect-timeout"
  | "reconnect"
  | "alloc-reschedule"
  | "node-attribute-update";

/** One request to look at a job again. The API leaves zero fields out. */
export interface Evaluation {
  readonly ID: EvaluationId;
  readonly Namespace: string;
  readonly Priority: number;
  readonly Type: JobType;
  readonly TriggeredBy: EvaluationTrigger;
  readonly JobID: JobId;
  readonly JobModifyIndex: number;
  readonly NodeID: NodeId | null;
  readonly NodeModifyIndex: number;
  readonly DeploymentID: DeploymentId | null;
  readonly Status: EvaluationStatus;
  readonly StatusDescription: string;
  readonly Wait: Nanoseconds;
  /** RFC 3339; null is the zero time. */
  readonly WaitUntil: string | null;
  readonly NextEval: EvaluationId | null;
  readonly PreviousEval: EvaluationId | null;
  readonly BlockedEval: EvaluationId | null;
  readonly FailedTGAllocs: { readonly [group: string]: AllocationMetric } | null;
  readonly PlanAnnotations: PlanAnnotations | null;
  readonly ClassEligibility: { readonly [nodeClass: string]: boolean } | null;
  readonly EscapedComputedClass: boolean;
  readonly QueuedAllocations: { readonly [group: string]: number } | null;
  readonly SnapshotIndex: number;
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
  readonly CreateTime: Nanoseconds;
  readonly ModifyTime: Nanoseconds;
}

export const isEvaluationTerminal = (evaluation: Evaluation): boolean =>
  evaluation.Status === "complete" ||
  evaluation.Status === "failed" ||
  evaluation.Status === "canceled";
