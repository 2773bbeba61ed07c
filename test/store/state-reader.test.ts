import { beforeEach, describe, expect, test } from "vitest";
import { deploymentId, jobId, nodeId } from "../../src/model/ids.ts";
import type { Job } from "../../src/model/job.ts";
import type { ListQuery } from "../../src/store/reader.ts";
import { createTestState } from "../support/state.ts";
import type { TestState } from "../support/state.ts";
import { numberedAllocation } from "../support/build-allocation.ts";
import { buildPlan, buildRegistration } from "../support/build-commands.ts";
import { numberedDeployment } from "../support/build-deployment.ts";
import { buildEvaluation } from "../support/build-evaluation.ts";
import { buildJob } from "../support/build-job.ts";
import { numberedNode } from "../support/build-node.ts";
import { uuid } from "../support/uuid.ts";

let state: TestState;
beforeEach(() => {
  state = createTestState();
});
const register = (id: string, Namespace = "default"): Job => {
  state.apply("job.register", buildRegistration(buildJob({ ID: jobId(id), Namespace })));
  return state.read.job({ namespace: Namespace, id: jobId(id) }) ?? buildJob();
};

describe("jobs", () => {
  beforeEach(() => {
    for (const id of ["web.b", "web.a", "api"]) register(id);
    register("web.z", "team-a");
    register("Äpfel", "team-a");
  });
  const list = (query: ListQuery): string[] =>
    state.read.jobs(query).map((job) => `${job.Namespace}/${job.ID}`);

  test("are listed by namespace and id, in byte order", () => {
    expect(list({ namespace: "*" })).toEqual([
      "default/api",
      "default/web.a",
      "default/web.b",
      "team-a/web.z",
      "team-a/Äpfel",
    ]);
    expect(list({ namespace: "team-a" })).toEqual(["team-a/web.z", "team-a/Äpfel"]);
    expect(list({ namespace: "default", prefix: "web" })).toEqual([
      "default/web.a",
      "default/web.b",
    ]);
    expect(list({ namespace: "*", prefix: "Ä" })).toEqual(["team-a/Äpfel"]);
    expect(list({ namespace: "nowhere" })).toEqual([]);
  });

  test("are paged by the first key of the next page, in both directions", () => {
    expect(list({ namespace: "*", from: "default.web.b", limit: 2 })).toEqual([
      "default/web.b",
      "team-a/web.z",
    ]);
    expect(list({ namespace: "*", from: "default.web.b", limit: 2, reverse: true })).toEqual([
      "default/web.b",
      "default/web.a",
    ]);
    expect(list({ namespace: "*", from: "default.webx", limit: 1 })).toEqual(["team-a/web.z"]);
  });
});

describe("allocations", () => {
  let job: Job;
  beforeEach(() => {
    job = register("web");
    for (const numbers of [[7, 3], [5], [9]])
      state.apply(
        "plan.apply",
        buildPlan({
          place: numbers.map((n) =>
            numberedAllocation(n, job, {
              NodeID: nodeId(uuid(n % 2)),
              DeploymentID: n > 5 ? deploymentId(uuid(60)) : null,
            }),
          ),
        }),
      );
  });
  const list = (query: ListQuery): number[] =>
    state.read.allocations(query).map((row) => Number(row.ID.slice(0, 8)));

  test("are listed by creation, ties by id", () => {
    expect(list({})).toEqual([3, 7, 5, 9]);
    expect(list({ reverse: true })).toEqual([9, 5, 7, 3]);
    expect(list({ namespace: "other" })).toEqual([]);
  });

  test("are paged from a creation index and an id", () => {
    expect(list({ from: `3.${uuid(7)}`, limit: 2 })).toEqual([7, 5]);
    expect(list({ from: `4.${uuid(5)}`, reverse: true })).toEqual([5, 7, 3]);
    expect(list({ from: "4.", limit: 1 })).toEqual([5]);
  });

  test("are listed by id when a prefix is given, whose hyphens do not count", () => {
    expect(list({ prefix: "0000000" })).toEqual([3, 5, 7, 9]);
    expect(list({ prefix: "00000007-0" })).toEqual([7]);
    expect(list({ prefix: "0000000700" })).toEqual([7]);
    expect(list({ prefix: uuid(7) })).toEqual([7]);
    expect(list({ prefix: uuid(7).replaceAll("-", "").toUpperCase() })).toEqual([7]);
    expect(list({ prefix: `${uuid(7)}0` })).toEqual([]);
    expect(list({ prefix: "0000000", from: uuid(5), limit: 2 })).toEqual([5, 7]);
    expect(list({ prefix: "%" })).toEqual([]);
  });

  test("are found by everything that they belong to", () => {
    const numbers = (rows: readonly { readonly ID: string }[]): number[] =>
      rows.map((row) => Number(row.ID.slice(0, 8)));
    const key = { namespace: "default", id: job.ID };
    expect(numbers(state.read.allocationsByJob(key))).toEqual([3, 7, 5, 9]);
    expect(numbers(state.read.allocationsByNode(nodeId(uuid(1))))).toEqual([3, 7, 5, 9]);
    expect(state.read.allocationsByNode(nodeId(uuid(0)))).toEqual([]);
    expect(numbers(state.read.allocationsByDeployment(deploymentId(uuid(60))))).toEqual([7, 9]);
    expect(numbers(state.read.allocationsByEvaluation(buildEvaluation(1, job).ID))).toHaveLength(4);
  });
});

