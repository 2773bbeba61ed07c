import { silentLogger } from "../../../src/lib/logger.ts";
import { emptyMetric, noUpdates } from "../../../src/model/build.ts";
import type { Allocation } from "../../../src/model/allocation.ts";
import type { Deployment } from "../../../src/model/deployment.ts";
import type { Evaluation } from "../../../src/model/evaluation.ts";
import { deploymentId, evaluationId, jobId, nodeId } from "../../../src/model/ids.ts";
import type { Job } from "../../../src/model/job.ts";
import type { Node } from "../../../src/model/node.ts";
import type { ApiContext, JobspecPort } from "../../../src/api/context.ts";
import { numberedAllocation } from "../../support/build-allocation.ts";
import * as deployments from "../../support/build-deployment.ts";
import * as evaluations from "../../support/build-evaluation.ts";
import * as jobs from "../../support/build-job.ts";
import { buildNamespace } from "../../support/build-namespace.ts";
import { numberedNode } from "../../support/build-node.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { uuid } from "../../support/uuid.ts";
import { FakeStore } from "./fake-store.ts";
import type { Tables } from "./fake-store.ts";

export { uuid };

export const network = jobs.buildNetwork({
  Mode: "",
  IP: "10.0.0.1",
  DynamicPorts: [jobs.buildPort({ Value: 20001 })],
});
const atNs = 1_700_000_000_123_456_000;

/** The rows below are what the API tests find in the store: the job "web" with the group "front" on the node n1. */
export const task = jobs.buildTask({
  Name: "web",
  Driver: "docker",
  Config: { image: "busybox" },
  Resources: jobs.buildResources({ CPU: 100, MemoryMB: 64 }),
  KillTimeout: 5e9,
});

export const group = jobs.buildGroup({
  Name: "front",
  Update: null,
  Tasks: [task],
  EphemeralDisk: null,
  Networks: [network],
});

export const buildJob = (id: string, overrides: Partial<Job> = {}): Job =>
  jobs.buildJob({
    ID: jobId(id),
    TaskGroups: [group],
    Update: jobs.buildUpdate({
      Stagger: 0,
      MaxParallel: 0,
      HealthCheck: "",
      MinHealthyTime: 0,
      HealthyDeadline: 0,
      ProgressDeadline: 0,
    }),
    Status: "running",
    SubmitTime: atNs,
    CreateIndex: 20,
    ModifyIndex: 25,
    JobModifyIndex: 20,
    ...overrides,
  });

export const buildAllocation = (n: number, overrides: Partial<Allocation> = {}): Allocation =>
  numberedAllocation(n, buildJob("web"), {
    EvalID: evaluationId(uuid(900)),
    Name: `web.front[${n}]`,
    NodeID: nodeId(uuid(800)),
    NodeName: "n1",
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
        Events: [{ Type: "Started", Time: atNs, Message: "", Details: {} }],
      },
    },
    CreateIndex: 30 + n,
    ModifyIndex: 40 + n,
    AllocModifyIndex: 40 + n,
    CreateTime: atNs,
    ModifyTime: atNs,
    ...overrides,
  });

export const buildEvaluation = (n: number, overrides: Partial<Evaluation> = {}): Evaluation =>
  evaluations.buildEvaluation(n, buildJob("web"), {
    CreateIndex: 30 + n,
    ModifyIndex: 30 + n,
    CreateTime: atNs,
    ModifyTime: atNs,
    ...overrides,
  });

export const buildDeployment = (n: number, overrides: Partial<Deployment> = {}): Deployment =>
  deployments.buildDeployment({
    ID: deploymentId(uuid(n)),
    JobID: jobId("web"),
    JobModifyIndex: 20,
    JobSpecModifyIndex: 20,
    JobCreateIndex: 20,
    CreateIndex: 50 + n,
    ModifyIndex: 50 + n,
    CreateTime: atNs,
    ModifyTime: atNs,
    ...overrides,
  });

export const buildNode = (n: number, overrides: Partial<Node> = {}): Node => {
  const node = numberedNode(n);
  return {
    ...node,
    SecretID: "secret",
    Name: `n${n}`,
    Attributes: { "nomad.version": "2.0.5", "os.name": "debian" },
    NodeResources: {
      ...node.NodeResources,
      Cpu: { CpuShares: 4000, TotalCpuCores: 2, ReservableCpuCores: null },
      NodeNetworks: null,
      Networks: [network],
    },
    ComputedClass: "",
    StatusUpdatedAt: 1_700_000_000,
    Drivers: {},
    CreateIndex: 5,
    ModifyIndex: 6,
    ...overrides,
  };
};

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
    namespaces: [buildNamespace()],
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
