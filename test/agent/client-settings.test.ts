import { expect, test } from "vitest";
import { clientSettings } from "../../src/agent/client-settings.ts";
import { createSettings } from "../../src/agent/settings.ts";
import type { JsonObject } from "../../src/lib/json.ts";
import { defaultNvidiaConfig } from "../../src/node/nvidia.ts";
import { defaultArtifactSettings } from "../../src/node/artifacts.ts";

const of = (client: JsonObject) => clientSettings(createSettings({ client }));

test("nothing written means no volumes and the published limits", () => {
  expect(of({ enabled: true })).toEqual({
    hostVolumes: {},
    artifacts: defaultArtifactSettings,
    collection: {
      intervalMs: 60_000,
      diskPercent: 80,
      inodePercent: 70,
      maxAllocations: 50,
      parallelDestroys: 2,
    },
    cores: { reservable: undefined, reserved: [] },
    nvidia: defaultNvidiaConfig,
    errors: [],
    warnings: [],
  });
});

test("cores that are reserved or reservable are sets of ids", () => {
  const { cores, errors } = of({
    enabled: true,
    reservable_cores: "0-3,7",
    reserved: { cores: "1" },
  });
  expect([cores, errors]).toEqual([{ reservable: [0, 1, 2, 3, 7], reserved: [1] }, []]);
  expect(of({ enabled: true, reserved: { cores: "3-1" } }).errors).toEqual([
    'client.reserved.cores: "3-1" is no set of core ids such as 0-3,7',
  ]);
  expect(of({ reservable_cores: "x" }).errors).toEqual([]);
});

test("volumes and limits are read from their blocks", () => {
  const { hostVolumes, artifacts, errors } = of({
    enabled: true,
    host_volume: { root: { path: "/", read_only: true }, tmp: { path: "/tmp" } },
    artifact: { http_read_timeout: 5e9, http_max_size: "1KB", allowed_networks: ["127.0.0.0/8"] },
  });
  expect(errors).toEqual([]);
  expect(hostVolumes).toEqual({
    root: { Name: "root", Path: "/", ReadOnly: true, ID: "" },
    tmp: { Name: "tmp", Path: "/tmp", ReadOnly: false, ID: "" },
  });
  expect(artifacts).toMatchObject({ httpTimeoutMs: 5_000, httpMaxBytes: 1_000 });
  expect(artifacts.allowedNetworks).toHaveLength(1);
});

test("every bad value is told with its block; a server alone has no volumes to miss", () => {
  const client = {
    host_volume: { gone: { path: "/nowhere/at/all" }, empty: {} },
    artifact: { decompression_size_limit: "much", allowed_networks: ["here"] },
  };
  expect(of({ enabled: true, ...client }).errors).toEqual([
    'host_volume "empty": Missing path in host_volume config',
    expect.stringContaining('host_volume "gone": ENOENT'),
    'client.artifact: decompression_size_limit "much" is no size such as 100GB',
    'client.artifact: "here" is no network such as 10.0.0.0/8',
  ]);
  expect(of(client).errors).toEqual([]);
});

test("a dev agent collects later, unless told otherwise; no destroys at all cannot be", () => {
  const client = { enabled: true, gc_disk_usage_threshold: 50, gc_parallel_destroys: 0 };
  const { collection, warnings } = clientSettings(createSettings({ client }), true);
  expect(collection).toMatchObject({ intervalMs: 600_000, diskPercent: 50, inodePercent: 99 });
  expect(collection.parallelDestroys).toBe(1);
  expect(warnings).toEqual([expect.stringContaining("gc_parallel_destroys")]);
});
