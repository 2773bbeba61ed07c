import type { NodeConfig, describeNode } from "../../src/node/fingerprint.ts";
import { testNodeId } from "./scripted-job.ts";

export const testNodeConfig: NodeConfig = {
  region: "global",
  datacenter: "dc1",
  name: "lab",
  nodeClass: "",
  nodePool: "default",
  meta: {},
  hostVolumes: {},
  httpAddr: "127.0.0.1:4646",
  version: "2.0.5",
  tlsEnabled: false,
  networkInterface: "lo",
  cpuTotalCompute: 4000,
  memoryTotalMb: 4096,
  diskTotalMb: undefined,
  minDynamicPort: 20_000,
  maxDynamicPort: 32_000,
  reserved: { cpu: 0, memoryMb: 0, diskMb: 0, ports: "" },
};

export const testNodeOptions: Parameters<typeof describeNode>[0] = {
  identity: { id: testNodeId, secretId: "44444444-4444-4444-a444-444444444444" },
  config: testNodeConfig,
  facts: {
    hostname: "lab-host",
    arch: "amd64",
    kernelArch: "x86_64",
    kernelVersion: "6.1",
    osName: "debian",
    osVersion: "12",
    signals: ["SIGINT", "SIGTERM"],
    cgroupsVersion: "2",
    cpuModel: "A CPU",
    cores: [
      { id: 0, mhz: 2000 },
      { id: 1, mhz: 2000 },
    ],
    memoryBytes: 8 * 1024 ** 3,
    storage: { volume: "/dev/sda1", totalBytes: 100 * 1024 ** 3 },
    network: {
      device: "lo",
      mac: "00:00:00:00:00:00",
      addresses: [
        { address: "127.0.0.1", family: "ipv4" },
        { address: "::1", family: "ipv6" },
      ],
    },
  },
  drivers: [
    {
      name: "docker",
      detected: true,
      healthy: true,
      description: "Healthy",
      attributes: { version: "24.0.7" },
      makesNetworks: true,
      updateTime: "2026-01-01T00:00:00Z",
    },
  ],
  hash: (text) => String(text.length),
};
