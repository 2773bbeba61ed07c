import { type CliOptions, type Routes } from "./fake-agent.ts";
import { recordedBody } from "./golden-text.ts";

/** What the agent answers to the commands whose output is recorded. */
export type Json = { readonly [key: string]: unknown };
export const id = (n: number): string =>
  `${String(n).padStart(8, "0")}-aaaa-bbbb-cccc-${String(n).padStart(12, "0")}`;

export const jobs = recordedBody<readonly Json[]>("jobs-list");
export const jobsThat = (test: (id: string) => boolean) => ({
  body: jobs.filter((job) => test(String(job["ID"]))),
});
export const teahouse = recordedBody<Json>("allocation-read");
const scribeTasks = [{ Name: "write" }, { Name: "blot" }];
export const scribe = {
  ...teahouse,
  ID: id(1),
  JobID: "scribe",
  TaskGroup: "desk",
  Job: { ID: "scribe", Version: 0, TaskGroups: [{ Name: "desk", Tasks: scribeTasks }] },
};
export const scribeRoutes: Routes = {
  "GET /v1/allocations": { body: [scribe] },
  [`GET /v1/allocation/${id(1)}`]: { body: scribe },
};
export const storm = recordedBody<readonly Json[]>("evaluation-allocations");
export const stormAllocation = {
  ...storm[0],
  Job: {
    ID: "storm",
    Version: 0,
    TaskGroups: [{ Name: "sky", Tasks: [{ Name: "thunder" }] }],
  },
  AllocatedResources: {
    Tasks: { thunder: { Cpu: { CpuShares: 20 }, Memory: { MemoryMB: 16, MemoryMaxMB: 0 } } },
    Shared: { DiskMB: 300 },
  },
};
export const giantEvaluations = recordedBody<readonly Json[]>("job-evaluations");
export const registered = giantEvaluations.find((one) => one["TriggeredBy"] === "job-register");
export const usage = { CpuStats: { TotalTicks: 1 }, MemoryStats: { Usage: 2048, RSS: 0 } };
export const logText = "line 1\nline 2\nline 3\nline 4\nline 5\n";
const self = recordedBody<{ readonly member: Json }>("agent-self");
export const member = { ...self.member, Addr: "127.0.0.1", Port: 30_001 };
export const memberTags = {
  ...(self.member["Tags"] as Json),
  rpc_addr: "127.0.0.1",
  port: "30000",
};
export const versions = recordedBody<{ readonly Versions: readonly Json[] }>(
  "job-versions",
).Versions.map((version) => ({ ...version, SubmitTime: 1_700_000_000e9 }));
export const diffs = recordedBody<Json>("job-versions-diff-tag")["Diffs"];
export const plans: CliOptions = {
  ports: {
    loadJob: () => Promise.resolve({ ok: true, body: { ID: "scribe", Type: "service" } }),
  },
  stdin: "job",
};
export const group = { DesiredTotal: 1, PlacedAllocs: 0, HealthyAllocs: 0, UnhealthyAllocs: 0 };
export const giantDeployment = {
  ...recordedBody<Json>("deployment-read"),
  StatusDescription: "Deployment is running",
  TaskGroups: {
    hill: { ...group, ProgressDeadline: 600e9, DesiredCanaries: 0, AutoRevert: false },
  },
};
export const noCounts = {
  Queued: 0,
  Complete: 0,
  Failed: 0,
  Running: 0,
  Starting: 0,
  Lost: 0,
  Unknown: 0,
};