describe("evaluations and deployments", () => {
  test("are found by job and status, the latest deployment by creation", () => {
    const job = register("web");
    const key = { namespace: "default", id: job.ID };
    state.apply("plan.apply", {
      ...buildPlan({ createDeployment: numberedDeployment(52, job) }),
      evaluations: [buildEvaluation(1, job), buildEvaluation(2, job, { Status: "complete" })],
    });
    state.apply("plan.apply", buildPlan({ createDeployment: numberedDeployment(51, job) }));
    expect(state.read.evaluationsByStatus("pending").map((row) => row.ID)).toEqual([uuid(1)]);
    expect(state.read.evaluationsByJob(key)).toHaveLength(2);
    expect(state.read.evaluations({ limit: 1 })).toHaveLength(1);
    expect(state.read.latestDeployment(key)?.ID).toBe(uuid(51));
    expect(state.read.deploymentsByJob(key).map((row) => row.ID)).toEqual([uuid(52), uuid(51)]);
    expect(state.read.deployments({ prefix: "00000051" })).toHaveLength(1);
    expect(state.read.activeDeployments()).toHaveLength(2);
    const none = { evaluations: [], allocations: [], jobs: [], nodes: [] };
    state.apply("garbage.collect", { ...none, deployments: [deploymentId(uuid(51))] });
    expect(state.read.latestDeployment(key)?.ID).toBe(uuid(52));
  });
});

test("nodes are listed by id and by prefix", () => {
  for (const n of [2, 1, 11])
    state.apply("node.register", { node: numberedNode(n), evaluations: [] });
  const list = (query: ListQuery): number[] =>
    state.read.nodes(query).map((row) => Number(row.ID.slice(0, 8)));
  expect(list({})).toEqual([1, 2, 11]);
  expect(list({ prefix: "0000001" })).toEqual([11]);
  expect(list({ from: uuid(2) })).toEqual([2, 11]);
  expect(list({ reverse: true, limit: 2 })).toEqual([11, 2]);
});

describe("table indexes", () => {
  test("are the last entry that changed the table, never 0", () => {
    expect(state.read.tableIndex("allocations")).toBe(1);
    register("web");
    expect(state.read.tableIndex("jobs")).toBe(2);
    expect(state.read.tableIndex("jobs", "allocations")).toBe(2);
    state.apply("node.register", { node: numberedNode(1), evaluations: [] });
    expect(state.read.tableIndex("jobs")).toBe(2);
    expect(state.read.tableIndex("jobs", "nodes")).toBe(3);
    expect(state.read.tableIndex()).toBe(3);
  });

  test("a refused command moves none of them", () => {
    state.apply("job.register", buildRegistration(buildJob(), null, { enforceIndex: 99 }));
    expect(state.read.tableIndex("jobs", "evaluations", "job_summaries")).toBe(1);
    expect(state.read.tableIndex()).toBe(2);
    expect(state.batches).toEqual([]);
  });
});

test("what was read once is the same object until it changes", () => {
  const first = register("web");
  expect(state.read.job({ namespace: "default", id: first.ID })).toBe(first);
  expect(state.read.jobs({})[0]).toBe(first);
  state.apply("job.stability", {
    key: { namespace: "default", id: first.ID },
    version: 0,
    stable: true,
  });
  expect(state.read.job({ namespace: "default", id: first.ID })).not.toBe(first);
  expect(first.Stable).toBe(false);
});
