import type { AllocationMetric, AllocationNetworkStatus } from "./allocation.ts";
import type { Evaluation, EvaluationTrigger } from "./evaluation.ts";
import type { EvaluationId } from "./ids.ts";
import type { Job } from "./job.ts";
import type { DesiredUpdates, Plan } from "./plan.ts";

/** A pending evaluation of `job`; indexes are filled when it is applied. */
export function newEvaluation(options: {
  readonly id: EvaluationId;
  readonly job: Pick<Job, "Namespace" | "ID" | "Priority" | "Type" | "JobModifyIndex">;
  readonly trigger: EvaluationTrigger;
  readonly nowNs: number;
  readonly overrides?: Partial<Evaluation>;
}): Evaluation {
  const { id, job, trigger, nowNs } = options;
  return {
    ID: id,
    Namespace: job.Namespace,
    Priority: job.Priority,
    Type: job.Type,
    TriggeredBy: trigger,
    JobID: job.ID,
    JobModifyIndex: job.JobModifyIndex,
    NodeID: null,
    NodeModifyIndex: 0,
    DeploymentID: null,
    Status: "pending",
    StatusDescription: "",
    Wait: 0,
    WaitUntil: null,
    NextEval: null,
    PreviousEval: null,
    BlockedEval: null,
    FailedTGAllocs: null,
    PlanAnnotations: null,
    ClassEligibility: null,
    EscapedComputedClass: false,
    QueuedAllocations: null,
    SnapshotIndex: 0,
    CreateIndex: 0,
    ModifyIndex: 0,
    CreateTime: nowNs,
    ModifyTime: nowNs,
    ...options.overrides,
  };
}

export const emptyMetric: AllocationMetric = {
  NodesEvaluated: 0,
  NodesFiltered: 0,
  NodesInPool: 0,
  NodePool: "",
  NodesAvailable: null,
  ClassFiltered: null,
  ConstraintFiltered: null,
  NodesExhausted: 0,
  ClassExhausted: null,
  DimensionExhausted: null,
  QuotaExhausted: null,
  ResourcesExhausted: null,
  Scores: null,
  ScoreMetaData: null,
  AllocationTime: 0,
  CoalescedFailures: 0,
};

/** What a node tells of an allocation that lives in its host's network. */
export const noOwnNetwork: AllocationNetworkStatus = {
  InterfaceName: "",
  Address: "",
  AddressIPv6: "",
  DNS: null,
};

export const noUpdates: DesiredUpdates = {
  Ignore: 0,
  Place: 0,
  Migrate: 0,
  Stop: 0,
  InPlaceUpdate: 0,
  DestructiveUpdate: 0,
  Canary: 0,
  Preemptions: 0,
  Disconnect: 0,
  Reconnect: 0,
  RescheduleNow: 0,
  RescheduleLater: 0,
};

export const emptyPlan = (evaluationId: EvaluationId): Plan => ({
  evaluationId,
  place: [],
  stop: [],
  updateInPlace: [],
  followUps: [],
  createDeployment: null,
  deploymentUpdates: [],
  createEvaluations: [],
});
