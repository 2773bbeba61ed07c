import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { admitJob, multiErrorText, warningsText } from "../../src/jobspec/admit-job.ts";
import { canonicalizeJobBody } from "../../src/jobspec/canonicalize-body.ts";
import { decodeJobBody } from "../../src/jobspec/decode-body.ts";
import { annotateDiff, diffJobs } from "../../src/jobspec/diff-jobs.ts";
import { formatDiagnostic, parseJob } from "../../src/jobspec/parse-job.ts";
import { createSystemClock } from "../../src/lib/system/clock.ts";
import { systemRandom } from "../../src/lib/system/random.ts";
import { linearSearch } from "../../src/lib/system/regexp.ts";
import { dryRun } from "../../src/reconciler/schedule-job.ts";
import type { OpenedStore } from "../../src/store/open-store.ts";
import { openTestStore, temporaryFolder } from "../support/store.ts";
import { buildContext, buildNode, uuid } from "./support/build.ts";
import { serve } from "./support/serve.ts";
import type { Served } from "./support/serve.ts";

/** The API over the real store and the real job rules: what the fakes of the other tests only claim. */
let folder: ReturnType<typeof temporaryFolder>;
let store: OpenedStore;
let api: Served;
beforeEach(async () => {
  folder = temporaryFolder();
  store = await openTestStore(folder.path);
  api = await serve({
    ...buildContext(),
    clock: createSystemClock(),
    random: systemRandom,
    jobspec: {
      parseJob: (text, { file, variableFiles = [] }) =>
        parseJob(text, {
          file,
          variableFiles: variableFiles.map((one) => ({ name: one.file, text: one.text })),
        }),
      formatDiagnostic,
      decodeJobBody,
      canonicalizeJobBody,
      admitJob,
      multiErrorText,
      warningsText,
      diffJobs,
      annotateDiff,
    },
    plan: (job) => dryRun({ read: store.read, random: systemRandom, search: linearSearch }, job, 1),
    store,
  });
});
afterEach(async () => {
  await api.close();
  await store.close();
  folder.remove();
});

const job = (id: string, more: object = {}): object => ({
  ID: id,
  Name: id,
  Datacenters: ["*"],
  TaskGroups: [
    {
      Name: "front",
      Tasks: [{ Name: "web", Driver: "raw_exec", Config: { command: "/bin/sleep", args: ["9"] } }],
    },
  ],
  ...more,
});
const register = async (id: string, more: object = {}): Promise<Record<string, unknown>> => {
  const response = await api.put("/v1/jobs", { Job: job(id, more) });
  const text = await response.text();
  expect([response.status, text]).toEqual([200, expect.any(String)]);
  return JSON.parse(text) as Record<string, unknown>;
};
const get = async (path: string): Promise<unknown> => (await api.get(path)).json();
const indexOf = async (path: string): Promise<number> =>
  Number((await api.get(path)).headers.get("x-nomad-index"));

