import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { JobLoader } from "../../../src/cli/load-job.ts";
import type { JobBody } from "../../../src/jobspec/job-body.ts";
import { runAgainst, type Routes } from "../fake-agent.ts";

let folder = "";
let file = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-"));
  file = join(folder, "w.nomad.hcl");
  await writeFile(file, "job");
});
afterAll(() => rm(folder, { recursive: true }));

const loads =
  (body: JobBody): JobLoader =>
  () =>
    Promise.resolve({ ok: true, body });
const ports = { loadJob: loads({ ID: "w", Type: "service" }) };

const id = (digit: string): string => `${digit.repeat(8)}-0000-0000-0000-000000000000`;
const evaluation = { ID: id("e"), JobID: "w", Status: "complete", CreateIndex: 5 };
const routes: Routes = {
  "PUT /v1/jobs": { body: { EvalID: id("e"), Warnings: "" } },
  [`GET /v1/evaluation/${id("e")}`]: { body: evaluation },
  [`GET /v1/evaluation/${id("e")}/allocations`]: {
    body: [
      {
        ID: id("a"),
        NodeID: id("b"),
        TaskGroup: "g",
        DesiredStatus: "run",
        ClientStatus: "pending",
        ClientDescription: "",
        CreateIndex: 6,
      },
    ],
  },
};
const untimed = (text: string): string => text.replaceAll(/\d{4}-\S+Z/g, "T");

test("follows the evaluation and ends with 0 when all is placed", async () => {
  const result = await runAgainst(routes, ["job", "run", file], { ports });
  expect(result.code).toBe(0);
  expect(untimed(result.out)).toBe(`==> T: Monitoring evaluation "eeeeeeee"
    T: Evaluation triggered by job "w"
    T: Allocation "aaaaaaaa" created: node "bbbbbbbb", group "g"
    T: Evaluation status changed: "pending" -> "complete"
==> T: Evaluation "eeeeeeee" finished with status "complete"
`);
});

test("ends with 2 and the reasons when something cannot be placed", async () => {
  const failed = {
    ...evaluation,
    BlockedEval: id("c"),
    FailedTGAllocs: {
      g: { NodesEvaluated: 1, NodesExhausted: 1, DimensionExhausted: { memory: 1 } },
    },
  };
  const result = await runAgainst(
    {
      ...routes,
      [`GET /v1/evaluation/${id("e")}`]: { body: failed },
      [`GET /v1/evaluation/${id("e")}/allocations`]: { body: [] },
    },
    ["run", file],
    { ports },
  );
  expect(result.code).toBe(2);
  expect(untimed(result.out))
    .toContain(`==> T: Evaluation "eeeeeeee" finished with status "complete" but failed to place all allocations:
    T: Task Group "g" (failed to place 1 allocation):
      * Resources exhausted on 1 nodes
      * Dimension "memory" exhausted on 1 nodes
    T: Evaluation "cccccccc" waiting for additional capacity to place remainder
`);
});

test("follows the deployment, one block for each change, and ends with 1 when it fails", async () => {
  const deployment = (Status: string, ModifyIndex: number) => ({
    index: ModifyIndex,
    body: {
      ID: id("d"),
      JobID: "w",
      JobVersion: 0,
      Status,
      StatusDescription: `it is ${Status}`,
      ModifyIndex,
      TaskGroups: {
        g: {
          DesiredTotal: 1,
          PlacedAllocs: 1,
          HealthyAllocs: 0,
          UnhealthyAllocs: 0,
          ProgressDeadline: 0,
        },
      },
    },
  });
  const result = await runAgainst(
    {
      ...routes,
      [`GET /v1/evaluation/${id("e")}`]: { body: { ...evaluation, DeploymentID: id("d") } },
      [`GET /v1/deployment/${id("d")}`]: [
        deployment("running", 8),
        deployment("running", 8),
        deployment("failed", 9),
      ],
    },
    ["job", "run", file],
    { ports },
  );
  expect(result.code).toBe(1);
  const blocks = untimed(result.out).split("    \nT\n").slice(1);
  expect(blocks).toEqual([
    "ID          = dddddddd\nJob ID      = w\nJob Version = 0\nStatus      = running\nDescription = it is running\n\nDeployed\nTask Group  Desired  Placed  Healthy  Unhealthy\ng           1        1       0        0\n",
    "ID          = dddddddd\nJob ID      = w\nJob Version = 0\nStatus      = failed\nDescription = it is failed\n\nDeployed\nTask Group  Desired  Placed  Healthy  Unhealthy\ng           1        1       0        0\n",
  ]);
});

test("a rollback is followed too, and the verdict stays", async () => {
  const deployment = (ID: string, Status: string) => ({
    body: {
      ID,
      JobID: "w",
      JobVersion: 0,
      Status,
      Namespace: "default",
      TaskGroups: { g: { AutoRevert: true } },
    },
  });
  const result = await runAgainst(
    {
      ...routes,
      [`GET /v1/evaluation/${id("e")}`]: { body: { ...evaluation, DeploymentID: id("d") } },
      [`GET /v1/deployment/${id("d")}`]: deployment(id("d"), "failed"),
      "GET /v1/job/w/deployment": deployment(id("f"), "running"),
      [`GET /v1/deployment/${id("f")}`]: deployment(id("f"), "successful"),
    },
    ["job", "run", file],
    { ports },
  );
  expect(result.code).toBe(1);
  expect(result.out).toMatch(/= dddddddd\n[^]*= failed\n[^]*= ffffffff\n[^]*= successful\n/);
});

