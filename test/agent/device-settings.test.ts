import { expect, test } from "vitest";
import { deviceSettings } from "../../src/agent/device-settings.ts";
import { createSettings } from "../../src/agent/settings.ts";
import type { JsonObject } from "../../src/lib/json.ts";
import { defaultNvidiaConfig } from "../../src/node/nvidia.ts";

const of = (plugin: JsonObject) => deviceSettings(createSettings({ plugin }));

test("GPUs are looked for when nothing is written", () => {
  expect(of({})).toEqual({ nvidia: defaultNvidiaConfig, errors: [], warnings: [] });
});

test.each(["nvidia-gpu", "nomad-device-nvidia", "nvidia"])(
  "the plugin is configured as %s",
  (name) => {
    const config = { enabled: false, ignored_gpu_ids: ["GPU-a"], fingerprint_period: "5s" };
    expect(of({ [name]: { config: [config] } })).toEqual({
      nvidia: { enabled: false, ignoredGpuIds: ["GPU-a"], fingerprintPeriodMs: 5_000 },
      errors: [],
      warnings: [],
    });
  },
);

test("what is wrong is told with its place, a period too short is made longer", () => {
  const config = {
    enabld: true,
    enabled: "yes",
    ignored_gpu_ids: [1],
    fingerprint_period: "often",
  };
  const at = 'plugin "nvidia-gpu" config: ';
  expect(of({ "nvidia-gpu": { config } }).errors).toEqual([
    `${at}unknown option "enabld"`,
    `${at}enabled must be true or false`,
    `${at}ignored_gpu_ids must be a list of texts`,
    `${at}failed to parse fingerprint period "often"`,
  ]);
  expect(of({ nvidia: {}, "nvidia-gpu": {} }).errors).toEqual([
    `${at}the plugin is configured again as "nvidia"`,
  ]);
  const short = of({ nvidia: { config: { fingerprint_period: "1ms", mps: [{}] } } });
  expect(short.nvidia.fingerprintPeriodMs).toBe(1_000);
  expect(short.warnings).toEqual([
    'plugin "nvidia" config: mps is not acted on: GPUs are never shared',
  ]);
});
