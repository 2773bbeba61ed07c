import { beforeEach, expect, test } from "vitest";
import { jobId, nodeId } from "../../../src/model/ids.ts";
import type { Node, NodeEvent } from "../../../src/model/node.ts";
import { createTestState } from "../../support/state.ts";
import type { TestState } from "../../support/state.ts";
import { buildRegistration } from "../../support/build-commands.ts";
import { buildEvaluation } from "../../support/build-evaluation.ts";
import { buildJob } from "../../support/build-job.ts";
import { numberedNode } from "../../support/build-node.ts";
import { uuid } from "../../support/uuid.ts";

let state: TestState;
beforeEach(() => {
  state = createTestState();
  state.apply("node.register", { node: numberedNode(1), evaluations: [] });
});
const id = nodeId(uuid(1));
const node = (): Node => state.read.node(id) ?? numberedNode(1);
const event = (Message: string): NodeEvent => ({
  Message,
  Subsystem: "Drain",
  Details: null,
  Timestamp: null,
  CreateIndex: 0,
});
const drain = (isOn: boolean, rest: { markEligible?: boolean; isComplete?: boolean } = {}) =>
  state.apply("node.drain", {
    nodeId: id,
    strategy: isOn
      ? { Deadline: 3600e9, IgnoreSystemJobs: false, ForceDeadline: null, StartedAt: null }
      : null,
    markEligible: false,
    at: `2023-11-14T23:00:${String(state.index()).padStart(2, "0")}Z`,
    meta: null,
    event: event("drain"),
    evaluations: [],
    ...rest,
  });
const status = (value: "ready" | "down") =>
  state.apply("node.status", {
    nodeId: id,
    status: value,
    description: "",
    updatedAt: 42,
    event: null,
    evaluations: [buildEvaluation(5, buildJob())],
  });

test("registering again keeps what operators decided and what the cluster noted", () => {
  drain(true);
  state.apply("node.register", { node: numberedNode(1, { Name: "renamed" }), evaluations: [] });
  expect(node()).toMatchObject({
    Name: "renamed",
    CreateIndex: 2,
    ModifyIndex: 4,
    SchedulingEligibility: "ineligible",
    DrainStrategy: { Deadline: 3600e9 },
    LastDrain: { Status: "draining" },
  });
  expect(node().Events?.map((item) => [item.Message, item.CreateIndex])).toEqual([
    ["Node registered", 0],
    ["drain", 3],
  ]);
});

test("a status change is stamped, noted when the heartbeat was missed, and its evaluations written", () => {
  expect(status("down")).toEqual({ ok: true });
  expect(node()).toMatchObject({
    Status: "down",
    StatusUpdatedAt: 42,
    LastMissedHeartbeatIndex: 3,
  });
  expect(state.read.evaluationsByStatus("pending")).toHaveLength(1);
  state.apply("node.register", { node: numberedNode(1), evaluations: [] });
  expect(node().Events?.at(-1)?.Message).toBe("Node re-registered");
});

test("events are the newest ten", () => {
  for (let n = 0; n < 12; n++)
    state.apply("node.eligibility", {
      nodeId: id,
      eligibility: "eligible",
      event: event(`e${n}`),
      evaluations: [],
    });
  expect(node().Events).toHaveLength(10);
  expect(node().Events?.at(-1)).toMatchObject({ Message: "e11", CreateIndex: state.index() });
});

test("a draining node cannot be made eligible; ending the drain may do it", () => {
  drain(true);
  const eligibility = {
    nodeId: id,
    eligibility: "eligible",
    event: null,
    evaluations: [],
  } as const;
  expect(state.apply("node.eligibility", eligibility)).toMatchObject({ refused: "draining" });
  drain(false, { markEligible: true });
  expect(node()).toMatchObject({
    SchedulingEligibility: "eligible",
    DrainStrategy: null,
    LastDrain: {
      Status: "canceled",
      StartedAt: "2023-11-14T23:00:02Z",
      UpdatedAt: "2023-11-14T23:00:04Z",
    },
  });
});

test("a drain that is through stays complete and the node ineligible", () => {
  drain(true);
  drain(false, { isComplete: true });
  expect(node()).toMatchObject({
    SchedulingEligibility: "ineligible",
    LastDrain: { Status: "complete" },
  });
  drain(false);
  expect(node().LastDrain?.Status).toBe("complete");
});

test("commands about unknown nodes are refused and write nothing", () => {
  state.apply("node.deregister", { nodeIds: [id], evaluations: [] });
  expect(state.read.node(id)).toBeUndefined();
  expect(status("ready")).toEqual({ refused: "not-found", detail: uuid(1) });
  expect(drain(true)).toMatchObject({ refused: "not-found" });
  expect(state.read.evaluationsByStatus("pending")).toEqual([]);
});

test("a node makes the pool that it names, and a pool in use is not deleted", () => {
  state.apply("node.register", { node: numberedNode(2, { NodePool: "edge" }), evaluations: [] });
  expect(state.read.nodePool("edge")).toMatchObject({ CreateIndex: 3 });
  const remove = () => state.apply("node-pool.delete", { names: ["edge"] });
  expect(remove()).toEqual({ refused: "in-use", detail: 'node pool "edge" has nodes' });
  state.apply("node.deregister", { nodeIds: [nodeId(uuid(2))], evaluations: [] });
  state.apply("job.register", buildRegistration(buildJob({ NodePool: "edge" })));
  expect(remove()).toMatchObject({ detail: 'node pool "edge" has non-terminal jobs' });
  state.apply("job.deregister", {
    key: { namespace: "default", id: jobId("shop") },
    purge: true,
    submitTime: 1,
    evaluation: null,
    noShutdownDelay: false,
  });
  expect(remove()).toEqual({ ok: true });
  expect(remove()).toMatchObject({ refused: "not-found" });
});

test("what a node notes itself is kept behind what the cluster notes, ten in all", () => {
  const noted = (first: number, count: number): Node =>
    numberedNode(1, {
      Events: Array.from({ length: count }, (_, at) => event(`own ${first + at}`)),
    });
  state.apply("node.register", { node: noted(1, 2), evaluations: [] });
  expect(node().Events?.map((item) => [item.Message, item.CreateIndex])).toEqual([
    ["Node registered", 0],
    ["own 1", 3],
    ["own 2", 3],
  ]);
  state.apply("node.register", { node: noted(3, 9), evaluations: [] });
  expect(node().Events).toHaveLength(10);
  expect(node().Events?.at(0)?.Message).toBe("own 2");
  expect(node().Events?.at(-1)).toMatchObject({ Message: "own 11", CreateIndex: 4 });
});
