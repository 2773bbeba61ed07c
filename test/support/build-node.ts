import { nodeId } from "../../src/model/ids.ts";
import type { Node } from "../../src/model/node.ts";
import { uuid } from "./uuid.ts";

/** A ready node with four cores, 4 GB and the loopback network. */
export function buildNode(name = "node-1", over: Partial<Node> = {}): Node {
  return {
    ID: nodeId(name),
    SecretID: "",
    Datacenter: "dc1",
    Name: name,
    CgroupParent: "",
    HTTPAddr: "127.0.0.1:4646",
    TLSEnabled: false,
    Attributes: { "kernel.name": "linux", "nomad.version": "2.0.5" },
    NodeResources: {
      Cpu: { CpuShares: 4000, TotalCpuCores: 4, ReservableCpuCores: [0, 1, 2, 3] },
      Processors: {},
      Memory: { MemoryMB: 4096 },
      Disk: { DiskMB: 10_000 },
      Devices: null,
      NodeNetworks: [
        {
          Mode: "host",
          Device: "lo",
          MacAddress: "",
          Speed: 1000,
          Addresses: [
            {
              Family: "ipv4",
              Alias: "default",
              Address: "127.0.0.1",
              ReservedPorts: "",
              Gateway: "",
            },
            { Family: "ipv6", Alias: "default", Address: "::1", ReservedPorts: "", Gateway: "" },
          ],
        },
      ],
      Networks: null,
      MinDynamicPort: 20000,
      MaxDynamicPort: 32000,
    },
    ReservedResources: {
      Cpu: { CpuShares: 0, ReservedCpuCores: null },
      Memory: { MemoryMB: 0 },
      Disk: { DiskMB: 0 },
      Networks: { ReservedHostPorts: "" },
    },
    Links: null,
    Meta: null,
    NodeClass: "",
    NodePool: "default",
    ComputedClass: "class-a",
    DrainStrategy: null,
    SchedulingEligibility: "eligible",
    Status: "ready",
    StatusDescription: "",
    StatusUpdatedAt: 0,
    Events: null,
    Drivers: {
      raw_exec: {
        Attributes: null,
        Detected: true,
        Healthy: true,
        HealthDescription: "",
        UpdateTime: null,
      },
    },
    CSIControllerPlugins: null,
    CSINodePlugins: null,
    HostVolumes: null,
    GCVolumesOnNodeGC: false,
    HostNetworks: null,
    LastDrain: null,
    NodeMaxAllocs: 0,
    LastMissedHeartbeatIndex: 0,
    LastAllocUpdateIndex: 0,
    CreateIndex: 1,
    ModifyIndex: 1,
    ...over,
  };
}

/** The n-th node of a cluster, with ids as the wire has them. */
export const numberedNode = (n: number, over: Partial<Node> = {}): Node =>
  buildNode(`node-${n}`, { ID: nodeId(uuid(n)), SecretID: uuid(900 + n), ...over });
