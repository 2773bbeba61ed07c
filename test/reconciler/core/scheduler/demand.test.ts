import { expect, test } from "vitest";
import {
  allocatedAmount,
  groupAmount,
  nodeCapacity,
  peakAmount,
  taskCpu,
} from "../../../../src/reconciler/core/scheduler/demand.ts";
import { buildAllocation } from "../../../support/build-allocation.ts";
import { buildGroup, buildResources, buildTask } from "../../../support/build-job.ts";
import { buildNode } from "../../../support/build-node.ts";

test("tasks that never run together share their room", () => {
  const amount = peakAmount(
    [
      { cpu: 10, memory: 10, lifecycle: { Hook: "prestart", Sidecar: true } },
      { cpu: 500, memory: 5, lifecycle: { Hook: "prestart", Sidecar: false } },
      { cpu: 100, memory: 100, lifecycle: null },
      { cpu: 20, memory: 20, lifecycle: { Hook: "poststart", Sidecar: false } },
      { cpu: 50, memory: 300, lifecycle: { Hook: "poststop", Sidecar: false } },
    ],
    7,
  );
  expect(amount).toEqual({ cpu: 510, memory: 310, disk: 7 });
});

test("what a group asks is what its allocation then holds", () => {
  const group = buildGroup({ Tasks: [buildTask({ Resources: buildResources({ SecretsMB: 4 }) })] });
  expect(groupAmount(group, buildNode())).toEqual({ cpu: 20, memory: 20, disk: 300 });
  expect(allocatedAmount(buildAllocation().AllocatedResources)).toEqual({
    cpu: 20,
    memory: 16,
    disk: 300,
  });
});

test("whole cores count with their share of the clock", () => {
  expect(taskCpu({ CPU: 0, Cores: 2 }, buildNode())).toBe(2000);
});

test("reserved resources are not for allocations", () => {
  const node = buildNode("n", {
    ReservedResources: {
      Cpu: { CpuShares: 1000, ReservedCpuCores: null },
      Memory: { MemoryMB: 96 },
      Disk: { DiskMB: 500 },
      Networks: { ReservedHostPorts: "" },
    },
  });
  expect(nodeCapacity(node)).toEqual({ cpu: 3000, memory: 4000, disk: 9500 });
});
