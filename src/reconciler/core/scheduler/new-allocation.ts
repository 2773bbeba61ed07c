import type {
  AllocatedResources,
  Allocation,
  AllocationMetric,
  RescheduleTracker,
} from "../../../model/allocation.ts";
import type { Evaluation } from "../../../model/evaluation.ts";
import { allocationId } from "../../../model/ids.ts";
import type { DeploymentId } from "../../../model/ids.ts";
import type { Nanoseconds } from "../../../model/job.ts";
import type { Node } from "../../../model/node.ts";
import type { Placement } from "../cluster/types.ts";

/** Attempts that unlimited policies remember; limited ones need all within their interval. */
const rememberedAttempts = 5;

export function newAllocation(of: {
  readonly placement: Placement;
  readonly result: {
    readonly node: Node;
    readonly resources: AllocatedResources;
    readonly metric: AllocationMetric;
  };
  readonly evaluation: Evaluation;
  readonly deploymentId: DeploymentId | null;
  readonly nowNs: Nanoseconds;
  readonly id: string;
}): Allocation {
  const { placement, result, evaluation, nowNs } = of;
  return {
    ID: allocationId(of.id),
    Namespace: placement.job.Namespace,
    EvalID: evaluation.ID,
    Name: placement.name,
    NodeID: result.node.ID,
    NodeName: result.node.Name,
    JobID: placement.job.ID,
    JobVersion: placement.job.Version,
    JobCreateIndex: placement.job.CreateIndex,
    TaskGroup: placement.group,
    AllocatedResources: result.resources,
    Metrics: result.metric,
    DesiredStatus: "run",
    DesiredDescription: "",
    DesiredTransition: {
      Migrate: null,
      Reschedule: null,
      ForceReschedule: null,
      NoShutdownDelay: null,
    },
    ClientStatus: "pending",
    ClientDescription: "",
    TaskStates: null,
    AllocStates: null,
    PreviousAllocation: placement.previous?.ID ?? null,
    NextAllocation: null,
    DeploymentID: of.deploymentId,
    DeploymentStatus: placement.isCanary
      ? { Healthy: null, Timestamp: null, Canary: true, ModifyIndex: 0 }
      : null,
    RescheduleTracker: placement.isReschedule ? nextTracker(placement, nowNs) : null,
    NetworkStatus: null,
    FollowupEvalID: null,
    PreemptedAllocations: null,
    PreemptedByAllocation: null,
    CreateIndex: 0,
    ModifyIndex: 0,
    AllocModifyIndex: 0,
    CreateTime: nowNs,
    ModifyTime: nowNs,
  };
}

function nextTracker(placement: Placement, nowNs: Nanoseconds): RescheduleTracker | null {
  const { previous } = placement;
  if (!previous) return null;
  const group = placement.job.TaskGroups.find((g) => g.Name === placement.group);
  const policy = group?.ReschedulePolicy;
  const before = previous.RescheduleTracker?.Events ?? [];
  const kept =
    policy && !policy.Unlimited
      ? before.filter((event) => event.RescheduleTime > nowNs - policy.Interval)
      : before.slice(-(rememberedAttempts - 1));
  return {
    Events: [
      ...kept,
      {
        RescheduleTime: nowNs,
        PrevAllocID: previous.ID,
        PrevNodeID: previous.NodeID,
        Delay: placement.rescheduleDelay,
      },
    ],
    LastReschedule: "ok",
  };
}
