import { afterEach, describe, expect, test } from "vitest";
import {
  buildAllocation,
  buildContext,
  buildDeployment,
  buildEvaluation,
  buildJob,
  buildNode,
  uuid,
} from "./support/build.ts";
import type { TestContext } from "./support/build.ts";
import { serve } from "./support/serve.ts";
import type { Served } from "./support/serve.ts";

let served: Served | undefined;
const start = async (context: TestContext = rich()): Promise<Served> => {
  served = await serve(context);
  return served;
};
afterEach(async () => {
  await served?.close();
  served = undefined;
});

const rich = (): TestContext =>
  buildContext({
    jobs: [buildJob("web"), buildJob("api/v1", { Namespace: "default" })],
    allocations: [buildAllocation(1)],
    evaluations: [buildEvaluation(2)],
    deployments: [buildDeployment(3)],
    nodes: [buildNode(800)],
  });

describe("every answer", () => {
  test("of an unknown path is an empty 404", async () => {
    const response = await (await start()).get("/v1/nothing-here");
    expect([response.status, await response.text()]).toEqual([404, ""]);
    expect(response.headers.get("content-type")).toBeNull();
  });

  test("to a wrong method is 405, also for HEAD and OPTIONS", async () => {
    const api = await start();
    for (const method of ["DELETE", "HEAD", "OPTIONS", "PATCH"]) {
      const response = await api.get("/v1/jobs", { method });
      expect([method, response.status]).toEqual([method, 405]);
      if (method !== "HEAD") expect(await response.text()).toBe("Invalid method");
    }
  });

  test("of a path with two slashes points to the clean one", async () => {
    const response = await (await start()).get("/v1//jobs?prefix=a");
    expect([response.status, response.headers.get("location")]).toEqual([307, "/v1/jobs?prefix=a"]);
  });

  test("for another region is refused", async () => {
    const response = await (await start()).get("/v1/jobs?region=mars");
    expect([response.status, await response.text()]).toEqual([500, "No path to region"]);
  });

  test("without a leader is refused, unless it may be stale", async () => {
    const context = rich();
    context.store.leader = undefined;
    const api = await start(context);
    const response = await api.get("/v1/jobs");
    expect([response.status, await response.text()]).toEqual([500, "No cluster leader"]);
    expect((await api.get("/v1/jobs?stale=")).status).toBe(200);
  });

  test("of a route to come names what is missing", async () => {
    const response = await (await start()).get("/v1/vars");
    expect([response.status, await response.text()]).toEqual([
      501,
      "variables: not built yet (GET /v1/vars)",
    ]);
  });
});

