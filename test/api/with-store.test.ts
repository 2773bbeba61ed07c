import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { admitJob } from "../../src/jobspec/admit-job.ts";
import { canonicalizeJobBody } from "../../src/jobspec/canonicalize-body.ts";
import { decodeJobBody } from "../../src/jobspec/decode-body.ts";
import { createSystemClock } from "../../src/lib/system/clock.ts";
import { systemRandom } from "../../src/lib/system/random.ts";
import type { OpenedStore } from "../../src/store/open-store.ts";
import { openTestStore, temporaryFolder } from "../support/store.ts";
import { buildContext, buildNode, plainJobspec, uuid } from "./support/build.ts";
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
    jobspec: { ...plainJobspec, decodeJobBody, canonicalizeJobBody, admitJob },
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
});
