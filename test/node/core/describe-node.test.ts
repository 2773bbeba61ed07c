import { expect, test } from "vitest";
import { describeNode } from "../../../src/node/core/describe-node.ts";
import type { NodeDeviceResource } from "../../../src/model/node.ts";
import { buildGpus } from "../../support/build-device.ts";
import { testNodeOptions } from "../../support/node-facts.ts";

test("a node carries its resources, its drivers and one network for each address", () => {
  const node = describeNode(testNodeOptions);
  expect(node.NodeResources).toMatchObject({
    Cpu: { CpuShares: 4000, TotalCpuCores: 2, ReservableCpuCores: [0, 1] },
    Memory: { MemoryMB: 4096 },
    Disk: { DiskMB: 102_400 },
    MinDynamicPort: 20_000,
  });
  expect(node.NodeResources.Networks?.map(({ Mode, CIDR }) => [Mode, CIDR])).toEqual([
    ["bridge", ""],
    ["host", "127.0.0.1/32"],
    ["host", "::1/128"],
  ]);
  expect(node.Attributes).toMatchObject({
    "driver.docker": "1",
    "driver.docker.version": "24.0.7",
    "cpu.totalcompute": "4000",
    "nomad.version": "2.0.5",
    "nomad.bridge.hairpin_mode": "false",
  });
  expect(node.Drivers["docker"]).toMatchObject({
    Attributes: { "driver.docker": "true", "driver.docker.version": "24.0.7" },
    Detected: true,
    Healthy: true,
  });
});

test("what is measured counts when nothing is configured", () => {
  const config = {
    ...testNodeOptions.config,
    cpuTotalCompute: undefined,
    memoryTotalMb: undefined,
    diskTotalMb: 10,
  };
  const { NodeResources } = describeNode({ ...testNodeOptions, config });
  expect(NodeResources.Memory.MemoryMB).toBe(8192);
  expect(NodeResources.Disk.DiskMB).toBe(10);
  expect(NodeResources.Cpu.CpuShares).toBe(4000);
});

test("equal machines share a class whatever their names; another class or attribute parts them", () => {
  const hash = (text: string): string => text;
  const classOf = (overrides: Partial<typeof testNodeOptions>): string =>
    describeNode({ ...testNodeOptions, hash, ...overrides }).ComputedClass;
  const { facts, config } = testNodeOptions;
  expect(classOf({ facts: { ...facts, hostname: "other" } })).toBe(classOf({}));
  expect(classOf({ facts: { ...facts, osVersion: "13" } })).not.toBe(classOf({}));
  expect(classOf({ config: { ...config, nodeClass: "big" } })).not.toBe(classOf({}));
});

test("a driver that makes networks stands in for the plugins that bridge mode asks for", () => {
  const withDriver = (change: Partial<(typeof testNodeOptions.drivers)[number]>) =>
    describeNode({
      ...testNodeOptions,
      drivers: testNodeOptions.drivers.map((driver) => ({ ...driver, ...change })),
    }).Attributes["plugins.cni.version.bridge"];
  expect(withDriver({})).toBe("1.0.0");
  expect(withDriver({ makesNetworks: false })).toBeUndefined();
  expect(withDriver({ detected: false })).toBeUndefined();
});

test("host volumes of the configuration are offered and part the class by their names", () => {
  const { config } = testNodeOptions;
  const disk = { Name: "disk", Path: "/srv/disk", ReadOnly: true, ID: "" };
  const hash = (text: string): string => text;
  const plain = describeNode({ ...testNodeOptions, hash });
  const node = describeNode({
    ...testNodeOptions,
    hash,
    config: { ...config, hostVolumes: { disk } },
  });
  expect(node.HostVolumes).toEqual({ disk });
  expect(node.ComputedClass).not.toBe(plain.ComputedClass);
});

test("cores that are reserved, not reservable or not the agent's own are nobody's to have", () => {
  const { config, facts } = testNodeOptions;
  const cores = [0, 1, 2, 3].map((id) => ({ id, mhz: 1000 }));
  const describe = (
    over: Partial<typeof config>,
    reserved: Partial<typeof config.reserved> = {},
    allowedCores?: number[],
  ) => {
    const node = describeNode({
      ...testNodeOptions,
      facts: { ...facts, cores, allowedCores },
      config: { ...config, ...over, reserved: { ...config.reserved, ...reserved } },
    });
    return {
      open: node.NodeResources.Cpu.ReservableCpuCores,
      reserved: node.ReservedResources.Cpu,
      attributes: [node.Attributes["cpu.reservablecores"], node.Attributes["cpu.usablecompute"]],
    };
  };
  expect(describe({})).toEqual({
    open: [0, 1, 2, 3],
    reserved: { CpuShares: 0, ReservedCpuCores: null },
    attributes: ["4", "4000"],
  });
  expect(describe({}, { cores: [0, 9], cpu: 100 })).toEqual({
    open: [1, 2, 3],
    reserved: { CpuShares: 1100, ReservedCpuCores: [0] },
    attributes: ["3", "2900"],
  });
  expect(describe({ reservableCores: [0, 1, 7] }, { cores: [0] }).open).toEqual([0, 1]);
  expect(describe({}, { cores: [1] }, [0, 1, 2]).open).toEqual([0, 2]);
});

test("devices stand in the node and part the class by what they are, not by which they are", () => {
  const hash = (text: string): string => text;
  const of = (...devices: NodeDeviceResource[]) =>
    describeNode({ ...testNodeOptions, hash, devices });
  const one = of(buildGpus("K80", ["a"]));
  expect(of().NodeResources.Devices).toBeNull();
  expect(one.NodeResources.Devices).toHaveLength(1);
  expect(one.ComputedClass).not.toBe(of().ComputedClass);
  expect(of(buildGpus("K80", ["b!"])).ComputedClass).toBe(one.ComputedClass);
  expect(of(buildGpus("A100", ["a"])).ComputedClass).not.toBe(one.ComputedClass);
});
