import { allocationId, evaluationId, jobId, nodeId } from "../../src/model/ids.ts";
import type { Allocation } from "../../src/model/allocation.ts";
import type { Job, Task, TaskGroup } from "../../src/model/job.ts";
import type { NodeConfig } from "../../src/node/fingerprint.ts";
import type { DesiredAllocation } from "../../src/reconciler/ports.ts";

export function buildTask(overrides: Partial<Task> = {}): Task {
  return {
    Name: "main",
    Driver: "scripted",
    User: "",
    Config: {},
    Env: null,
    Services: null,
    Vault: null,
    Secrets: null,
    Consul: null,
    Templates: null,
    Constraints: null,
    Affinities: null,
    Resources: {
      CPU: 100,
      Cores: 0,
      MemoryMB: 64,
      MemoryMaxMB: 0,
      DiskMB: 0,
      IOPS: 0,
      Networks: null,
      Devices: null,
      NUMA: null,
      SecretsMB: 0,
    },
    RestartPolicy: null,
    DispatchPayload: null,
    Lifecycle: null,
    Meta: null,
    KillTimeout: 5e9,
    LogConfig: { MaxFiles: 10, MaxFileSizeMB: 10, Disabled: false },
    Artifacts: null,
    Leader: false,
    ShutdownDelay: 0,
    VolumeMounts: null,
    ScalingPolicies: null,
    KillSignal: "",
    Kind: "",
    CSIPluginConfig: null,
    Identity: null,
    Identities: null,
    Actions: null,
    Schedule: null,
    ...overrides,
  };
}

export function buildGroup(overrides: Partial<TaskGroup> = {}): TaskGroup {
  return {
    Name: "web",
    Count: 1,
    Update: null,
    Migrate: null,
    Constraints: null,
    Scaling: null,
    RestartPolicy: {
      Attempts: 2,
      Interval: 600e9,
      Delay: 1e9,
      Mode: "fail",
      RenderTemplates: false,
    },
    Disconnect: null,
    Tasks: [buildTask()],
    EphemeralDisk: null,
    Meta: null,
    ReschedulePolicy: null,
    Affinities: null,
    Spreads: null,
    Networks: null,
    Consul: null,
    Services: null,
    Volumes: null,
    ShutdownDelay: null,
    MaxRunDuration: null,
    StopAfterClientDisconnect: null,
    MaxClientDisconnect: null,
    PreventRescheduleOnLost: false,
    ...overrides,
  };
}

export function buildJob(overrides: Partial<Job> = {}): Job {
  return {
    Stop: false,
    Region: "global",
    Namespace: "default",
    ID: jobId("shop"),
    ParentID: "",
    Name: "shop",
    Type: "service",
    Priority: 50,
    AllAtOnce: false,
    Datacenters: ["*"],
    NodePool: "default",
    Constraints: null,
    Affinities: null,
    Spreads: null,
    TaskGroups: [buildGroup()],
    Update: {
      Stagger: 30e9,
      MaxParallel: 1,
      HealthCheck: "checks",
      MinHealthyTime: 10e9,
      HealthyDeadline: 300e9,
      ProgressDeadline: 600e9,
      AutoRevert: false,
      AutoPromote: false,
      Canary: 0,
    },
    Multiregion: null,
    Periodic: null,
    ParameterizedJob: null,
    Dispatched: false,
    DispatchIdempotencyToken: "",
    Payload: null,
    Meta: null,
    ConsulNamespace: "",
    VaultNamespace: "",
    NomadTokenID: "",
    Status: "running",
    StatusDescription: "",
    Stable: false,
    Version: 0,
    SubmitTime: 0,
    CreateIndex: 1,
    ModifyIndex: 1,
    JobModifyIndex: 1,
    UI: null,
    VersionTag: null,
    ...overrides,
  };
}

export const testNodeId = nodeId("11111111-1111-4111-a111-111111111111");
export const testAllocationId = allocationId("22222222-2222-4222-a222-222222222222");

export function buildAllocation(job: Job, overrides: Partial<Allocation> = {}): Allocation {
  const group = job.TaskGroups[0] ?? buildGroup();
  return {
    ID: testAllocationId,
    Namespace: job.Namespace,
    EvalID: evaluationId("33333333-3333-4333-a333-333333333333"),
    Name: `${job.ID}.${group.Name}[0]`,
    NodeID: testNodeId,
    NodeName: "lab",
    JobID: job.ID,
    JobVersion: job.Version,
    JobCreateIndex: job.CreateIndex,
    TaskGroup: group.Name,
    AllocatedResources: {
      Tasks: Object.fromEntries(
        group.Tasks.map((task) => [
          task.Name,
          {
            Cpu: { CpuShares: task.Resources.CPU, ReservedCores: null },
            Memory: { MemoryMB: task.Resources.MemoryMB, MemoryMaxMB: 0 },
            Networks: null,
            Devices: null,
          },
        ]),
      ),
      TaskLifecycles: {},
      Shared: { Networks: null, DiskMB: 300, Ports: null },
    },
    Metrics: null,
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
    CreateIndex: 10,
    ModifyIndex: 10,
    AllocModifyIndex: 10,
    CreateTime: 1_700_000_000e9,
    ModifyTime: 1_700_000_000e9,
    ...overrides,
  };
}

export function buildDesired(
  job: Job = buildJob(),
  overrides: Partial<Allocation> = {},
): DesiredAllocation {
  return { job, allocation: buildAllocation(job, overrides) };
}

export const testNodeConfig: NodeConfig = {
  region: "global",
  datacenter: "dc1",
  name: "lab",
  nodeClass: "",
  nodePool: "default",
  meta: {},
  httpAddr: "127.0.0.1:4646",
  version: "2.0.5",
  tlsEnabled: false,
  networkInterface: "lo",
  cpuTotalCompute: 4000,
  memoryTotalMb: 4096,
  diskTotalMb: undefined,
  minDynamicPort: 20_000,
  maxDynamicPort: 32_000,
  reserved: { cpu: 0, memoryMb: 0, diskMb: 0, ports: "" },
};
