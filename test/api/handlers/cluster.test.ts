import { afterEach, describe, expect, test } from "vitest";
import type { ApiContext } from "../../../src/api/context.ts";
import { AppError } from "../../../src/lib/errors.ts";
import {
  buildAllocation,
  buildContext,
  buildDeployment,
  buildJob,
  buildNode,
  uuid,
} from "../support/build.ts";
import type { TestContext } from "../support/build.ts";
import { serve } from "../support/serve.ts";
import type { Served } from "../support/serve.ts";

let api: Served | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});
const start = async (context: TestContext): Promise<Served> => (api = await serve(context));
const answerOf = async (response: Response): Promise<[number, string]> => [
  response.status,
  await response.text(),
];
const canary = {
  AutoRevert: false,
  AutoPromote: false,
  ProgressDeadline: 0,
  RequireProgressBy: null,
  Promoted: false,
  PlacedCanaries: null,
  DesiredCanaries: 1,
  DesiredTotal: 2,
  PlacedAllocs: 1,
  HealthyAllocs: 1,
  UnhealthyAllocs: 0,
};
const context = (overrides: Partial<ApiContext> = {}): TestContext =>
  buildContext(
    {
      jobs: [buildJob("web"), buildJob("everywhere", { Type: "system" })],
      allocations: [buildAllocation(1)],
      deployments: [
        buildDeployment(3, { TaskGroups: { front: canary } }),
        buildDeployment(4, { Status: "successful" }),
      ],
      nodes: [buildNode(800)],
      pools: [
        {
          Name: "edge",
          Description: "",
          Meta: null,
          SchedulerConfiguration: null,
          CreateIndex: 1,
          ModifyIndex: 1,
        },
      ],
    },
    overrides,
  );

describe("a deployment", () => {
  test.each([
    [
      "fail",
      undefined,
      "deployment.status",
      { update: { status: "failed", statusDescription: "Deployment marked as failed" } },
    ],
    [
      "pause",
      { Pause: true },
      "deployment.status",
      { update: { status: "paused", statusDescription: "Deployment is paused" }, evaluations: [] },
    ],
    [
      "pause",
      { Pause: false },
      "deployment.status",
      {
        update: {
          status: "running",
          statusDescription: "Deployment is running but requires manual promotion",
        },
        evaluations: [
          { TriggeredBy: "deployment-watcher", DeploymentID: uuid(3), JobModifyIndex: 0 },
        ],
      },
    ],
    ["promote", { All: true }, "deployment.promote", { groups: null }],
    ["promote", { Groups: ["front"] }, "deployment.promote", { groups: ["front"] }],
    [
      "allocation-health",
      { HealthyAllocationIDs: [uuid(1)] },
      "deployment.health",
      { healthy: [uuid(1)], unhealthy: [], at: "2023-11-14T22:13:20.000Z" },
    ],
  ])("takes %s with %j", async (verb, body, type, command) => {
    const made = context();
    const response = await (await start(made)).put(`/v1/deployment/${verb}/${uuid(3)}`, body);
    expect(await response.json()).toMatchObject({ DeploymentModifyIndex: 101, Index: 101 });
    expect(made.store.commands).toMatchObject([{ type, body: command }]);
  });

  test.each([
    ["promote", uuid(9), { All: true }, "deployment not found"],
    ["promote", uuid(4), { All: true }, "can't promote terminal deployment"],
    ["fail", uuid(4), undefined, "can't fail terminal deployment"],
    ["pause", uuid(4), { Pause: true }, "can't pause terminal deployment"],
    ["unblock", uuid(4), {}, "can't unblock terminal deployment"],
    ["allocation-health", uuid(3), {}, "must specify at least one healthy/unhealthy allocation ID"],
  ])("refuses %s of %s with %j", async (verb, id, body, text) => {
    const made = context();
    const response = await (await start(made)).put(`/v1/deployment/${verb}/${id}`, body);
    expect(await answerOf(response)).toEqual([500, text]);
    expect(made.store.commands).toEqual([]);
  });

  test("passes on what only the apply could find", async () => {
    const made = context();
    made.store.outcome = () => ({ refused: "unhealthy-canaries", detail: "1/2 are healthy" });
    const response = await (
      await start(made)
    ).put(`/v1/deployment/promote/${uuid(3)}`, { All: true });
    expect(await answerOf(response)).toEqual([500, "1/2 are healthy"]);
  });
});

