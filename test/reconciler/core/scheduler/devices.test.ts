import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { RequestedDevice, TaskGroup } from "../../../../src/model/job.ts";
import type { Node } from "../../../../src/model/node.ts";
import {
  deviceKey,
  devicesOf,
  hasDevices,
  lostDevices,
  offerDevices,
} from "../../../../src/reconciler/core/scheduler/devices.ts";
import { buildAllocation } from "../../../support/build-allocation.ts";
import { buildGpuNode, buildGpus, buildRequest } from "../../../support/build-device.ts";
import { buildGroup, buildResources, buildTask } from "../../../support/build-job.ts";
import { buildNode } from "../../../support/build-node.ts";

const search = (): boolean => false;
const groupOf = (...tasks: readonly (readonly RequestedDevice[])[]): TaskGroup =>
  buildGroup({
    Tasks: tasks.map((Devices, at) =>
      buildTask({ Name: `t${at}`, Resources: buildResources({ Devices }) }),
    ),
  });
const offer = (group: TaskGroup, node: Node, used: readonly string[] = []) =>
  offerDevices({ group, node, used: new Set(used), search });
const gpu = (id: string): string => deviceKey("nvidia", "gpu", id);

test("each task gets instances of its own, in order", () => {
  const node = buildGpuNode(buildGpus("K80", ["a", "b", "c"]));
  expect(offer(groupOf([buildRequest({ Count: 2 })], [buildRequest()]), node)).toEqual({
    byTask: {
      t0: [{ Vendor: "nvidia", Type: "gpu", Name: "K80", DeviceIDs: ["a", "b"] }],
      t1: [{ Vendor: "nvidia", Type: "gpu", Name: "K80", DeviceIDs: ["c"] }],
    },
    affinity: undefined,
  });
});

test("what is held, unwell or not asked for is not offered", () => {
  const node = buildGpuNode(buildGpus("K80", ["a", "b!", "c"]));
  const one = groupOf([buildRequest()]);
  expect(offer(one, node, [gpu("a")])).toMatchObject({ byTask: { t0: [{ DeviceIDs: ["c"] }] } });
  expect(offer(one, node, [gpu("a"), gpu("c")])).toEqual({ lack: "no devices match request" });
  expect(offer(groupOf([buildRequest({ Name: "fpga" })]), node)).toEqual({
    lack: "no devices match request",
  });
  expect(offer(one, buildNode())).toEqual({ lack: "no devices available" });
  expect(offer(groupOf([buildRequest({ Count: 0 })]), node)).toEqual({
    lack: "invalid request of zero devices",
  });
  expect(offer(groupOf([]), buildNode())).toEqual({ byTask: {}, affinity: undefined });
});

test("a node is fit for a group by its healthy devices, whoever holds them", () => {
  const node = buildGpuNode(buildGpus("K80", ["a", "b!"]));
  expect(hasDevices(groupOf([buildRequest()]), node, search)).toBe(true);
  expect(hasDevices(groupOf([buildRequest({ Count: 2 })]), node, search)).toBe(false);
  expect(hasDevices(groupOf([]), buildNode(), search)).toBe(true);
  expect(hasDevices(groupOf([buildRequest({ Count: 0 })]), node, search)).toBe(true);
});

test("the model that the affinities like best is taken, and how well it suits is told", () => {
  const node = buildGpuNode(buildGpus("K80", ["a"]), buildGpus("A100", ["x"]));
  const likes = (model: string, Weight: number) => ({
    LTarget: "${device.model}",
    Operand: "=",
    RTarget: model,
    Weight,
  });
  const group = groupOf([buildRequest({ Affinities: [likes("A100", 50), likes("K80", -50)] })]);
  expect(offer(group, node)).toMatchObject({
    byTask: { t0: [{ Name: "A100", DeviceIDs: ["x"] }] },
    affinity: 0.5,
  });
  expect(offer(group, node, [gpu("x")])).toMatchObject({
    byTask: { t0: [{ Name: "K80" }] },
    affinity: -0.5,
  });
});

test("who has the least to choose from chooses first", () => {
  const node = buildGpuNode(buildGpus("A100", ["x"]), buildGpus("K80", ["a", "b"]));
  const group = groupOf(
    [buildRequest(), buildRequest({ Count: 2 })],
    [buildRequest({ Name: "nvidia/gpu/A100" })],
  );
  // Three asks for three instances cannot all be met, two of them can.
  expect(offer(group, node)).toEqual({ lack: "no devices match request" });
  expect(
    offer(groupOf([buildRequest()], [buildRequest({ Name: "nvidia/gpu/A100" })]), node),
  ).toMatchObject({ byTask: { t0: [{ Name: "K80" }], t1: [{ Name: "A100" }] } });
});

test("an instance under a new name is still held, and one that is gone is missed", () => {
  const node = buildGpuNode(buildGpus("K80 (new driver)", ["a", "b!"]));
  const held = buildAllocation({}).AllocatedResources;
  const [name = ""] = Object.keys(held.Tasks);
  const task = held.Tasks[name];
  if (!task) throw new Error("one task");
  const Devices = [{ Vendor: "nvidia", Type: "gpu", Name: "K80", DeviceIDs: ["a", "b!", "z"] }];
  const resources = { ...held, Tasks: { [name]: { ...task, Devices } } };
  expect(devicesOf(resources)).toEqual([gpu("a"), gpu("b!"), gpu("z")]);
  expect(offer(groupOf([buildRequest()]), node, devicesOf(resources))).toHaveProperty("lack");
  expect(lostDevices(resources, node)).toEqual([gpu("b!"), gpu("z")]);
});

test("never two holders of one instance, never an unwell one, and the same answer twice", () => {
  const ids = fc.uniqueArray(fc.constantFrom("a", "b", "c!", "d", "e!", "f"), { maxLength: 6 });
  const request = fc.record({
    Name: fc.constantFrom("gpu", "nvidia/gpu", "nvidia/gpu/K80", "nvidia/gpu/A100"),
    Count: fc.integer({ min: 1, max: 3 }),
    Constraints: fc.constantFrom(null, [
      { LTarget: "${device.ids}", Operand: "set_contains_any", RTarget: "a,K-b,A-d" },
    ]),
    Affinities: fc.constantFrom(null, [
      { LTarget: "${device.model}", Operand: "=", RTarget: "A100", Weight: 30 },
    ]),
  });
  fc.assert(
    fc.property(
      fc.tuple(ids, ids),
      fc.array(fc.array(fc.array(request, { maxLength: 2 }), { maxLength: 2 }), { maxLength: 5 }),
      ([first, second], groups) => {
        const node = buildGpuNode(
          buildGpus(
            "K80",
            first.map((id) => `K-${id}`),
          ),
          buildGpus(
            "A100",
            second.map((id) => `A-${id}`),
          ),
        );
        const used: string[] = [];
        for (const tasks of groups) {
          const group = groupOf(...tasks);
          const answer = offer(group, node, used);
          expect(offer(group, node, used)).toEqual(answer);
          if ("lack" in answer) continue;
          const given = Object.values(answer.byTask).flat();
          expect(given).toHaveLength(tasks.flat().length);
          used.push(...given.flatMap((one) => one.DeviceIDs.map(gpu)));
          group.Tasks.forEach((task) => {
            (task.Resources.Devices ?? []).forEach((asked, at) => {
              expect(answer.byTask[task.Name]?.[at]?.DeviceIDs).toHaveLength(asked.Count);
            });
          });
        }
        expect(new Set(used).size).toBe(used.length);
        expect(used.some((key) => key.includes("!"))).toBe(false);
      },
    ),
  );
});
