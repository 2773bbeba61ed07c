import { beforeEach, expect, test } from "vitest";
import { allocationId, nodeId } from "../../../src/model/ids.ts";
import type { ServiceRegistration } from "../../../src/model/service.ts";
import { numberedAllocation } from "../../support/build-allocation.ts";
import { buildPlan, buildRegistration, buildReport } from "../../support/build-commands.ts";
import { buildJob } from "../../support/build-job.ts";
import { numberedNode } from "../../support/build-node.ts";
import { buildRegistered } from "../../support/build-service.ts";
import { createTestState } from "../../support/state.ts";
import type { TestState } from "../../support/state.ts";
import { uuid } from "../../support/uuid.ts";

let state: TestState;
const node = nodeId(uuid(1));
beforeEach(() => {
  state = createTestState();
  state.apply("node.register", { node: numberedNode(1, { Status: "ready" }), evaluations: [] });
  state.apply("job.register", buildRegistration(buildJob()));
  const job = state.read.jobs({})[0] ?? buildJob();
  const place = [1, 2].map((n) =>
    numberedAllocation(n, job, { NodeID: node, ClientStatus: "running" }),
  );
  state.apply("plan.apply", buildPlan({ place }));
});
const report = (
  upsert: readonly ServiceRegistration[],
  remove: readonly ServiceRegistration[] = [],
  id = node,
) =>
  state.apply("service.report", {
    nodeId: id,
    upsert,
    remove: remove.map((one) => ({ namespace: one.Namespace, id: one.ID })),
  });
const listed = () => state.read.services({ namespace: "*" }).map(({ AllocID }) => AllocID);

test("an instance keeps its first index, and saying the same again changes nothing", () => {
  report([buildRegistered(1)]);
  const first = state.index();
  expect(state.batches.at(-1)?.changes).toEqual([{ table: "services", key: "default/web" }]);
  report([buildRegistered(1)]);
  expect(state.read.tableIndex("services")).toBe(first);
  report([buildRegistered(1, { Tags: ["other"] })]);
  const row = state.read.service({ namespace: "default", id: buildRegistered(1).ID });
  expect(row).toMatchObject({
    Tags: ["other"],
    CreateIndex: first,
    ModifyIndex: state.index(),
  });
});

test("instances are found by name, job, allocation and node", () => {
  report([
    buildRegistered(2),
    buildRegistered(1),
    buildRegistered(1, { ID: "z", ServiceName: "db" }),
  ]);
  const { read } = state;
  expect(read.servicesNamed("web", { namespace: "default" }).map(({ Port }) => Port)).toEqual([
    20_001, 20_002,
  ]);
  const from = `default.${buildRegistered(2).ID}`;
  expect(read.servicesNamed("web", { namespace: "*", from })).toHaveLength(1);
  expect(read.servicesByAllocation(allocationId(uuid(1)))).toHaveLength(2);
  expect(read.servicesByNode(node)).toHaveLength(3);
  expect(read.servicesByJob({ namespace: "default", id: buildRegistered(1).JobID })).toHaveLength(
    3,
  );
});

test("nothing of another node, of an unknown allocation or of one that ended is taken in", () => {
  report([buildRegistered(1)], [], nodeId(uuid(7)));
  report([buildRegistered(9)]);
  state.apply("allocation.report", buildReport(2, "complete"));
  report([buildRegistered(2)]);
  expect(listed()).toEqual([]);
});

test("a node takes out its own and nobody else's", () => {
  report([buildRegistered(1), buildRegistered(2)]);
  report([], [buildRegistered(1)], nodeId(uuid(7)));
  expect(listed()).toHaveLength(2);
  report([], [buildRegistered(1)]);
  expect(listed()).toEqual([uuid(2)]);
});

test.each(["complete", "failed", "lost"] as const)(
  "an allocation that is %s has no services any more",
  (status) => {
    report([buildRegistered(1), buildRegistered(2)]);
    state.apply("allocation.report", buildReport(1, status));
    expect(listed()).toEqual([uuid(2)]);
  },
);

test("the services of a node go when it is down and when it is removed", () => {
  const down = (status: "down" | "disconnected") =>
    state.apply("node.status", {
      nodeId: node,
      status,
      description: "",
      updatedAt: 1,
      event: null,
      evaluations: [],
    });
  report([buildRegistered(1)]);
  down("disconnected");
  expect(listed()).toEqual([uuid(1)]);
  down("down");
  report([buildRegistered(1)]);
  expect(listed()).toEqual([]);
  state.apply("node.register", { node: numberedNode(1, { Status: "ready" }), evaluations: [] });
  report([buildRegistered(1)]);
  expect(listed()).toEqual([uuid(1)]);
  state.apply("node.deregister", { nodeIds: [node], evaluations: [] });
  expect(listed()).toEqual([]);
});

test("one instance can be deleted by hand, once", () => {
  report([buildRegistered(1)]);
  const key = { namespace: "default", id: buildRegistered(1).ID };
  expect(state.apply("service.delete", key)).toEqual({ ok: true });
  expect(state.apply("service.delete", key)).toEqual({ refused: "not-found", detail: key.id });
});