describe("a node", () => {
  const path = `/v1/node/${uuid(800)}`;

  test("drains until a deadline, and stops draining with evaluations", async () => {
    const made = context();
    const served = await start(made);
    await served.put(`${path}/drain`, { DrainSpec: { Deadline: 3_600_000_000_000 } });
    const off = await served.put(`${path}/drain`, { DrainSpec: null, MarkEligible: true });
    expect(await off.json()).toMatchObject({ EvalCreateIndex: 102, NodeModifyIndex: 102 });
    expect(made.store.commands).toMatchObject([
      {
        type: "node.drain",
        body: {
          strategy: {
            Deadline: 3_600_000_000_000,
            IgnoreSystemJobs: false,
            ForceDeadline: "2023-11-14T23:13:20.000Z",
          },
          evaluations: [],
        },
      },
      {
        type: "node.drain",
        body: {
          strategy: null,
          markEligible: true,
          evaluations: [{ JobID: "everywhere" }, { JobID: "web" }],
        },
      },
    ]);
  });

  test("becomes ineligible once; asking again changes nothing", async () => {
    const made = context();
    const served = await start(made);
    const body = { Eligibility: "ineligible" };
    expect(await (await served.put(`${path}/eligibility`, body)).json()).toEqual({
      NodeModifyIndex: 0,
      EvalIDs: null,
      EvalCreateIndex: 0,
      Index: 101,
    });
    made.store.tables.nodes[0] = buildNode(800, { SchedulingEligibility: "ineligible" });
    const again = await served.put(`${path}/eligibility`, body);
    expect(again.headers.get("x-nomad-index")).toBe("0");
    expect(made.store.commands).toHaveLength(1);
    const eligible = await served.put(`${path}/eligibility`, { Eligibility: "eligible" });
    expect(await eligible.json()).toMatchObject({ NodeModifyIndex: 0, EvalCreateIndex: 102 });
    expect(made.store.commands[1]).toMatchObject({
      body: { eligibility: "eligible", evaluations: [{ TriggeredBy: "node-update" }, {}] },
    });
  });

  test("is evaluated and purged", async () => {
    const made = context();
    const served = await start(made);
    const answer = await (await served.put(`${path}/evaluate`)).json();
    expect(answer).toMatchObject({ NodeModifyIndex: 101, HeartbeatTTL: 0, NumNodes: 1 });
    await served.put(`${path}/purge`);
    expect(made.store.commands).toMatchObject([
      { type: "evaluation.upsert" },
      { type: "node.deregister", body: { nodeIds: [uuid(800)] } },
    ]);
  });

  test.each([
    ["eligibility", uuid(800), { Eligibility: "maybe" }, 'invalid scheduling eligibility "maybe"'],
    ["eligibility", uuid(800), {}, 'invalid scheduling eligibility ""'],
    ["drain", uuid(9), { DrainSpec: null }, "node not found"],
  ])("refuses %s of %s with %j", async (verb, id, body, text) => {
    const response = await (await start(context())).put(`/v1/node/${id}/${verb}`, body);
    expect(await answerOf(response)).toEqual([500, text]);
  });
});

describe("an allocation", () => {
  test("is told to stop", async () => {
    const made = context();
    const path = `/v1/allocation/${uuid(1)}/stop?no_shutdown_delay=true`;
    const answer = (await (await (await start(made)).put(path)).json()) as object;
    expect(answer).toMatchObject({ Index: 101 });
    expect(answer).toHaveProperty("EvalID");
    expect(made.store.commands).toMatchObject([
      {
        type: "allocation.transition",
        body: {
          transitions: [
            {
              allocationId: uuid(1),
              transition: { Migrate: true, Reschedule: false, NoShutdownDelay: true },
            },
          ],
          evaluations: [{ TriggeredBy: "alloc-stop", JobID: "web" }],
        },
      },
    ]);
  });
});

