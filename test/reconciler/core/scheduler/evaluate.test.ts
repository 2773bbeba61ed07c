import { expect, test } from "vitest";
import { nodeId } from "../../../../src/model/ids.ts";
import { evaluateOnce } from "../../../support/cluster-world.ts";
import { buildAllocation } from "../../../support/build-allocation.ts";
import { buildGroup, buildJob, buildResources, buildTask } from "../../../support/build-job.ts";
import { buildNode } from "../../../support/build-node.ts";

const nodes = [buildNode("node-1")];

test("a service is placed with scores and joins the deployment that starts", () => {
  const output = evaluateOnce(buildJob({ TaskGroups: [buildGroup({ Count: 2 })] }), { nodes });
  expect(output.plan.createDeployment).toMatchObject({
    Status: "running",
    StatusDescription: "Deployment is running",
    ModifyTime: 0,
  });
  expect(output.plan.place.map((a) => a.DeploymentID)).toEqual([
    output.plan.createDeployment?.ID,
    output.plan.createDeployment?.ID,
  ]);
  const scores = output.plan.place.map((a) => a.Metrics?.ScoreMetaData?.[0]?.NormScore ?? NaN);
  expect(scores[0]).toBeCloseTo(0.011333916163444653, 12);
  expect(scores[1]).toBeCloseTo(-0.48872475281773575, 12);
});

test("an update without room for its successor leaves the old one running", () => {
  const big = buildJob({
    Version: 1,
    TaskGroups: [
      buildGroup({ Tasks: [buildTask({ Resources: buildResources({ MemoryMB: 9000 }) })] }),
    ],
  });
  const output = evaluateOnce(big, {
    nodes,
    allocations: [buildAllocation()],
    versions: [buildJob()],
  });
  expect(output.plan.stop).toEqual([]);
  expect(output.failed["web"]).toMatchObject({ DimensionExhausted: { memory: 1 } });
});

test("a migration stops even when nothing else has room", () => {
  const transition = { ...buildAllocation().DesiredTransition, Migrate: true };
  const drained = [buildNode("node-1", { SchedulingEligibility: "ineligible" })];
  const output = evaluateOnce(buildJob(), {
    nodes: drained,
    allocations: [buildAllocation({ DesiredTransition: transition })],
  });
  expect(output.plan.stop).toMatchObject([{ desiredDescription: "alloc is being migrated" }]);
  expect(output.updates["web"]).toMatchObject({ Migrate: 1, Place: 0 });
  expect(output.failed["web"]).toMatchObject({
    NodesEvaluated: 0,
    NodePool: "default",
    NodesAvailable: {},
  });
  expect(output.evaluations[0]).toMatchObject({ QueuedAllocations: { web: 1 } });
});

test("all at once means all or nothing", () => {
  const group = buildGroup({
    Count: 3,
    Tasks: [buildTask({ Resources: buildResources({ MemoryMB: 2000 }) })],
  });
  const place = (AllAtOnce: boolean) =>
    evaluateOnce(buildJob({ AllAtOnce, TaskGroups: [group] }), { nodes }).plan.place;
  expect(place(false)).toHaveLength(2);
  expect(place(true)).toHaveLength(0);
});

test("a system job lands on every feasible node", () => {
  const three = [buildNode("node-1"), buildNode("node-2"), buildNode("node-3", { Drivers: {} })];
  const output = evaluateOnce(buildJob({ Type: "system" }), { nodes: three });
  expect(output.plan.place.map((a) => a.NodeID)).toEqual([nodeId("node-1"), nodeId("node-2")]);
  expect(output.plan.place[0]?.Metrics).toMatchObject({ NodePool: "", NodesEvaluated: 1 });
});

test("an allocation whose node no longer meets the constraints is replaced instead of updated in place", () => {
  const plan9 = { LTarget: "${attr.kernel.name}", Operand: "=", RTarget: "plan9" };
  const both = [
    buildNode("node-1"),
    buildNode("node-2", { ComputedClass: "b", Attributes: { "kernel.name": "plan9" } }),
  ];
  const job = buildJob({ Version: 1, Constraints: [plan9] });
  const output = evaluateOnce(job, {
    nodes: both,
    allocations: [buildAllocation()],
    versions: [buildJob()],
  });
  expect(output.updates["web"]).toMatchObject({ InPlaceUpdate: 0, DestructiveUpdate: 1 });
  expect(output.plan.place.map((a) => a.NodeID)).toEqual(["node-2"]);
});
