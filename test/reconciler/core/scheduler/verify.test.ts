import { expect, test } from "vitest";
import { emptyPlan } from "../../../../src/model/build.ts";
import { allocationId, evaluationId, nodeId } from "../../../../src/model/ids.ts";
import type { Allocation } from "../../../../src/model/allocation.ts";
import type { Node } from "../../../../src/model/node.ts";
import type { Plan } from "../../../../src/model/plan.ts";
import { UsageIndex } from "../../../../src/reconciler/core/scheduler/usage-index.ts";
import { planFaults } from "../../../../src/reconciler/core/scheduler/verify.ts";
import { buildAllocation } from "../../../support/build-allocation.ts";
import { buildGpuNode, buildGpus } from "../../../support/build-device.ts";
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

test("a core or a device has one holder, and the node still has to have it", () => {
  const plain = buildAllocation().AllocatedResources;
  const [[name, task] = []] = Object.entries(plain.Tasks);
  if (name === undefined || !task) throw new Error("one task");
  const holding = (cores: number[], ...DeviceIDs: string[]): Partial<Allocation> => ({
    AllocatedResources: {
      ...plain,
      Tasks: {
        [name]: {
          ...task,
          Cpu: { ...task.Cpu, ReservedCores: cores },
          Devices: [{ Vendor: "nvidia", Type: "gpu", Name: "K80", DeviceIDs }],
        },
      },
    },
  });
  const node = buildGpuNode(buildGpus("K80", ["a", "b!"]));
  const place = [fresh({ ...holding([3], "a"), Name: "shop.web[7]" })];
  expect(faults({ place }, [], node)).toEqual([]);
  expect(faults({ place }, [buildAllocation(holding([3]))], node)).toEqual([
    "node node-1 has core 3 taken twice",
  ]);
  expect(faults({ place }, [buildAllocation(holding([], "a"))], node)).toEqual([
    "node node-1 has device nvidia/gpu[a] taken twice",
  ]);
  const ill = [fresh(holding([4], "b!", "z"))];
  expect(faults({ place: ill }, [], node)).toEqual([
    "node node-1 has no core 4 to give",
    "node node-1 has no device nvidia/gpu[b!] to give",
    "node node-1 has no device nvidia/gpu[z] to give",
  ]);
});

test("a plan may follow one that never started to the one that still has the place, and nobody else may", () => {
  const resources = buildAllocation().AllocatedResources;
  const Value = 80;
  const door = { Label: "door", Value, To: 0, HostIP: "127.0.0.1", IgnoreCollision: false };
  const AllocatedResources = { ...resources, Shared: { ...resources.Shared, Ports: [door] } };
  const kept = buildAllocation({ AllocatedResources, DesiredStatus: "stop" });
  const stuck = buildAllocation({
    ID: allocationId("stuck"),
    PreviousAllocation: kept.ID,
    ClientStatus: "pending",
    AllocatedResources,
  });
  const next = fresh({ PreviousAllocation: stuck.ID, AllocatedResources });
  expect(faults({ place: [next], stop: [stopOf(stuck)] }, [kept, stuck])).toEqual([]);
  const failed = { ...stuck, ClientStatus: "failed" as const };
  expect(faults({ place: [next], stop: [stopOf(failed)] }, [kept, failed])).toEqual([]);
  expect(faults({ place: [fresh({ AllocatedResources })] }, [kept, failed])).toEqual([
    "node node-1 has 127.0.0.1:80 taken twice",
  ]);
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