describe("namespaces and pools", () => {
  test.each([
    ["PUT", "/v1/namespace", { Name: "team", Description: "d" }, 200, ""],
    ["PUT", "/v1/namespace/team", {}, 200, ""],
    ["PUT", "/v1/namespace/a", { Name: "b" }, 400, "Namespace name does not match request path"],
    [
      "PUT",
      "/v1/namespace",
      { Name: "bad name" },
      500,
      'Invalid namespace "bad name": 1 error occurred:\n\t* invalid name "bad name". Must match regex ^[a-zA-Z0-9-]{1,128}$\n\n',
    ],
    ["DELETE", "/v1/namespace/default", undefined, 500, "can not delete default namespace"],
    ["DELETE", "/v1/namespace/team", undefined, 200, ""],
    ["PUT", "/v1/node/pools", { Name: "rim" }, 200, ""],
    ["PUT", "/v1/node/pools", { Name: "all" }, 400, 'modifying node pool "all" is not allowed'],
    ["DELETE", "/v1/node/pool/edge", undefined, 200, ""],
    ["GET", "/v1/node/pool/nowhere", undefined, 404, "node pool not found"],
    ["GET", "/v1/namespace/nowhere", undefined, 404, "Namespace not found"],
  ])("%s %s with %j answers %i", async (...row) => {
    const [method, path, body, status, text] = row;
    const served = await start(context());
    const response = await served.get(path, {
      method,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    expect(await answerOf(response)).toEqual([status, text]);
  });

  test("that are used or not there are not deleted", async () => {
    const made = context();
    made.store.outcome = (type) => ({
      refused: type === "namespace.delete" ? "not-found" : "in-use",
      detail: "",
    });
    const served = await start(made);
    const remove = async (path: string): Promise<string> =>
      (await served.get(path, { method: "DELETE" })).text();
    expect(await remove("/v1/namespace/nowhere")).toBe("namespace not found");
    made.store.tables.jobs.push(buildJob("far", { NodePool: "edge" }));
    expect(await remove("/v1/node/pool/edge")).toBe(
      '1 error occurred:\n\t* node pool "edge" has non-terminal jobs in regions: [global]\n\n',
    );
  });

  test("have their nodes and jobs", async () => {
    const made = context();
    made.store.tables.jobs.push(buildJob("far", { NodePool: "edge" }));
    made.store.tables.nodes.push(buildNode(801, { NodePool: "edge" }));
    const served = await start(made);
    expect(await (await served.get("/v1/node/pool/edge/nodes")).json()).toMatchObject([
      { ID: uuid(801) },
    ]);
    expect(await (await served.get("/v1/node/pool/edge/jobs")).json()).toMatchObject([
      { ID: "far" },
    ]);
    expect((await served.get("/v1/node/pool/edge/jobs?prefix=f")).status).toBe(400);
  });
});

describe("the agent", () => {
  test("tells of itself, its members, its regions and its leader", async () => {
    const served = await start(context());
    expect(await (await served.get("/v1/agent/self")).json()).toMatchObject({
      config: { Region: "global" },
      member: { Name: "n1.global" },
      stats: { nomad: { leader: "true" } },
    });
    expect(await (await served.get("/v1/agent/members")).json()).toMatchObject({
      ServerName: "n1",
      ServerRegion: "global",
      ServerDC: "dc1",
      Members: [{ Status: "alive" }],
    });
    expect(await (await served.get("/v1/regions")).json()).toEqual(["global"]);
    const leader = await served.get("/v1/status/leader");
    expect(leader.headers.get("x-nomad-index")).toBeNull();
    expect(await answerOf(leader)).toEqual([200, '"127.0.0.1:4647"']);
  });

  test("is well with a leader and says so when it is not", async () => {
    const made = context();
    const served = await start(made);
    expect(await (await served.get("/v1/agent/health")).json()).toEqual({
      server: { ok: true, message: "ok" },
    });
    expect(await (await served.get("/v1/agent/health?type=moon")).json()).toEqual({});
    const client = await served.get("/v1/agent/health?type=client");
    expect(client.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(await answerOf(client)).toEqual([
      500,
      '{"client":{"ok":false,"message":"client not enabled"}}',
    ]);
    made.store.leader = undefined;
    expect((await served.get("/v1/agent/health")).status).toBe(500);
  });

  test.each([
    ["PUT", "/v1/agent/join", 400, "missing address to join"],
    ["GET", "/v1/agent/join?address=127.0.0.1:9", 405, "Invalid method"],
    ["PUT", "/v1/agent/join?address=a", 200, '{"error":"","num_joined":1,"warning":""}'],
    ["PUT", "/v1/agent/force-leave", 400, "missing node to force leave"],
    ["PUT", "/v1/agent/force-leave?node=nobody", 200, ""],
    ["GET", "/v1/agent/servers", 501, "Invalid method"],
    ["GET", "/v1/agent/monitor?log_level=whisper", 400, "Unknown log level: whisper"],
    ["GET", "/v1/agent/monitor?plain=true", 200, "one line\n"],
    ["GET", "/v1/agent/monitor", 200, '{"Data":"b25lIGxpbmUK","FileEvent":"log"}'],
    ["GET", "/v1/operator/license", 204, ""],
    ["PUT", "/v1/operator/license", 501, "Nomad Enterprise only endpoint"],
    ["GET", "/v1/operator/utilization", 405, "Invalid method"],
    ["GET", "/v1/quotas", 501, "Nomad Enterprise only endpoint"],
    ["GET", "/v1/sentinel/policies", 501, "Nomad Enterprise only endpoint"],
    ["GET", "/v1/acl/policies", 400, "ACL support disabled"],
    ["GET", "/v1/volumes?type=csi", 200, "[]"],
    ["GET", "/v1/volumes?type=moon", 404, "resource not found"],
    ["GET", "/v1/volume/csi/none", 404, "volume not found"],
    ["PUT", "/v1/system/reconcile/summaries", 200, ""],
    ["POST", "/v1/system/gc", 405, "Invalid method"],
    ["GET", "/v1/metrics?format=prometheus", 415, "Prometheus is not enabled"],
  ])("%s %s answers %i", async (method, path, status, text) => {
    const served = await start(context());
    expect(await answerOf(await served.get(path, { method }))).toEqual([status, text]);
  });

  test("has a made-up token while there is no access control", async () => {
    const response = await (await start(context())).get("/v1/acl/token/self");
    expect(await response.json()).toMatchObject({
      AccessorID: "acls-disabled",
      Type: "client",
      CreateTime: "0001-01-01T00:00:00Z",
    });
  });

  test("shows a page that says what runs here, with nothing in it that it was told", async () => {
    const served = await start(context({ nodeName: "<script>" }));
    for (const path of ["/", "/ui/", "/ui/jobs/web"]) {
      const response = await served.get(path);
      expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
      const text = await response.text();
      expect(text).toContain("&lt;script&gt;");
      expect(text).not.toContain("<script>");
    }
  });

  test("collects garbage by force and measures", async () => {
    const forced: boolean[] = [];
    const served = await start(
      context({
        collectGarbage: (force) => {
          forced.push(force);
          return Promise.resolve();
        },
      }),
    );
    const response = await served.put("/v1/system/gc", {});
    expect([response.status, response.headers.get("x-nomad-index")]).toEqual([200, null]);
    expect(forced).toEqual([true]);
    expect(await (await served.get("/v1/metrics")).json()).toMatchObject({
      Timestamp: "2023-11-14 22:13:20 +0000 UTC",
      Gauges: [{ Name: "nomad.jobs", Value: 1 }],
    });
  });
});

describe("the scheduler's switches", () => {
  test("are read and set, by comparison when asked", async () => {
    const made = context();
    made.store.outcome = () => ({ updated: true });
    const served = await start(made);
    const path = "/v1/operator/scheduler/configuration";
    expect(await (await served.get(path)).json()).toMatchObject({
      SchedulerConfig: { SchedulerAlgorithm: "binpack" },
      KnownLeader: true,
    });
    const body = {
      SchedulerAlgorithm: "spread",
      PreemptionConfig: { SystemSchedulerEnabled: true },
    };
    expect(await (await served.put(`${path}?cas=7`, body)).json()).toEqual({
      Updated: true,
      Index: 101,
    });
    expect(made.store.commands).toMatchObject([
      { body: { checkIndex: 7, config: { SchedulerAlgorithm: "spread" } } },
    ]);
    expect(await answerOf(await served.put(path, { SchedulerAlgorithm: "moon" }))).toEqual([
      400,
      "invalid scheduler algorithm: moon",
    ]);
  });
});

describe("search", () => {
  test("finds ids by their beginning, the exact one first", async () => {
    const made = context();
    made.store.tables.jobs.push(buildJob("web-2"));
    const response = await (
      await start(made)
    ).put("/v1/search", { Prefix: "web", Context: "jobs" });
    expect(await response.json()).toEqual({
      Matches: { jobs: ["web", "web-2"] },
      Truncations: { jobs: false },
      Index: 100,
      LastContact: 0,
      KnownLeader: true,
      NextToken: "",
    });
  });

  test("looks everywhere that the prefix fits, and stops at twenty", async () => {
    const made = context();
    made.store.tables.nodes.push(...Array.from({ length: 30 }, (_, n) => buildNode(n)));
    const response = await (
      await start(made)
    ).put("/v1/search", { Prefix: "000000", Context: "all" });
    const { Matches, Truncations } = (await response.json()) as {
      Matches: Record<string, string[]>;
      Truncations: Record<string, boolean>;
    };
    expect(Matches).toMatchObject({ allocs: [uuid(1)], jobs: [] });
    expect([Matches["nodes"]?.length, Truncations["nodes"]]).toEqual([20, true]);
  });

  test("knows its contexts", async () => {
    const response = await (
      await start(context())
    ).put("/v1/search", { Prefix: "x", Context: "moons" });
    expect(await answerOf(response)).toEqual([
      500,
      "context must be one of [allocs jobs nodes node_pools evals deployment plugins volumes scaling_policy vars namespaces host_volumes] or 'all' for all contexts; got \"moons\"",
    ]);
  });
});

describe("a write that the store refuses", () => {
  test("for want of a leader says so", async () => {
    const made = context();
    made.store.write = () => Promise.reject(new AppError("no-leader", "lost it"));
    const response = await (await start(made)).put("/v1/jobs", { Job: { ID: "a" } });
    expect(await answerOf(response)).toEqual([500, "No cluster leader"]);
  });
});