test("the evaluation that comes after is followed when its time has come", async () => {
  const next = { ...evaluation, ID: id("c"), Wait: 0 };
  const result = await runAgainst(
    {
      ...routes,
      [`GET /v1/evaluation/${id("e")}`]: { body: { ...evaluation, NextEval: id("c"), Wait: 5e9 } },
      [`GET /v1/evaluation/${id("c")}`]: { body: next },
      [`GET /v1/evaluation/${id("c")}/allocations`]: { body: [] },
    },
    ["job", "run", file],
    { ports },
  );
  expect(result.code).toBe(0);
  expect(untimed(result.out)).toContain(
    '==> T: Monitoring next evaluation "cccccccc" in 5s\n==> T: Monitoring evaluation "cccccccc"\n',
  );
});

test("an evaluation that is gone ends the monitor with an error", async () => {
  const gone = {
    ...routes,
    [`GET /v1/evaluation/${id("e")}`]: { status: 404, text: "eval not found" },
  };
  const result = await runAgainst(gone, ["job", "run", file], { ports });
  expect(result.code).toBe(1);
  expect(result.err).toContain(`No evaluation with id "${id("e")}" found`);
});

test("-detach prints the whole evaluation id and sends the file's source", async () => {
  const result = await runAgainst(routes, ["job", "run", "-detach", "-var", "a=1", file], {
    ports,
  });
  expect(result).toMatchObject({
    code: 0,
    out: `Job registration successful\nEvaluation ID: ${id("e")}\n`,
  });
  expect(result.requests[0]?.body).toMatchObject({
    Job: { ID: "w" },
    EnforceIndex: false,
    Submission: { Source: "job", Format: "hcl2", VariableFlags: { a: "1" } },
  });
});

test("a lost race over the modify index says so and changes nothing", async () => {
  const lost = { status: 500, text: "Enforcing job modify index 0: job already exists" };
  const result = await runAgainst(
    { "PUT /v1/jobs": lost },
    ["job", "run", "-check-index", "0", file],
    { ports },
  );
  expect(result).toMatchObject({
    code: 1,
    err: "Enforcing job modify index 0: job already exists\nJob not updated\n",
  });
});

test("shows the hint and an empty line before the monitor, and the hint alone with -detach", async () => {
  const env = { NOMAD_CLI_SHOW_HINTS: "1" };
  const ui = { "GET /v1/agent/self": { body: { config: { UI: { Enabled: true } } } } };
  const hint = "\n\n==> View this job in the Web UI: http://HOST/ui/jobs/w@default\n";
  const monitored = await runAgainst({ ...routes, ...ui }, ["run", file], { ports, env });
  expect(monitored.err).toBe(`${hint}\n`);
  const detached = await runAgainst({ ...routes, ...ui }, ["run", "-detach", file], { ports, env });
  expect(detached.err).toBe(hint);
});

test("a periodic job is answered with its next launch, a parameterized one with nothing more", async () => {
  const planned = { ...routes, "PUT /v1/jobs": { body: { EvalID: "" } } };
  const periodic = { loadJob: loads({ ID: "p", Periodic: { Spec: "20 18 22 14 11 * 2023" } }) };
  expect((await runAgainst(planned, ["run", file], { ports: periodic })).out).toMatch(
    /^Job registration successful\nApproximate next launch time: 2023-11-14T22:18:20Z \(5m0s from now\)\n$/,
  );
  const parameterized = { loadJob: loads({ ID: "p", ParameterizedJob: { Payload: "optional" } }) };
  expect((await runAgainst(planned, ["run", file], { ports: parameterized })).out).toBe(
    "Job registration successful\n",
  );
});

test("complains about files that are not there and texts that are no job", async () => {
  expect((await runAgainst({}, ["job", "run", "/no/such"], { ports })).err).toBe(
    'Error getting job struct: Error getting jobfile from "/no/such": source path error: stat /no/such: no such file or directory\n',
  );
  const loadJob: JobLoader = () =>
    Promise.resolve({ ok: false, message: "Error parsing job file from x:\nx:1,1-2: Bad; Very" });
  expect((await runAgainst({}, ["job", "run", file], { ports: { loadJob } })).err).toBe(
    "Error getting job struct: Error parsing job file from x:\nx:1,1-2: Bad; Very\n",
  );
  expect((await runAgainst({}, ["job", "run", "-json", "-var=a=1", file], { ports })).err).toBe(
    "Invalid job options: cannot use variables with JSON files.\n",
  );
});

test("reads the standard input, and -output sends nothing", async () => {
  const result = await runAgainst({}, ["job", "run", "-output", "-"], { ports, stdin: "job" });
  expect(result).toMatchObject({ code: 0, requests: [] });
  expect(JSON.parse(result.out)).toEqual({ Job: { ID: "w", Type: "service" } });
});
