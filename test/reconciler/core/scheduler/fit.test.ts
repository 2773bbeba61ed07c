import { expect, test } from "vitest";
import { allocationId } from "../../../../src/model/ids.ts";
import { exhaustedDimension, fitGroup } from "../../../../src/reconciler/core/scheduler/fit.ts";
import { NodeUsage, holdingOf } from "../../../../src/reconciler/core/scheduler/usage.ts";
import { buildAllocation } from "../../../support/build-allocation.ts";
import { buildGroup, buildResources, buildTask } from "../../../support/build-job.ts";
import { buildNode } from "../../../support/build-node.ts";

const groupOf = (over: Parameters<typeof buildResources>[0]) =>
  buildGroup({ Tasks: [buildTask({ Resources: buildResources(over) })] });
const fit = (group: ReturnType<typeof buildGroup>, usage = new NodeUsage(), previous?: string) =>
  fitGroup({
    group,
    node: buildNode(),
    usage,
    previous: previous === undefined ? undefined : allocationId(previous),
    fraction: () => 0,
    memoryOversubscription: false,
  });

test("an allocation gets exactly what its tasks asked for", () => {
  expect(fit(buildGroup())).toMatchObject({
    packed: { cpu: 20, memory: 16, disk: 300 },
    resources: {
      Tasks: { main: { Cpu: { CpuShares: 20 }, Memory: { MemoryMB: 16, MemoryMaxMB: 0 } } },
      Shared: { Networks: null, DiskMB: 300, Ports: null },
    },
  });
});

test("the first dimension that runs out is named", () => {
  expect(fit(groupOf({ CPU: 4001 }))).toEqual({ exhausted: "cpu" });
  expect(fit(groupOf({ MemoryMB: 4097 }))).toEqual({ exhausted: "memory" });
  expect(fit(groupOf({ Cores: 5 }))).toEqual({ exhausted: "cores" });
  expect(exhaustedDimension({ cpu: 1, memory: 1, disk: 2 }, { cpu: 1, memory: 1, disk: 1 })).toBe(
    "disk",
  );
});

test("whole cores are given to one allocation only", () => {
  const first = fit(groupOf({ Cores: 3 }));
  if ("exhausted" in first) throw new Error(first.exhausted);
  const usage = new NodeUsage();
  const holding = holdingOf(buildAllocation({ AllocatedResources: first.resources }));
  if (holding) usage.set(holding);
  expect(first.resources.Tasks["main"]?.Cpu.ReservedCores).toEqual([0, 1, 2]);
  expect(fit(groupOf({ Cores: 2 }), usage)).toEqual({ exhausted: "cores" });
});

test("a node is scored by what stays on it", () => {
  const usage = new NodeUsage();
  const one = holdingOf(buildAllocation({ ID: allocationId("stays") }));
  const other = holdingOf(buildAllocation({ ID: allocationId("goes"), DesiredStatus: "stop" }));
  if (!one || !other) throw new Error("both hold something");
  usage.set({ ...one, amount: { cpu: 10, memory: 100, disk: 1 } });
  usage.set({ ...other, amount: { cpu: 10, memory: 200, disk: 1 } });
  expect(usage.total.memory).toBe(300);
  expect(fit(groupOf({ MemoryMB: 50 }), usage)).toMatchObject({ packed: { memory: 150 } });
  usage.delete(allocationId("stays"));
  expect(usage.staying).toEqual({ cpu: 0, memory: 0, disk: 0 });
});

test("a full node still takes the successor of one that stops there", () => {
  const usage = new NodeUsage();
  const big = buildAllocation({ DesiredStatus: "stop" });
  const holding = holdingOf(big);
  if (holding) usage.set({ ...holding, amount: { cpu: 10, memory: 4096, disk: 0 } });
  expect(fit(groupOf({ MemoryMB: 4096 }), usage)).toEqual({ exhausted: "memory" });
  expect(fit(groupOf({ MemoryMB: 4096 }), usage, big.ID)).toMatchObject({
    packed: { memory: 4096 },
  });
});
