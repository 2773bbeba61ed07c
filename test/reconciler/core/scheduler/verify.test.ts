import { expect, test } from "vitest";
import { emptyPlan } from "../../../../src/model/build.ts";
import { allocationId, evaluationId, nodeId } from "../../../../src/model/ids.ts";
import type { Allocation } from "../../../../src/model/allocation.ts";
import type { Node } from "../../../../src/model/node.ts";
import type { Plan } from "../../../../src/model/plan.ts";
import { UsageIndex } from "../../../../src/reconciler/core/scheduler/usage-index.ts";
import { planFaults } from "../../../../src/reconciler/core/scheduler/verify.ts";
import { buildAllocation } from "../../../support/build-allocation.ts";
import { buildNode } from "../../../support/build-node.ts";

function faults(
  plan: Partial<Plan>,
  allocations: Allocation[] = [],
  node: Partial<Node> = {},
): string[] {
  const index = new UsageIndex();
  for (const a of allocations) index.update(a.ID, a);
  return planFaults(
    { ...emptyPlan(evaluationId("e")), ...plan },
    {
      node: (id) => (id === nodeId("node-1") ? buildNode("node-1", node) : undefined),
      usage: (id) => index.usage(id),
      allocation: (id) => allocations.find((a) => a.ID === id),
    },
  );
}
const stopOf = (a: Allocation) => ({
  allocationId: a.ID,
  desiredStatus: "stop" as const,
  desiredDescription: "",
  clientStatus: null,
  followupEvalId: null,
});
const fresh = (over: Partial<Allocation> = {}) =>
  buildAllocation({ ID: allocationId("new"), ClientStatus: "pending", ...over });

test("a plan that fits passes", () => {
  expect(faults({ place: [fresh()] })).toEqual([]);
});

test("a node that went away, closed or filled up refuses the plan", () => {
  expect(faults({ place: [fresh({ NodeID: nodeId("gone") })] })).toEqual([
    "node gone takes no work",
  ]);
  expect(faults({ place: [fresh()] }, [], { SchedulingEligibility: "ineligible" })).toHaveLength(1);
  expect(
    faults({ place: [fresh()] }, [], {
      ReservedResources: { ...buildNode().ReservedResources, Memory: { MemoryMB: 4090 } },
    }),
  ).toEqual(["node node-1 has too little memory"]);
});

test("a name lives once, unless the other one stops in the same plan", () => {
  const old = buildAllocation();
  expect(faults({ place: [fresh()] }, [old])).toHaveLength(1);
  expect(
    faults({ place: [fresh({ PreviousAllocation: old.ID })], stop: [stopOf(old)] }, [old]),
  ).toEqual([]);
});

test("what is to be stopped or updated must still be there", () => {
  expect(faults({ stop: [stopOf(buildAllocation())] })).toHaveLength(1);
  const ended = buildAllocation({ ClientStatus: "complete" });
  const update = {
    allocationId: ended.ID,
    jobVersion: 1,
    deploymentId: null,
    allocatedResources: ended.AllocatedResources,
  };
  expect(faults({ updateInPlace: [update] }, [ended])).toHaveLength(1);
});

test("what is wanted again may be updated with it, unless it has ended meanwhile", () => {
  const kept = buildAllocation({ DesiredStatus: "stop" });
  const revive = [{ allocationId: kept.ID, successorId: allocationId("new") }];
  const update = {
    allocationId: kept.ID,
    jobVersion: 2,
    deploymentId: null,
    allocatedResources: kept.AllocatedResources,
  };
  expect(faults({ updateInPlace: [update] }, [kept])).toHaveLength(1);
  expect(faults({ updateInPlace: [update], revive }, [kept])).toEqual([]);
  expect(faults({ revive }, [{ ...kept, ClientStatus: "complete" }])).toEqual([
    `allocation ${kept.ID} has ended`,
  ]);
});
