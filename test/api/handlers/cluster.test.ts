import { describe, expect, test } from "vitest";
import { AppError } from "../../../src/lib/errors.ts";
import { buildJob, buildNode, uuid } from "../support/build.ts";
import { answerOf, start } from "../support/started.ts";
import { clusterContext } from "../support/cluster-context.ts";

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
    const made = clusterContext();
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
    const made = clusterContext();
    const response = await (await start(made)).put(`/v1/deployment/${verb}/${id}`, body);
    expect(await answerOf(response)).toEqual([500, text]);
    expect(made.store.commands).toEqual([]);
  });

  test("passes on what only the apply could find", async () => {
    const made = clusterContext();
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
    const made = clusterContext();
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
    const made = clusterContext();
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
    const made = clusterContext();
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
    const response = await (await start(clusterContext())).put(`/v1/node/${id}/${verb}`, body);
    expect(await answerOf(response)).toEqual([500, text]);
  });
});

describe("an allocation", () => {
  test("is told to stop", async () => {
    const made = clusterContext();
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
    const served = await start(clusterContext());
    const response = await served.get(path, {
      method,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    expect(await answerOf(response)).toEqual([status, text]);
  });

  test("that are used or not there are not deleted", async () => {
    const made = clusterContext();
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
    const made = clusterContext();
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

describe("a write that the store refuses", () => {
  test("for want of a leader says so", async () => {
    const made = clusterContext();
    made.store.write = () => Promise.reject(new AppError("no-leader", "lost it"));
    const response = await (await start(made)).put("/v1/jobs", { Job: { ID: "a" } });
    expect(await answerOf(response)).toEqual([500, "No cluster leader"]);
  });
});
