import { emptyMetric, emptyPlan, newEvaluation } from "../../src/model/build.ts";
import type { Allocation } from "../../src/model/allocation.ts";
import type { Deployment, DeploymentState } from "../../src/model/deployment.ts";
import type { Evaluation } from "../../src/model/evaluation.ts";
import { allocationId, deploymentId, evaluationId, nodeId } from "../../src/model/ids.ts";
import type { Job } from "../../src/model/job.ts";
import type { Node } from "../../src/model/node.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { CommandBodies } from "../../src/store/commands.ts";

/** A UUID that shows which object it is: `uuid(7)`. */
export const uuid = (n: number): string =>
  `${String(n).padStart(8, "0")}-0000-4000-a000-000000000000`;

export function buildEvaluation(
  n: number,
  job: Pick<Job, "Namespace" | "ID" | "Priority" | "Type" | "JobModifyIndex">,
  overrides: Partial<Evaluation> = {},
): Evaluation {
  return newEvaluation({
    id: evaluationId(uuid(n)),
    job,
    trigger: "job-register",
    nowNs: 1_700_000_000e9,
    overrides,
  });
}

export function buildRegistration(
  job: Job,
  evaluation: Evaluation | null = null,
  overrides: Partial<CommandBodies["job.register"]> = {},
): CommandBodies["job.register"] {
  return {
    job,
    submission: null,
    enforceIndex: null,
    evaluation,
    preserveCounts: false,
    ...overrides,
  };
}

/** An allocation of a stored job, placed on node 1. */
export function buildAllocation(
  n: number,
  job: Pick<Job, "Namespace" | "ID" | "Version" | "CreateIndex">,
  overrides: Partial<Allocation> = {},
): Allocation {
  return {
    ID: allocationId(uuid(n)),
    Namespace: job.Namespace,
    EvalID: evaluationId(uuid(1)),
    Name: `${job.ID}.main[0]`,
    NodeID: nodeId(uuid(1)),
    NodeName: "node-1",
    JobID: job.ID,
    JobVersion: job.Version,
    JobCreateIndex: job.CreateIndex,
    TaskGroup: "main",
    AllocatedResources: {
      Tasks: {},
      TaskLifecycles: {},
      Shared: { Networks: null, DiskMB: 300, Ports: null },
    },
    Metrics: emptyMetric,
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
    PreviousAllocation: null,
    NextAllocation: null,
    DeploymentID: null,
    DeploymentStatus: null,
    RescheduleTracker: null,
    NetworkStatus: null,
    FollowupEvalID: null,
    PreemptedAllocations: null,
    PreemptedByAllocation: null,
    CreateIndex: 0,
    ModifyIndex: 0,
    AllocModifyIndex: 0,
    CreateTime: 1_700_000_000e9,
    ModifyTime: 0,
    ...overrides,
  };
}

export function buildDeployment(
  n: number,
  job: Job,
  group: Partial<DeploymentState> = {},
): Deployment {
  return {
    ID: deploymentId(uuid(n)),
    Namespace: job.Namespace,
    JobID: job.ID,
    JobVersion: job.Version,
    JobModifyIndex: job.ModifyIndex,
    JobSpecModifyIndex: job.JobModifyIndex,
    JobCreateIndex: job.CreateIndex,
    IsMultiregion: false,
    TaskGroups: {
      main: {
        AutoRevert: false,
        AutoPromote: false,
        ProgressDeadline: 600e9,
        RequireProgressBy: null,
        Promoted: false,
        PlacedCanaries: null,
        DesiredCanaries: 0,
        DesiredTotal: 1,
        PlacedAllocs: 0,
        HealthyAllocs: 0,
        UnhealthyAllocs: 0,
        ...group,
      },
    },
    Status: "running",
    StatusDescription: "Deployment is running",
    EvalPriority: 50,
    CreateIndex: 0,
    ModifyIndex: 0,
    CreateTime: 1_700_000_000e9,
    ModifyTime: 0,
  };
}

export function buildPlan(overrides: Partial<Plan> = {}): CommandBodies["plan.apply"] {
  return { plan: { ...emptyPlan(evaluationId(uuid(1))), ...overrides }, evaluations: [] };
}

export function buildReport(
  n: number,
  clientStatus: Allocation["ClientStatus"],
  healthy: boolean | null = null,
  at = "2023-11-14T22:15:00Z",
): CommandBodies["allocation.report"] {
  return {
    nodeId: nodeId(uuid(1)),
    reports: [
      {
        id: allocationId(uuid(n)),
        clientStatus,
        clientDescription: "",
        taskStates: {},
        networkStatus: null,
        health: healthy === null ? null : { healthy, at },
      },
    ],
    evaluations: [],
  };
}

export function buildNode(n: number, overrides: Partial<Node> = {}): Node {
  return {
    ID: nodeId(uuid(n)),
    SecretID: uuid(900 + n),
    Datacenter: "dc1",
    Name: `node-${n}`,
    CgroupParent: "",
    HTTPAddr: "127.0.0.1:4646",
    TLSEnabled: false,
    Attributes: {},
    NodeResources: {
      Cpu: { CpuShares: 4000, TotalCpuCores: 2, ReservableCpuCores: null },
      Processors: {},
      Memory: { MemoryMB: 4096 },
      Disk: { DiskMB: 10_000 },
      Devices: null,
      NodeNetworks: null,
      Networks: null,
      MinDynamicPort: 20_000,
      MaxDynamicPort: 32_000,
    },
    ReservedResources: {
      Cpu: { CpuShares: 0, ReservedCpuCores: null },
      Memory: { MemoryMB: 0 },
      Disk: { DiskMB: 0 },
      Networks: { ReservedHostPorts: "" },
    },
    Links: null,
    Meta: null,
    NodeClass: "",
    NodePool: "default",
    ComputedClass: "",
    DrainStrategy: null,
    SchedulingEligibility: "eligible",
    Status: "ready",
    StatusDescription: "",
    StatusUpdatedAt: 1_700_000_000,
    Events: null,
    Drivers: {},
    CSIControllerPlugins: null,
    CSINodePlugins: null,
    HostVolumes: null,
    GCVolumesOnNodeGC: false,
    HostNetworks: null,
    LastDrain: null,
    NodeMaxAllocs: 0,
    LastMissedHeartbeatIndex: 0,
    LastAllocUpdateIndex: 0,
    CreateIndex: 0,
    ModifyIndex: 0,
    ...overrides,
  };
}