describe("the API over the real store", () => {
  test("registers, reads, lists, updates and stops a job", async () => {
    const first = await register("web");
    expect(first["EvalID"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(await get("/v1/job/web")).toMatchObject({
      ID: "web",
      Version: 0,
      JobModifyIndex: first["JobModifyIndex"],
      TaskGroups: [{ Count: 1, Tasks: [{ Name: "web" }] }],
    });
    expect(await get(`/v1/evaluation/${String(first["EvalID"])}`)).toMatchObject({
      JobID: "web",
      Status: "pending",
      CreateIndex: first["EvalCreateIndex"],
    });
    const same = await register("web");
    expect(same["JobModifyIndex"]).toBe(first["JobModifyIndex"]);
    await register("web", { Meta: { a: "b" } });
    expect(await get("/v1/job/web/versions")).toMatchObject({
      Versions: [{ Version: 1 }, { Version: 0 }],
    });
    expect(await get("/v1/jobs")).toMatchObject([
      { ID: "web", JobSummary: { Namespace: "default", Summary: { front: { Running: 0 } } } },
    ]);
    const stop = await api.get("/v1/job/web?purge=true", { method: "DELETE" });
    expect(await stop.json()).toMatchObject({ EvalID: expect.any(String) as string });
    expect((await api.get("/v1/job/web")).status).toBe(404);
  });

  test("wakes a waiting query with the change that it waits for", async () => {
    await register("web");
    const index = await indexOf("/v1/job/web");
    let isDone = false;
    const waiting = api.get(`/v1/job/web?index=${index}&wait=20s`).finally(() => {
      isDone = true;
    });
    await register("other");
    expect(isDone).toBe(false);
    await register("web", { Priority: 70 });
    const response = await waiting;
    expect(await response.json()).toMatchObject({ Priority: 70, Version: 1 });
    expect(Number(response.headers.get("x-nomad-index"))).toBeGreaterThan(index);
  });

  test("pages through lists with the store's own tokens", async () => {
    for (const id of ["a", "b", "c"]) await register(id);
    const idsOf = async (path: string): Promise<string[]> => {
      const found: string[] = [];
      let token = "";
      do {
        const response = await api.get(`${path}&next_token=${encodeURIComponent(token)}`);
        for (const row of (await response.json()) as { ID: string }[]) found.push(row.ID);
        token = response.headers.get("x-nomad-nexttoken") ?? "";
      } while (token !== "");
      return found;
    };
    expect(await idsOf("/v1/jobs?per_page=1")).toEqual(["a", "b", "c"]);
    expect(await idsOf("/v1/jobs?per_page=2&reverse=true")).toEqual(["c", "b", "a"]);
    expect(await idsOf("/v1/jobs?per_page=1&prefix=b")).toEqual(["b"]);
    const all = (await get("/v1/evaluations")) as { ID: string }[];
    expect(await idsOf("/v1/evaluations?per_page=2")).toEqual(all.map(({ ID }) => ID));
    expect(await idsOf("/v1/evaluations?per_page=1&reverse=true")).toEqual(
      all.map(({ ID }) => ID).reverse(),
    );
    const prefix = all[0]?.ID.slice(0, 10) ?? "";
    expect(await idsOf(`/v1/evaluations?per_page=1&prefix=${prefix}`)).toEqual([all[0]?.ID]);
    const filter = encodeURIComponent('JobID == "b"');
    expect(await idsOf(`/v1/evaluations?per_page=1&filter=${filter}`)).toEqual([all[1]?.ID]);
  });

  test("checks the index that a registration names", async () => {
    const { JobModifyIndex: index } = await register("web");
    const put = async (JobModifyIndex: number, id = "web"): Promise<string> =>
      (await api.put("/v1/jobs", { Job: job(id), EnforceIndex: true, JobModifyIndex })).text();
    expect(await put(0)).toBe("Enforcing job modify index 0: job already exists");
    expect(await put(9999)).toBe(
      `Enforcing job modify index 9999: job exists with conflicting job modify index: ${String(index)}`,
    );
    expect(await put(5, "new")).toBe("Enforcing job modify index 5: job does not exist");
    expect(JSON.parse(await put(Number(index)))).toHaveProperty("EvalID");
  });

  test("keeps namespaces, pools, nodes and switches", async () => {
    expect((await api.put("/v1/namespace", { Name: "team" })).status).toBe(200);
    expect(await get("/v1/namespace/team")).toMatchObject({ Name: "team" });
    expect((await api.put("/v1/node/pools", { Name: "edge" })).status).toBe(200);
    expect(await get("/v1/node/pools?prefix=e")).toMatchObject([{ Name: "edge" }]);
    await api.put("/v1/jobs?namespace=team", { Job: job("x") });
    expect(await get("/v1/jobs?namespace=*")).toMatchObject([{ Namespace: "team" }]);
    expect(await get("/v1/jobs")).toEqual([]);
    await store.write("node.register", { node: buildNode(1), evaluations: [] });
    const path = `/v1/node/${uuid(1)}`;
    await api.put(`${path}/drain`, { DrainSpec: { Deadline: -1 } });
    expect(await get(path)).toMatchObject({ Drain: true, SchedulingEligibility: "ineligible" });
    await api.put(`${path}/drain`, { DrainSpec: null, MarkEligible: true });
    expect(await get(path)).toMatchObject({ Drain: false, SchedulingEligibility: "eligible" });
    const switches = "/v1/operator/scheduler/configuration";
    await api.put(switches, { SchedulerAlgorithm: "spread" });
    expect(await get(switches)).toMatchObject({
      SchedulerConfig: { SchedulerAlgorithm: "spread" },
    });
    const gone = await api.get("/v1/namespace/team", { method: "DELETE" });
    expect(await gone.text()).toContain('namespace "team" has non-terminal jobs');
  });

  test("reverts and marks versions", async () => {
    await register("web");
    await register("web", { Meta: { a: "b" } });
    const body = { JobID: "web", JobVersion: 0 };
    expect((await api.put("/v1/job/web/revert", body)).status).toBe(200);
    const now = await get("/v1/job/web");
    expect(now).toMatchObject({ Version: 2, Meta: null });
    const stable = { JobID: "web", JobVersion: 2, Stable: true };
    expect((await api.put("/v1/job/web/stable", stable)).status).toBe(200);
    expect(await get("/v1/job/web")).toMatchObject({ Stable: true });
  });

  test("parses job files as it was recorded", async () => {
    for (const name of ["jobs-parse", "jobs-parse-variables"]) {
      const { request, status, body } = recording(name);
      const response = await api.put(request.path, request.body);
      expect([response.status, withoutNull(await response.json())]).toEqual([status, body]);
    }
    const { request, status } = recording("jobs-parse-error");
    const response = await api.put(request.path, request.body);
    expect([response.status, await response.text()]).toEqual([
      status,
      expect.stringMatching(/^Failed to parse job: input\.hcl:1,\d+-\d+: [A-Z].*; .*\.$/),
    ]);
  });

  test("plans a change with its diff, and refuses what is no job", async () => {
    await store.write("node.register", {
      node: buildNode(1, {
        Drivers: {
          raw_exec: {
            Attributes: null,
            Detected: true,
            Healthy: true,
            HealthDescription: "",
            UpdateTime: null,
          },
        },
        Attributes: { "driver.raw_exec": "1", "kernel.name": "linux" },
      }),
      evaluations: [],
    });
    await register("web");
    const changed = job("web", { Meta: { a: "b" } });
    const plan = await (await api.put("/v1/job/web/plan", { Job: changed, Diff: true })).json();
    expect(plan).toMatchObject({
      Annotations: { DesiredTGUpdates: { front: { Place: 1 } } },
      FailedTGAllocs: null,
      Diff: { Type: "Edited", Fields: [{ Type: "Added", Name: "Meta[a]", New: "b" }] },
    });
    expect(await get("/v1/job/web")).toMatchObject({ Version: 0 });
    await register("web", { Meta: { a: "b" } });
    expect(await get("/v1/job/web/versions?diffs=true")).toMatchObject({
      Diffs: [{ Type: "Edited", ID: "web" }],
    });
    const bad = await api.put("/v1/jobs", { Job: job("a b") });
    expect([bad.status, await bad.text()]).toEqual([
      500,
      "1 error occurred:\n\t* Job ID contains a space\n\n",
    ]);
  });

  test("scales a group within its bounds and tells how it was scaled", async () => {
    const scaling = { Min: 1, Max: 4, Enabled: true };
    const { TaskGroups } = job("web") as { readonly TaskGroups: readonly object[] };
    await register("web", { TaskGroups: TaskGroups.map((one) => ({ ...one, Scaling: scaling })) });
    const scale = async (body: object): Promise<readonly [number, string]> => {
      const response = await api.put("/v1/job/web/scale", body);
      return [response.status, await response.text()];
    };
    const Target = { Group: "front" };
    const [status, text] = await scale({ Target, Count: 3, Message: "guests", Meta: { by: "me" } });
    expect([status, JSON.parse(text)]).toMatchObject([200, { KnownLeader: true }]);
    expect(await scale({ Target, Message: "no water", Error: true })).toEqual([
      200,
      expect.any(String),
    ]);
    expect(await get("/v1/job/web")).toMatchObject({ Version: 1, TaskGroups: [{ Count: 3 }] });
    expect(await get("/v1/job/web/scale")).toMatchObject({
      TaskGroups: {
        front: {
          Desired: 3,
          Events: [
            { Message: "no water", Error: true, Count: null, PreviousCount: 3, EvalID: null },
            { Message: "guests", Count: 3, PreviousCount: 1, Meta: { by: "me" } },
          ],
        },
      },
    });
    expect(await scale({ Target, Count: 0 })).toEqual([
      400,
      "group count was less than scaling policy minimum: 0 < 1",
    ]);
    expect(await scale({ Target, Count: 9 })).toEqual([
      400,
      "group count was greater than scaling policy maximum: 9 > 4",
    ]);
    expect(await scale({ Target, Count: 2, Error: true })).toEqual([
      400,
      "scaling action should not contain count if error is true",
    ]);
    expect(await scale({ Target, Count: 2, EnforceIndex: true, JobModifyIndex: 1 })).toEqual([
      500,
      expect.stringMatching(/^Enforcing job modify index 1: job exists with conflicting/),
    ]);
    expect(await scale({ Target: { ...Target, Job: "other" }, Count: 2 })).toEqual([
      400,
      "Job ID does not match",
    ]);
    expect((await api.put("/v1/job/nope/scale", { Target, Count: 2 })).status).toBe(404);
  });
});

interface Recording {
  readonly request: { readonly path: string; readonly body: unknown };
  readonly status: number;
  readonly body: unknown;
}
const recording = (name: string): Recording =>
  JSON.parse(readFileSync(`test/golden/data/api/${name}.json`, "utf8")) as Recording;

/** The recordings leave null out. */
function withoutNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNull);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== null && field !== undefined)
      .map(([name, field]) => [name, withoutNull(field)]),
  );
}

test("who asks for them gets the faults of a job one by one, with the way to each", async () => {
  const body = { Job: { ...job("web"), Priority: 900 } };
  const plain = await (await api.put("/v1/validate/job", body)).json();
  expect(Object.keys(plain as object)).toEqual([
    "DriverConfigValidated",
    "ValidationErrors",
    "Error",
    "Warnings",
  ]);
  const asked = await (await api.put("/v1/validate/job", { ...body, Diagnostics: true })).json();
  expect(asked).toEqual({
    ...(plain as object),
    Diagnostics: [
      {
        Severity: "error",
        Summary: "Job priority must be between [1, 100]",
        Detail: "",
        Path: ["Priority"],
      },
    ],
  });
});
