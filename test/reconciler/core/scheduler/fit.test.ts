import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Allocation } from "../../../../src/model/allocation.ts";
import { allocationId } from "../../../../src/model/ids.ts";
import { exhaustedDimension, fitGroup } from "../../../../src/reconciler/core/scheduler/fit.ts";
import { NodeUsage, holdingOf } from "../../../../src/reconciler/core/scheduler/usage.ts";
import { buildAllocation } from "../../../support/build-allocation.ts";
import { buildGpuNode, buildGpus, buildRequest } from "../../../support/build-device.ts";
import { buildGroup, buildResources, buildTask } from "../../../support/build-job.ts";
import { buildNode } from "../../../support/build-node.ts";

const groupOf = (over: Parameters<typeof buildResources>[0]) =>
  buildGroup({ Tasks: [buildTask({ Resources: buildResources(over) })] });
const fit = (
  group: ReturnType<typeof buildGroup>,
  usage = new NodeUsage(),
  previous?: string,
  node = buildNode(),
) =>
  fitGroup({
    group,
    node,
    usage,
    previous: previous === undefined ? undefined : allocationId(previous),
    fraction: () => 0,
    memoryOversubscription: false,
    search: () => undefined,
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

test("who follows one that stops or failed before its start follows the one before as well", () => {
  const node = buildGpuNode(buildGpus("K80", ["a"]));
  const group = groupOf({ MemoryMB: 4000, CPU: 0, Cores: 4, Devices: [buildRequest({})] });
  const first = fit(group, new NodeUsage(), undefined, node);
  if ("exhausted" in first) throw new Error(first.exhausted);
  const one = buildAllocation({ AllocatedResources: first.resources, DesiredStatus: "stop" });
  const two = { ...one, ID: allocationId("two"), PreviousAllocation: one.ID };
  const usageWith = (second: Allocation): NodeUsage => {
    const usage = new NodeUsage();
    for (const allocation of [one, second]) {
      const holding = holdingOf(allocation);
      if (holding) usage.set(holding);
    }
    return usage;
  };
  for (const second of [
    two,
    { ...two, ClientStatus: "failed" as const, DesiredStatus: "run" as const },
    { ...two, ClientStatus: "complete" as const },
  ]) {
    const usage = usageWith(second);
    expect(fit(group, usage, undefined, node)).toHaveProperty("exhausted");
    const third = fit(group, usage, two.ID, node);
    if ("exhausted" in third) throw new Error(third.exhausted);
    const AllocatedResources = third.resources;
    const three = { ...two, ID: allocationId("three"), PreviousAllocation: two.ID };
    const holding = holdingOf({ ...three, AllocatedResources, DesiredStatus: "run" });
    if (holding) usage.set(holding);
    expect(usage.conflicts()).toEqual([]);
    expect(usage.total.memory).toBe(4000);
  }
  const wanted = usageWith({ ...two, DesiredStatus: "run" });
  expect(fit(group, wanted, two.ID, node)).toHaveProperty("exhausted");
});

test("devices are given to one allocation only, and pass to its successor", () => {
  const group = groupOf({ Devices: [buildRequest({ Affinities: null })] });
  const node = buildGpuNode(buildGpus("K80", ["a"]));
  const first = fit(group, new NodeUsage(), undefined, node);
  if ("exhausted" in first) throw new Error(first.exhausted);
  expect(first.resources.Tasks["main"]?.Devices).toEqual([
    { Vendor: "nvidia", Type: "gpu", Name: "K80", DeviceIDs: ["a"] },
  ]);
  const usage = new NodeUsage();
  const old = buildAllocation({ AllocatedResources: first.resources, DesiredStatus: "stop" });
  const holding = holdingOf(old);
  if (holding) usage.set(holding);
  expect(fit(group, usage, undefined, node)).toEqual({
    exhausted: "devices: no devices match request",
  });
  expect(fit(group, usage, old.ID, node)).toHaveProperty("resources");
});

test("cores and devices have one holder each, whatever comes and goes in whatever order", () => {
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant("place" as const),
        cores: fc.integer({ min: 0, max: 3 }),
        gpus: fc.integer({ min: 0, max: 2 }),
        replaces: fc.boolean(),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("end" as const), at: fc.nat(9) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const node = buildGpuNode(buildGpus("K80", ["a", "b", "c!"]), buildGpus("A100", ["x"]));
      const usage = new NodeUsage();
      const live: Allocation[] = [];
      const set = (allocation: Allocation): void => {
        const holding = holdingOf(allocation);
        if (holding) usage.set(holding);
      };
      for (const [number, one] of steps.entries()) {
        if (one.kind === "end") {
          const [ended] = live.splice(one.at % Math.max(1, live.length), 1);
          // Before it could start: whoever follows it follows the one before.
          if (ended) usage.delete(ended.ID);
          if (ended) set({ ...ended, ClientStatus: "failed" });
          continue;
        }
        const previous = one.replaces ? live.findLast((a) => a.DesiredStatus === "run") : undefined;
        const group = groupOf({
          Cores: one.cores,
          CPU: one.cores > 0 ? 0 : 20,
          Devices: one.gpus > 0 ? [buildRequest({ Count: one.gpus })] : null,
        });
        const stopped = previous && { ...previous, DesiredStatus: "stop" as const };
        if (stopped) {
          live.splice(live.indexOf(previous), 1, stopped);
          set(stopped);
        }
        const found = fit(group, usage, previous?.ID, node);
        expect(fit(group, usage, previous?.ID, node)).toEqual(found);
        if ("exhausted" in found) continue;
        const placed = buildAllocation({
          ID: allocationId(`a${number}`),
          PreviousAllocation: previous?.ID ?? null,
          AllocatedResources: found.resources,
        });
        live.push(placed);
        set(placed);
        expect(usage.conflicts()).toEqual([]);
        const running = live.filter((a) => a.DesiredStatus === "run");
        const held = running.flatMap((a) => {
          const { cores = [], devices = [] } = holdingOf(a) ?? {};
          return [...cores.map(String), ...devices];
        });
        expect(new Set(held).size).toBe(held.length);
        expect(held.some((thing) => thing.includes("!"))).toBe(false);
      }
    }),
  );
});
