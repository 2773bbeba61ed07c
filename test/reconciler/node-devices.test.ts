import { afterEach, beforeEach, expect, test } from "vitest";
import type { DeviceGroupStats } from "../../src/model/device.ts";
import type { NodeDeviceResource } from "../../src/model/node.ts";
import { buildGpus } from "../support/build-device.ts";
import { NodeBench, wantedBy } from "../support/node-bench.ts";
import { scriptedJob, testAllocationId as id } from "../support/scripted-job.ts";

let b: NodeBench;
let answer: () => Promise<readonly NodeDeviceResource[]>;
beforeEach(() => {
  b = new NodeBench();
  answer = async () => [buildGpus("K80", ["GPU-a", "GPU-b"])];
  const stats: DeviceGroupStats = {
    Vendor: "nvidia",
    Type: "gpu",
    Name: "K80",
    InstanceStats: Object.fromEntries(
      ["GPU-a", "GPU-b"].map((gpu) => [
        gpu,
        {
          Summary: { IntNumeratorVal: 1, Unit: "MiB", Desc: "" },
          Stats: { Nested: null, Attributes: {} },
          Timestamp: "",
        },
      ]),
    ),
  };
  b.devicePlugins = [
    {
      name: "gpus",
      periodMs: 60_000,
      fingerprint: () => answer(),
      stats: async () => [stats],
    },
  ];
});
afterEach(() => b.dispose());

/** The wanted allocation, with what the scheduler would have given its only task. */
function wantedWith(agent: Parameters<typeof wantedBy>[0], gpus: string[], cores: number[]) {
  const wanted = wantedBy(agent, scriptedJob());
  const { AllocatedResources } = wanted.allocation;
  const main = AllocatedResources.Tasks["main"];
  if (!main) throw new Error("one task");
  const Devices = [{ Vendor: "nvidia", Type: "gpu", Name: "K80", DeviceIDs: gpus }];
  return {
    ...wanted,
    allocation: {
      ...wanted.allocation,
      AllocatedResources: {
        ...AllocatedResources,
        Tasks: { main: { ...main, Cpu: { ...main.Cpu, ReservedCores: cores }, Devices } },
      },
    },
  };
}

test("a node tells of its devices with its first word, and again when they change", async () => {
  await b.start();
  await b.until("a registration", () => b.source.registrations.length === 1);
  const health = () =>
    b.source.registrations
      .at(-1)
      ?.NodeResources.Devices?.flatMap(({ Instances }) => Instances.map(({ Healthy }) => Healthy));
  expect(health()).toEqual([true, true]);
  answer = () => Promise.reject(new Error("no driver"));
  await b.until("a second one", () => b.source.registrations.length === 2, 5_000);
  expect(health()).toEqual([false, false]);
  answer = async () => [buildGpus("K80", ["GPU-a"])];
  await b.until("a third one", () => b.source.registrations.length === 3, 5_000);
  expect(health()).toEqual([true]);
});

test("a task gets its cores and the variables of its devices, and its figures name the devices", async () => {
  const agent = await b.start();
  b.source.put(wantedWith(agent, ["GPU-b"], [0, 2]));
  await b.statusIs("running");
  const { spec } = b.engine.task("main");
  expect(spec.resources.cores).toEqual([0, 2]);
  expect(spec.deviceEnv).toEqual({ NVIDIA_VISIBLE_DEVICES: "GPU-b" });
  expect(spec.env).toMatchObject({ NVIDIA_VISIBLE_DEVICES: "GPU-b", NOMAD_CPU_CORES: "0,2" });
  b.engine.usage = {
    cpuPercent: 1,
    cpuTotalTicks: 0,
    systemMode: 0,
    userMode: 0,
    throttledPeriods: 0,
    throttledTime: 0,
    memory: { rss: 0, cache: 0, swap: 0, usage: 0, maxUsage: 0 },
  };
  const usage = await agent.stats(id);
  expect(usage["main"]?.devices?.map(({ InstanceStats }) => Object.keys(InstanceStats))).toEqual([
    ["GPU-b"],
  ]);
  expect((await agent.hostStats()).devices).toHaveLength(1);
});

test("a start waits until the node knows its devices, and one that has gone by then is a fault", async () => {
  let tell = (): void => undefined;
  const told = new Promise<void>((resolve) => {
    tell = resolve;
  });
  answer = async () => {
    await told;
    return [buildGpus("K80", ["GPU-a"])];
  };
  const agent = await b.start();
  b.source.put(wantedWith(agent, ["GPU-a", "GPU-b"], []));
  await b.until("the task to be set up", () => b.eventTypes().includes("Task Setup"));
  expect(b.eventTypes()).not.toContain("Setup Failure");
  tell();
  await b.until("a word of it", () => b.eventTypes().includes("Setup Failure"));
  const event = b.source
    .last(id)
    ?.taskStates["main"]?.Events.find(({ Type }) => Type === "Setup Failure");
  expect(JSON.stringify(event)).toContain("unknown device IDs: GPU-b");
  expect(b.engine.running()).toEqual([]);
});
