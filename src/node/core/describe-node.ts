import { formatIdSet } from "../../lib/id-set.ts";
import type { StringMap } from "../../model/job.ts";
import type {
  ClientHostVolume,
  DriverInfo,
  Node,
  NodeDeviceResource,
  NodeNetworkAddress,
} from "../../model/node.ts";
import type { NodeId } from "../../model/ids.ts";

/** What an agent's configuration says about its node. Undefined means: find out. */
export interface NodeConfig {
  readonly region: string;
  readonly datacenter: string;
  readonly name: string;
  readonly nodeClass: string;
  readonly nodePool: string;
  readonly meta: StringMap;
  readonly hostVolumes: { readonly [name: string]: ClientHostVolume };
  readonly httpAddr: string;
  readonly version: string;
  readonly tlsEnabled: boolean;
  readonly networkInterface: string | undefined;
  readonly cpuTotalCompute: number | undefined;
  readonly memoryTotalMb: number | undefined;
  readonly diskTotalMb: number | undefined;
  readonly minDynamicPort: number;
  readonly maxDynamicPort: number;
  /** The cores that tasks may have; beats `reserved.cores`. Undefined: all that the agent itself may use. */
  readonly reservableCores?: readonly number[] | undefined;
  readonly reserved: {
    /** Cores that no task may have. */
    readonly cores?: readonly number[];
    readonly cpu: number;
    readonly memoryMb: number;
    readonly diskMb: number;
    readonly ports: string;
  };
}
/** What the machine says about itself. */
export interface MachineFacts {
  readonly hostname: string;
  readonly arch: string;
  readonly kernelArch: string;
  readonly kernelVersion: string;
  readonly osName: string;
  readonly osVersion: string;
  readonly signals: readonly string[];
  readonly cgroupsVersion: "1" | "2" | undefined;
  readonly cpuModel: string;
  readonly cores: readonly { readonly id: number; readonly mhz: number }[];
  /** Those that the agent's own processes may run on; undefined: all. */
  readonly allowedCores?: readonly number[] | undefined;
  readonly memoryBytes: number;
  readonly storage: { readonly volume: string; readonly totalBytes: number };
  /** Addresses of the chosen interface. */
  readonly network: {
    readonly device: string;
    readonly mac: string;
    readonly addresses: readonly { readonly address: string; readonly family: "ipv4" | "ipv6" }[];
  };
}
export interface FingerprintedDriver {
  readonly name: string;
  readonly detected: boolean;
  readonly healthy: boolean;
  readonly description: string;
  readonly attributes: StringMap;
  /** It can give a group a network of its own. */
  readonly makesNetworks: boolean;
  /** RFC 3339; when the verdict changed last. */
  readonly updateTime: string;
}
export interface NodeIdentity {
  readonly id: NodeId;
  readonly secretId: string;
}

const mebibyte = 1024 * 1024;

/** The node as it registers. `hash` makes the computed class; equal machines get an equal one. */
export function describeNode(options: {
  readonly identity: NodeIdentity;
  readonly config: NodeConfig;
  readonly facts: MachineFacts;
  readonly drivers: readonly FingerprintedDriver[];
  /** Of all device plugins, in a fixed order. */
  readonly devices?: readonly NodeDeviceResource[];
  readonly hash: (text: string) => string;
}): Node {
  const { identity, config, facts, drivers, hash } = options;
  const compute = computeOf(config, facts);
  const attributes = {
    ...machineAttributes(config, facts, compute),
    ...networkAttributes(drivers),
    ...driverAttributes(drivers),
  };
  const meta = { ...defaultMeta, ...config.meta };
  const node: Omit<Node, "ComputedClass"> = {
    ID: identity.id,
    SecretID: identity.secretId,
    Datacenter: config.datacenter,
    Name: config.name,
    CgroupParent: facts.cgroupsVersion === "2" ? "nomad.slice" : "/nomad",
    HTTPAddr: config.httpAddr,
    TLSEnabled: config.tlsEnabled,
    Attributes: attributes,
    NodeResources: nodeResources(options, compute),
    ReservedResources: {
      Cpu: {
        CpuShares: compute.reserved,
        ReservedCpuCores: compute.closedCores.length > 0 ? compute.closedCores : null,
      },
      Memory: { MemoryMB: config.reserved.memoryMb },
      Disk: { DiskMB: config.reserved.diskMb },
      Networks: { ReservedHostPorts: config.reserved.ports },
    },
    Links: null,
    Meta: meta,
    NodeClass: config.nodeClass,
    NodePool: config.nodePool,
    DrainStrategy: null,
    SchedulingEligibility: "eligible",
    Status: "initializing",
    StatusDescription: "",
    StatusUpdatedAt: 0,
    Events: null,
    Drivers: Object.fromEntries(drivers.map((driver) => [driver.name, driverInfo(driver)])),
    CSIControllerPlugins: {},
    CSINodePlugins: {},
    HostVolumes: config.hostVolumes,
    GCVolumesOnNodeGC: false,
    HostNetworks: null,
    LastDrain: null,
    NodeMaxAllocs: 0,
    LastMissedHeartbeatIndex: 0,
    LastAllocUpdateIndex: 0,
    CreateIndex: 0,
    ModifyIndex: 0,
  };
  return { ...node, ComputedClass: `v1:${hash(classText(node))}` };
}

