import type { NodeId } from "./ids.ts";
import type { JsonMap, Nanoseconds, NetworkResource, StringMap } from "./job.ts";

export type NodeStatus = "initializing" | "ready" | "down" | "disconnected";
export type SchedulingEligibility = "eligible" | "ineligible";

/** One machine that runs allocations, as it is stored. Heartbeats are not here: liveness is not state. */
export interface Node {
  readonly ID: NodeId;
  readonly SecretID: string;
  readonly Datacenter: string;
  readonly Name: string;
  readonly CgroupParent: string;
  readonly HTTPAddr: string;
  readonly TLSEnabled: boolean;
  readonly Attributes: StringMap;
  readonly NodeResources: NodeResources;
  readonly ReservedResources: NodeReservedResources;
  readonly Links: StringMap | null;
  readonly Meta: StringMap | null;
  readonly NodeClass: string;
  readonly NodePool: string;
  readonly ComputedClass: string;
  readonly DrainStrategy: DrainStrategy | null;
  readonly SchedulingEligibility: SchedulingEligibility;
  readonly Status: NodeStatus;
  readonly StatusDescription: string;
  /** Unix seconds. */
  readonly StatusUpdatedAt: number;
  readonly Events: readonly NodeEvent[] | null;
  readonly Drivers: { readonly [driver: string]: DriverInfo };
  readonly CSIControllerPlugins: JsonMap | null;
  readonly CSINodePlugins: JsonMap | null;
  readonly HostVolumes: { readonly [name: string]: ClientHostVolume } | null;
  readonly GCVolumesOnNodeGC: boolean;
  readonly HostNetworks: { readonly [name: string]: ClientHostNetwork } | null;
  readonly LastDrain: DrainMetadata | null;
  readonly NodeMaxAllocs: number;
  readonly LastMissedHeartbeatIndex: number;
  readonly LastAllocUpdateIndex: number;
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
}
export interface NodeResources {
  readonly Cpu: {
    readonly CpuShares: number;
    readonly TotalCpuCores: number;
    readonly ReservableCpuCores: readonly number[] | null;
  };
  readonly Processors: JsonMap;
  readonly Memory: { readonly MemoryMB: number };
  readonly Disk: { readonly DiskMB: number };
  readonly Devices: readonly NodeDeviceResource[] | null;
  readonly NodeNetworks: readonly NodeNetworkResource[] | null;
  readonly Networks: readonly NetworkResource[] | null;
  readonly MinDynamicPort: number;
  readonly MaxDynamicPort: number;
}
/** Devices of one vendor, type and model; what they have in common stands in the attributes. */
export interface NodeDeviceResource {
  readonly Vendor: string;
  readonly Type: string;
  readonly Name: string;
  readonly Instances: readonly NodeDevice[];
  readonly Attributes: { readonly [name: string]: DeviceAttribute } | null;
}
export interface NodeDevice {
  readonly ID: string;
  readonly Healthy: boolean;
  readonly HealthDescription: string;
  readonly Locality: { readonly PciBusID: string } | null;
}
/** Exactly one of the values is set; numbers may have a unit. */
export interface DeviceAttribute {
  readonly Float: number | null;
  readonly Int: number | null;
  readonly String: string | null;
  readonly Bool: boolean | null;
  readonly Unit: string;
}
export interface NodeNetworkResource {
  readonly Mode: string;
  readonly Device: string;
  readonly MacAddress: string;
  readonly Speed: number;
  readonly Addresses: readonly NodeNetworkAddress[] | null;
}
export interface NodeNetworkAddress {
  readonly Family: string;
  readonly Alias: string;
  readonly Address: string;
  readonly ReservedPorts: string;
  readonly Gateway: string;
}
export interface NodeReservedResources {
  readonly Cpu: { readonly CpuShares: number; readonly ReservedCpuCores: readonly number[] | null };
  readonly Memory: { readonly MemoryMB: number };
  readonly Disk: { readonly DiskMB: number };
  readonly Networks: { readonly ReservedHostPorts: string };
}
export interface DrainStrategy {
  readonly Deadline: Nanoseconds;
  readonly IgnoreSystemJobs: boolean;
  /** RFC 3339; null is the zero time. */
  readonly ForceDeadline: string | null;
  readonly StartedAt: string | null;
}
export interface DrainMetadata {
  readonly StartedAt: string | null;
  readonly UpdatedAt: string | null;
  readonly Status: string;
  readonly AccessorID: string;
  readonly Meta: StringMap | null;
}
export interface NodeEvent {
  readonly Message: string;
  readonly Subsystem: string;
  readonly Details: StringMap | null;
  readonly Timestamp: string | null;
  readonly CreateIndex: number;
}
export interface DriverInfo {
  readonly Attributes: StringMap | null;
  readonly Detected: boolean;
  readonly Healthy: boolean;
  readonly HealthDescription: string;
  readonly UpdateTime: string | null;
}
export interface ClientHostVolume {
  readonly Name: string;
  readonly Path: string;
  readonly ReadOnly: boolean;
  readonly ID: string;
}
export interface ClientHostNetwork {
  readonly Name: string;
  readonly CIDR: string;
  readonly Interface: string;
  readonly ReservedPorts: string;
}
