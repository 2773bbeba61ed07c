import { silentLogger } from "../../../src/lib/logger.ts";
import { emptyMetric, newEvaluation, noUpdates } from "../../../src/model/build.ts";
import type { Allocation } from "../../../src/model/allocation.ts";
import type { Deployment } from "../../../src/model/deployment.ts";
import type { Evaluation } from "../../../src/model/evaluation.ts";
import { allocationId, deploymentId, evaluationId, jobId, nodeId } from "../../../src/model/ids.ts";
import type { Job, NetworkResource, Task, TaskGroup } from "../../../src/model/job.ts";
import type { Node } from "../../../src/model/node.ts";
import type { ApiContext, JobspecPort } from "../../../src/api/context.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { FakeStore } from "./fake-store.ts";
import type { Tables } from "./fake-store.ts";

export const uuid = (n: number): string => `aaaaaaaa-0000-4000-8000-${String(n).padStart(12, "0")}`;

export const network: NetworkResource = {
  Mode: "",
  Device: "",
  CIDR: "",
  IP: "10.0.0.1",
  Hostname: "",
  MBits: 0,
  DNS: null,
  ReservedPorts: null,
  DynamicPorts: [
    { Label: "http", Value: 20001, To: 0, HostNetwork: "default", IgnoreCollision: false },
  ],
  CNI: null,
};

export const task: Task = {
  Name: "web",
  Driver: "docker",
  User: "",
  Config: { image: "busybox" },
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
};

export const group: TaskGroup = {
  Name: "front",
  Count: 1,
  Update: null,
  Migrate: null,
  Constraints: null,
  Scaling: null,
  RestartPolicy: null,
  Disconnect: null,
  Tasks: [task],
  EphemeralDisk: null,
  Meta: null,
  ReschedulePolicy: null,
  Affinities: null,
  Spreads: null,
  Networks: [network],
  Consul: null,
  Services: null,
  Volumes: null,
  ShutdownDelay: null,
  MaxRunDuration: null,
  StopAfterClientDisconnect: null,
  MaxClientDisconnect: null,
  PreventRescheduleOnLost: false,
};