const defaultMeta: StringMap = {
  "connect.sidecar_image": "docker.io/envoyproxy/envoy:v${NOMAD_envoy_version}",
  "connect.gateway_image": "docker.io/envoyproxy/envoy:v${NOMAD_envoy_version}",
  "connect.log_level": "info",
  "connect.proxy_concurrency": "1",
  "connect.transparent_proxy.default_uid": "101",
  "connect.transparent_proxy.default_outbound_port": "15001",
};

interface Compute {
  /** All cores, in MHz. */
  readonly total: number;
  /** What tasks do not get: what is reserved, and the cores that are closed to them. */
  readonly reserved: number;
  readonly openCores: readonly number[];
  readonly closedCores: readonly number[];
}

function computeOf({ reserved, ...config }: NodeConfig, facts: MachineFacts): Compute {
  const ids = facts.cores.map((core) => core.id);
  const isOpen = (id: number): boolean =>
    config.reservableCores
      ? config.reservableCores.includes(id)
      : reserved.cores?.includes(id) !== true;
  const isAllowed = (id: number): boolean => facts.allowedCores?.includes(id) !== false;
  const openCores = ids.filter((id) => isOpen(id) && isAllowed(id));
  const closedCores = ids.filter((id) => !openCores.includes(id));
  const total = config.cpuTotalCompute ?? facts.cores.reduce((sum, core) => sum + core.mhz, 0);
  // As the scheduler counts a whole core, so that all open ones together always fit.
  const ofCore = Math.floor(total / Math.max(1, ids.length));
  return { total, reserved: reserved.cpu + closedCores.length * ofCore, openCores, closedCores };
}

function machineAttributes(config: NodeConfig, facts: MachineFacts, compute: Compute): StringMap {
  return {
    "cpu.arch": facts.arch,
    "cpu.modelname": facts.cpuModel,
    "cpu.frequency": String(facts.cores[0]?.mhz ?? 0),
    "cpu.numcores": String(facts.cores.length),
    "cpu.reservablecores": String(compute.openCores.length),
    "cpu.totalcompute": String(compute.total),
    "cpu.usablecompute": String(Math.max(0, compute.total - compute.reserved)),
    "numa.node.count": "1",
    "numa.node0.cores": formatIdSet(facts.cores.map((core) => core.id)),
    "memory.totalbytes": String(facts.memoryBytes),
    "kernel.name": "linux",
    "kernel.arch": facts.kernelArch,
    "kernel.version": facts.kernelVersion,
    "os.name": facts.osName,
    "os.version": facts.osVersion,
    "os.signals": facts.signals.join(","),
    ...(facts.cgroupsVersion === undefined ? {} : { "os.cgroups.version": facts.cgroupsVersion }),
    "unique.hostname": facts.hostname,
    "unique.network.ip-address": facts.network.addresses[0]?.address ?? "",
    "unique.advertise.address": config.httpAddr,
    "unique.storage.volume": facts.storage.volume,
    "unique.storage.bytestotal": String(facts.storage.totalBytes),
    "nomad.version": config.version,
    "nomad.service_discovery": "true",
    "nomad.bridge.hairpin_mode": "false",
  };
}

/** `driver.docker` = "1" and `driver.docker.version` .. of every driver that was found. */
function driverAttributes(drivers: readonly FingerprintedDriver[]): StringMap {
  return Object.fromEntries(
    drivers
      .filter((driver) => driver.detected)
      .flatMap((driver) =>
        Object.entries({ "": "1", ...driver.attributes }).map(([key, value]) => [
          key === "" ? `driver.${driver.name}` : `driver.${driver.name}.${key}`,
          value === "true" && key === "" ? "1" : value,
        ]),
      ),
  );
}

