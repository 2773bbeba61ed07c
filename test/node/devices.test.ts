import { expect, test } from "vitest";
import { silentLogger } from "../../src/lib/logger.ts";
import type { DeviceGroupStats } from "../../src/model/device.ts";
import type { NodeDeviceResource } from "../../src/model/node.ts";
import { NodeDevices } from "../../src/node/devices.ts";
import type { DevicePlugin } from "../../src/node/devices.ts";
import { buildGpus } from "../support/build-device.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";
import { seededRandom } from "../support/seeded-random.ts";

function world(over: Partial<DevicePlugin> = {}) {
  const clock = new FakeClock();
  let answer: () => Promise<readonly NodeDeviceResource[]> = async () => [buildGpus("K80", ["a"])];
  let asked = 0;
  const plugin: DevicePlugin = {
    name: "gpus",
    periodMs: 60_000,
    fingerprint: () => {
      asked += 1;
      return answer();
    },
    stats: async () => [],
    ...over,
  };
  const devices = new NodeDevices({
    clock,
    random: seededRandom(1),
    log: silentLogger,
    plugins: [plugin],
  });
  const changes: string[] = [];
  devices.onChange(() => {
    const health = devices
      .current()
      .flatMap(({ Instances }) =>
        Instances.map((one) => `${one.ID}:${one.Healthy ? "well" : one.HealthDescription}`),
      );
    changes.push(health.join(" "));
  });
  return {
    devices,
    changes,
    asked: () => asked,
    answer: (next: typeof answer) => {
      answer = next;
    },
    pass: async (ms: number) => {
      await clock.advance(ms);
      await settle();
    },
  };
}
const failing = (text: string) => (): Promise<never> => Promise.reject(new Error(text));

test("only changes are told; what cannot be told any more is unwell, and back when it is", async () => {
  const { devices, changes, answer, pass } = world();
  expect(devices.isSettled()).toBe(false);
  devices.start();
  await pass(0);
  expect([devices.isSettled(), changes]).toEqual([true, ["a:well"]]);
  await pass(60_000);
  answer(failing("no driver"));
  await pass(60_000);
  await pass(10_000);
  answer(async () => [buildGpus("K80", ["a"])]);
  await pass(10_000);
  expect(changes).toEqual(["a:well", "a:no driver", "a:well"]);
  answer(async () => []);
  await pass(60_000);
  expect(changes.at(-1)).toBe("");
  expect(devices.current()).toEqual([]);
  await devices.stop();
});

test("a plugin that never could tell has no devices, and is asked again sooner", async () => {
  const { devices, changes, answer, asked, pass } = world();
  answer(failing("no driver"));
  devices.start();
  await pass(0);
  expect([devices.isSettled(), devices.current(), changes]).toEqual([true, [], [""]]);
  await pass(10_000);
  expect(asked()).toBe(2);
  await devices.stop();
});

test("who waits for the first answer gets it, or is called off", async () => {
  const { devices, pass } = world();
  const abort = new AbortController();
  const calledOff = devices.settled(abort.signal);
  abort.abort(new Error("not needed"));
  await expect(calledOff).rejects.toThrow("not needed");
  const waiting = devices.settled(new AbortController().signal);
  devices.start();
  await pass(0);
  await waiting;
  await devices.settled(abort.signal);
  await devices.stop();
});

test("figures are asked for once in a while, and only where there are devices", async () => {
  const group: DeviceGroupStats = { Vendor: "nvidia", Type: "gpu", Name: "K80", InstanceStats: {} };
  let asked = 0;
  const stats = (): Promise<DeviceGroupStats[]> => {
    asked += 1;
    return asked === 2 ? Promise.reject(new Error("busy")) : Promise.resolve([group]);
  };
  const { devices, pass } = world({ stats });
  expect(await devices.stats()).toEqual([]);
  expect(asked).toBe(0);
  devices.start();
  await pass(2_000);
  expect([await devices.stats(), await devices.stats()]).toEqual([[group], [group]]);
  expect(asked).toBe(1);
  await pass(2_000);
  expect(await devices.stats()).toEqual([]);
  await devices.stop();
});