describe("reading one object", () => {
  test("gives a job with its own index, exact times and networks without zero fields", async () => {
    const response = await (await start()).get("/v1/job/web");
    const text = await response.text();
    expect(response.headers.get("x-nomad-index")).toBe("25");
    expect(response.headers.get("x-nomad-knownleader")).toBe("true");
    expect(response.headers.get("x-nomad-lastcontact")).toBe("0");
    expect(text).toContain('"SubmitTime":1700000000123456000,');
    expect(JSON.parse(text)).toMatchObject({
      ID: "web",
      TaskGroups: [
        {
          Networks: [
            {
              IP: "10.0.0.1",
              DynamicPorts: [{ Label: "http", Value: 20001, HostNetwork: "default" }],
            },
          ],
        },
      ],
    });
    expect(text).not.toContain("MBits");
  });

  test("finds a job whose id holds a slash, raw and escaped", async () => {
    const api = await start();
    for (const path of ["/v1/job/api/v1", "/v1/job/api%2Fv1"])
      expect(await (await api.get(path)).json()).toMatchObject({ ID: "api/v1" });
    expect(await (await api.get("/v1/job/api%2Fv1/allocations")).json()).toEqual([]);
  });

  test("of an unknown job is a 404 that carries the table's index", async () => {
    const response = await (await start()).get("/v1/job/nothing");
    expect([response.status, await response.text()]).toEqual([404, "job not found"]);
    expect(response.headers.get("x-nomad-index")).toBe("10");
  });

  test("gives an allocation with its job, older resource shapes and no zero fields", async () => {
    const body = (await (await (await start()).get(`/v1/allocation/${uuid(1)}`)).json()) as object;
    expect(body).toMatchObject({
      Job: { ID: "web" },
      Resources: { CPU: 100, MemoryMB: 64, MemoryMaxMB: 64, DiskMB: 300 },
      SharedResources: { CPU: 0, DiskMB: 300 },
      TaskResources: { web: { CPU: 100, MemoryMaxMB: 0 } },
      TaskStates: {
        web: { Events: [{ DisplayMessage: "Task started by client", ExitCode: 0 }], Paused: "" },
      },
    });
    for (const name of ["DesiredDescription", "DesiredTransition", "NextAllocation", "JobVersion"])
      expect(body, name).not.toHaveProperty(name);
  });

  test("refuses an id that is no UUID", async () => {
    const response = await (await start()).get("/v1/allocation/11111111");
    expect([response.status, await response.text()]).toEqual([
      500,
      "alloc lookup failed: index error: UUID must be 36 characters",
    ]);
  });

  test("never shows a node's secret", async () => {
    const response = await (await start()).get(`/v1/node/${uuid(800)}`);
    expect(await response.json()).toMatchObject({ SecretID: "", Drain: false });
  });

  test("leaves zero fields of an evaluation out, and answers null for a job without deployment", async () => {
    const api = await start();
    const evaluation = await (await api.get(`/v1/evaluation/${uuid(2)}`)).json();
    expect(evaluation).not.toHaveProperty("NodeID");
    expect(evaluation).toMatchObject({ Status: "pending" });
    const none = await api.get("/v1/job/nothing/deployment");
    expect([none.status, await none.text()]).toEqual([200, "null"]);
  });
});

describe("registering", () => {
  test("writes the job with an evaluation and answers with indexes", async () => {
    const context = rich();
    context.store.outcome = () => ({ version: 0, jobModifyIndex: 101, changed: true });
    const response = await (await start(context)).put("/v1/jobs", { job: { ID: "fresh" } });
    expect(await response.json()).toMatchObject({
      EvalCreateIndex: 101,
      JobModifyIndex: 101,
      Index: 101,
      KnownLeader: false,
    });
    expect(context.store.commands).toMatchObject([
      {
        type: "job.register",
        body: {
          job: { ID: "fresh", SubmitTime: 1_700_000_000_000_000_000 },
          enforceIndex: null,
          evaluation: { TriggeredBy: "job-register", JobID: "fresh" },
        },
      },
    ]);
  });

  test.each([
    ['{"Job":', 400, "unexpected EOF"],
    ["{}", 400, "Job must be specified"],
    ['{"Job":{"Name":"x"}}', 400, "Job ID hasn't been provided"],
    ["", 400, "Request body is empty"],
    [
      '{"Job":{"ID":"a","Namespace":"nowhere"}}',
      500,
      "1 error occurred:\n\t* namespace nowhere is not there\n\n",
    ],
  ])("refuses %s", async (body, status, text) => {
    const response = await (await start()).put("/v1/jobs", body);
    expect([response.status, await response.text()]).toEqual([status, text]);
  });

  test("says in the published words that an index does not match", async () => {
    const context = rich();
    context.store.outcome = () => ({ refused: "check-index", jobModifyIndex: 20 });
    const api = await start(context);
    const put = async (index: number): Promise<string> =>
      (
        await api.put("/v1/jobs", { Job: { ID: "web" }, EnforceIndex: true, JobModifyIndex: index })
      ).text();
    expect(await put(0)).toBe("Enforcing job modify index 0: job already exists");
    expect(await put(7)).toBe(
      "Enforcing job modify index 7: job exists with conflicting job modify index: 20",
    );
  });

  test("stopping an unknown job is fine and writes nothing", async () => {
    const context = rich();
    const response = await (await start(context)).get("/v1/job/nothing", { method: "DELETE" });
    expect(await response.json()).toMatchObject({ EvalID: "", Index: 0 });
    expect(response.headers.get("x-nomad-index")).toBe("0");
    expect(context.store.commands).toEqual([]);
  });
});