/**
 * Groups in bridge mode ask for these plugins by an implicit constraint. A driver that makes networks itself does
 * what they would; the version says only that it is recent enough.
 */
function networkAttributes(drivers: readonly FingerprintedDriver[]): StringMap {
  if (!drivers.some((driver) => driver.detected && driver.makesNetworks)) return {};
  const plugins = ["bridge", "firewall", "host-local", "loopback", "portmap"];
  return Object.fromEntries(plugins.map((name) => [`plugins.cni.version.${name}`, "1.0.0"]));
}

function driverInfo(driver: FingerprintedDriver): DriverInfo {
  const own = driver.detected ? { [`driver.${driver.name}`]: "true" } : {};
  const others = Object.entries(driver.attributes)
    .filter(([key]) => key !== "")
    .map(([key, value]) => [`driver.${driver.name}.${key}`, value]);
  return {
    Attributes: { ...own, ...Object.fromEntries(others) },
    Detected: driver.detected,
    Healthy: driver.healthy,
    HealthDescription: driver.description,
    UpdateTime: driver.updateTime,
  };
}

function nodeResources(
  { config, facts, devices = [] }: Parameters<typeof describeNode>[0],
  { total, openCores, closedCores }: Compute,
): Node["NodeResources"] {
  const { device, mac, addresses } = facts.network;
  const address = (each: { address: string; family: string }): NodeNetworkAddress => ({
    Family: each.family,
    Alias: "default",
    Address: each.address,
    ReservedPorts: config.reserved.ports,
    Gateway: "",
  });
  const network = { Hostname: "", MBits: 0, DNS: null, ReservedPorts: null, DynamicPorts: null };
  return {
    Cpu: {
      CpuShares: total,
      TotalCpuCores: facts.cores.length,
      ReservableCpuCores: openCores,
    },
    Processors: {
      Topology: {
        Nodes: [0],
        Cores: facts.cores.map((core) => ({
          SocketID: 0,
          NodeID: 0,
          ID: core.id,
          Grade: true,
          Disable: closedCores.includes(core.id),
          BaseSpeed: 0,
          MaxSpeed: core.mhz,
          GuessSpeed: 0,
        })),
        OverrideTotalCompute: config.cpuTotalCompute ?? 0,
        OverrideWitholdCompute: config.reserved.cpu,
      },
    },
    Memory: { MemoryMB: config.memoryTotalMb ?? Math.floor(facts.memoryBytes / mebibyte) },
    Disk: { DiskMB: config.diskTotalMb ?? Math.floor(facts.storage.totalBytes / mebibyte) },
    Devices: devices.length > 0 ? devices : null,
    NodeNetworks: [
      { Mode: "bridge", Device: "", MacAddress: "", Speed: 0, Addresses: null },
      {
        Mode: "host",
        Device: device,
        MacAddress: mac,
        Speed: 1000,
        Addresses: addresses.map(address),
      },
    ],
    Networks: [
      { ...network, Mode: "bridge", Device: "", CIDR: "", IP: "", CNI: null },
      ...addresses.map((each) => ({
        ...network,
        Mode: "host",
        Device: device,
        CIDR: `${each.address}/${each.family === "ipv6" ? 128 : 32}`,
        IP: each.address,
        MBits: 1000,
        CNI: null,
      })),
    ],
    MinDynamicPort: config.minDynamicPort,
    MaxDynamicPort: config.maxDynamicPort,
  };
}

/** Everything of a node that a constraint may ask about and that several nodes can share. */
function classText(node: Omit<Node, "ComputedClass">): string {
  const shared = (values: StringMap | null): [string, string][] =>
    Object.entries(values ?? {})
      .filter(([key]) => !key.startsWith("unique."))
      .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([
    node.Datacenter,
    node.NodeClass,
    node.NodePool,
    shared(node.Attributes),
    shared(node.Meta),
    Object.keys(node.HostVolumes ?? {}).sort(),
    (node.NodeResources.Devices ?? []).map(({ Vendor, Type, Name, Attributes }) => [
      Vendor,
      Type,
      Name,
      Object.entries(Attributes ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)),
    ]),
  ]);
}
