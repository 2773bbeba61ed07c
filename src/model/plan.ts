import type { Allocation, ClientStatus, DesiredStatus } from "./allocation.ts";
import type { Deployment, DeploymentStatus } from "./deployment.ts";
import type { Evaluation } from "./evaluation.ts";
import type { AllocationId, DeploymentId, EvaluationId } from "./ids.ts";
import type { AllocatedResources } from "./allocation.ts";

/** The output of one evaluation: everything that should change, as data. Applied by `plan.apply` or not at all. */
export interface Plan {
  readonly evaluationId: EvaluationId;
  readonly place: readonly Allocation[];
  readonly stop: readonly PlannedStop[];
  readonly updateInPlace: readonly InPlaceUpdate[];
  /** Follow-up evaluations to write on failed allocations that wait to be rescheduled. */
  readonly followUps: readonly {
    readonly allocationId: AllocationId;
    readonly evaluationId: EvaluationId;
  }[];
  readonly createDeployment: Deployment | null;
  readonly deploymentUpdates: readonly DeploymentStatusUpdate[];
  readonly createEvaluations: readonly Evaluation[];
  /** Stopped allocations that their nodes have kept, and that are wanted again. */
  readonly revive?: readonly Revival[];
}
/** The successor never started; what it was to replace takes its place again. */
export interface Revival {
  readonly allocationId: AllocationId;
  readonly successorId: AllocationId;
}
export interface PlannedStop {
  readonly allocationId: AllocationId;
  readonly desiredStatus: DesiredStatus;
  readonly desiredDescription: string;
  /** `lost` for allocations of a node that is down; otherwise the client says what became of it. */
  readonly clientStatus: ClientStatus | null;
  readonly followupEvalId: EvaluationId | null;
}
/** The running task stays; the allocation now belongs to the new job version (and perhaps deployment). */
export interface InPlaceUpdate {
  readonly allocationId: AllocationId;
  readonly jobVersion: number;
  readonly deploymentId: DeploymentId | null;
  readonly allocatedResources: AllocatedResources;
}
export interface DeploymentStatusUpdate {
  readonly deploymentId: DeploymentId;
  readonly status: DeploymentStatus;
  readonly statusDescription: string;
}

export interface DesiredUpdates {
  readonly Ignore: number;
  readonly Place: number;
  readonly Migrate: number;
  readonly Stop: number;
  readonly InPlaceUpdate: number;
  readonly DestructiveUpdate: number;
  readonly Canary: number;
  readonly Preemptions: number;
  readonly Disconnect: number;
  readonly Reconnect: number;
  readonly RescheduleNow: number;
  readonly RescheduleLater: number;
}
export interface PlanAnnotations {
  readonly DesiredTGUpdates: { readonly [group: string]: DesiredUpdates };
}