export const buildJob = (id: string, overrides: Partial<Job> = {}): Job => ({
  Stop: false,
  Region: "global",
  Namespace: "default",
  ID: jobId(id),
  ParentID: "",
  Name: id,
  Type: "service",
  Priority: 50,
  AllAtOnce: false,
  Datacenters: ["*"],
  NodePool: "default",
  Constraints: null,
  Affinities: null,
  Spreads: null,
  TaskGroups: [group],
  Update: {
    Stagger: 0,
    MaxParallel: 0,
    HealthCheck: "",
    MinHealthyTime: 0,
    HealthyDeadline: 0,
    ProgressDeadline: 0,
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
  SubmitTime: 1_700_000_000_123_456_000,
  CreateIndex: 20,
  ModifyIndex: 25,
  JobModifyIndex: 20,
  UI: null,
  VersionTag: null,
  ...overrides,
});

export const buildAllocation = (n: number, overrides: Partial<Allocation> = {}): Allocation => ({
  ID: allocationId(uuid(n)),
  Namespace: "default",
  EvalID: evaluationId(uuid(900)),
  Name: `web.front[${n}]`,
  NodeID: nodeId(uuid(800)),
  NodeName: "n1",
  JobID: jobId("web"),
  JobVersion: 0,
  JobCreateIndex: 20,
  TaskGroup: "front",
  AllocatedResources: {
    Tasks: {
      web: {
        Cpu: { CpuShares: 100, ReservedCores: null },
        Memory: { MemoryMB: 64, MemoryMaxMB: 0 },
        Networks: null,
        Devices: null,
      },
    },
    TaskLifecycles: {},
    Shared: {
      Networks: [network],
      DiskMB: 300,
      Ports: [{ Label: "http", Value: 20001, To: 0, HostIP: "10.0.0.1", IgnoreCollision: false }],
    },
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
  ClientStatus: "running",
  ClientDescription: "Tasks are running",
  TaskStates: {
    web: {
      State: "running",
      Failed: false,
      Restarts: 0,
      LastRestart: null,
      StartedAt: "2023-11-14T22:13:20Z",
      FinishedAt: null,
      Events: [{ Type: "Started", Time: 1_700_000_000_123_456_000, Message: "", Details: {} }],
    },
  },
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
  CreateIndex: 30 + n,
  ModifyIndex: 40 + n,
  AllocModifyIndex: 40 + n,
  CreateTime: 1_700_000_000_123_456_000,
  ModifyTime: 1_700_000_000_123_456_000,
  ...overrides,
});

export const buildEvaluation = (n: number, overrides: Partial<Evaluation> = {}): Evaluation =>
  newEvaluation({
    id: evaluationId(uuid(n)),
    job: buildJob("web"),
    trigger: "job-register",
    nowNs: 1_700_000_000_123_456_000,
    overrides: { CreateIndex: 30 + n, ModifyIndex: 30 + n, ...overrides },
  });

export const buildDeployment = (n: number, overrides: Partial<Deployment> = {}): Deployment => ({
  ID: deploymentId(uuid(n)),
  Namespace: "default",
  JobID: jobId("web"),
  JobVersion: 0,
  JobModifyIndex: 20,
  JobSpecModifyIndex: 20,
  JobCreateIndex: 20,
  IsMultiregion: false,
  TaskGroups: {},
  Status: "running",
  StatusDescription: "Deployment is running",
  EvalPriority: 50,
  CreateIndex: 50 + n,
  ModifyIndex: 50 + n,
  CreateTime: 1_700_000_000_123_456_000,
  ModifyTime: 1_700_000_000_123_456_000,
  ...overrides,
});

export const buildNode = (n: number, overrides: Partial<Node> = {}): Node => ({
  ID: nodeId(uuid(n)),
  SecretID: "secret",
  Datacenter: "dc1",
  Name: `n${n}`,
  CgroupParent: "",
  HTTPAddr: "127.0.0.1:4646",
  TLSEnabled: false,
  Attributes: { "nomad.version": "2.0.5", "os.name": "debian" },
  NodeResources: {
    Cpu: { CpuShares: 4000, TotalCpuCores: 2, ReservableCpuCores: null },
    Processors: {},
    Memory: { MemoryMB: 4096 },
    Disk: { DiskMB: 10_000 },
    Devices: null,
    NodeNetworks: null,
    Networks: [network],
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
  CreateIndex: 5,
  ModifyIndex: 6,
  ...overrides,
});

/** Admits everything that has an ID, as the job of the builder. */
export const plainJobspec: JobspecPort = {
  parseJob: (text) =>
    text.includes("job")
      ? { ok: true, body: { ID: "parsed" }, warnings: [] }
      : {
          ok: false,
          diagnostics: [{ severity: "error", summary: "No job", detail: "There is none." }],
        },
  formatDiagnostic: ({ summary, detail }) => `input.hcl:1,1-2: ${summary}; ${detail}`,
  decodeJobBody: (body) => ({ ok: true, body: body as object }),
  canonicalizeJobBody: (body) => ({ ...body, Priority: 50 }),
  admitJob: (body, { namespace, namespaceExists }) =>
    namespaceExists(namespace)
      ? {
          ok: true,
          job: buildJob(body.ID ?? "", {
            Namespace: namespace,
            Type: body.Type === "batch" ? "batch" : "service",
            CreateIndex: 0,
            ModifyIndex: 0,
            JobModifyIndex: 0,
          }),
          warnings: [],
        }
      : { ok: false, errors: [`namespace ${namespace} is not there`], warnings: [] },
  multiErrorText: (errors) =>
    `${errors.length} error occurred:\n${errors.map((error) => `\t* ${error}\n`).join("")}\n`,
  warningsText: (warnings) => warnings.join("\n"),
  diffJobs: (before, after) => ({
    Type: before ? "Edited" : "Added",
    ID: after?.ID ?? "",
    Fields: null,
    Objects: null,
    TaskGroups: null,
  }),
  annotateDiff: (diff) => diff,
};

export interface TestContext extends ApiContext {
  readonly store: FakeStore;
  readonly clock: FakeClock;
}

export function buildContext(
  tables: Partial<Tables> = {},
  overrides: Partial<ApiContext> = {},
): TestContext {
  const store = new FakeStore({
    namespaces: [
      {
        Name: "default",
        Description: "Default shared namespace",
        Quota: "",
        Capabilities: null,
        NodePoolConfiguration: null,
        VaultConfiguration: null,
        ConsulConfiguration: null,
        Meta: null,
        Hash: "",
        CreateIndex: 1,
        ModifyIndex: 1,
      },
    ],
    ...tables,
  });
  const member = {
    Name: "n1.global",
    Addr: "127.0.0.1",
    Port: 4648,
    Tags: { region: "global", port: "4647", role: "nomad" },
    Status: "alive",
    ProtocolMin: 1,
    ProtocolMax: 5,
    ProtocolCur: 2,
    DelegateMin: 2,
    DelegateMax: 5,
    DelegateCur: 4,
  };
  const clock = new FakeClock();
  return {
    random: seededRandom(7),
    log: silentLogger,
    region: "global",
    datacenter: "dc1",
    nodeName: "n1",
    jobspec: plainJobspec,
    members: {
      self: () => member,
      list: () => [member],
      leaderAddress: () => "127.0.0.1:4647",
      peers: () => [],
      join: (addresses) => Promise.resolve({ joined: addresses.length, error: "" }),
      forceLeave: () => Promise.resolve(),
    },
    agent: {
      self: () => ({ config: { Region: "global" }, stats: { nomad: { leader: "true" } } }),
      isServer: true,
      servers: () => ["127.0.0.1:4647"],
    },
    node: undefined,
    plan: (job) => ({
      annotations: {
        DesiredTGUpdates: { [job.TaskGroups[0]?.Name ?? ""]: { ...noUpdates, Place: 1 } },
      },
      failedGroups: {},
      createdEvaluations: [],
    }),
    collectGarbage: () => Promise.resolve(),
    metrics: () => ({ gauges: [{ name: "nomad.jobs", value: 1 }], counters: [] }),
    async *monitor() {
      yield "one line\n";
      await Promise.resolve();
    },
    ...overrides,
    store,
    clock,
  };
}
