import type Docker from "dockerode";
import type { JsonObject } from "../../lib/json.ts";
import {
  optionBlocks,
  optionFlag,
  optionMap,
  optionNumber,
  optionText,
  optionTexts,
} from "../core/option-table.ts";
import { formatIdSet } from "../../lib/id-set.ts";
import type { TaskSpec } from "../port.ts";
import { deviceRuntime } from "./device-runtime.ts";
import { labelsOf } from "./labels.ts";
import type { DockerPlugin } from "./options.ts";
import { capabilities, parseUlimit } from "./policy.ts";
import { bindingsOf, type PortBindings, type Published } from "./published-ports.ts";
import { refusal } from "./refusal.ts";

type Create = Docker.ContainerCreateOptions;
type Host = Docker.HostConfig;

/** What has to be looked up on the host and in the engine before a container can be described. */
export interface ContainerContext {
  readonly plugin: DockerPlugin;
  readonly imageId: string;
  /** "1" or "2": swappiness exists on version 1 only. */
  readonly cgroupVersion: string;
  readonly processors: number;
  readonly binds: readonly string[];
  readonly mounts: readonly Docker.MountSettings[];
  readonly securityOptions: readonly string[];
}

const mebibyte = 1024 * 1024;
/** The largest weight that the kernel takes. */
const mostShares = 262_144;

export const containerName = (key: TaskSpec["key"]): string =>
  `${key.task.replaceAll("/", "_")}-${key.allocationId}`;

/** The body of the create call: every option has its place here. The values have passed the policy. */
export function containerConfig(
  spec: TaskSpec,
  values: JsonObject,
  context: ContainerContext,
): Create {
  const { plugin } = context;
  const tty = optionFlag(values, "tty");
  const command = optionText(values, "command");
  const args = optionTexts(values, "args");
  const entrypoint = optionTexts(values, "entrypoint");
  const published = publishPorts(spec, values);
  const isJoined = networkMode(spec, values).startsWith("container:");
  const hasNoChecks = optionFlag(optionBlocks(values, "healthchecks")[0] ?? {}, "disable");
  return {
    name: containerName(spec.key),
    Image: context.imageId,
    Env: Object.entries(spec.env).map(([name, value]) => `${name}=${value}`),
    Labels: labelsOf(spec, { own: optionMap(values, "labels"), tty, extra: plugin.extraLabels }),
    Tty: tty,
    OpenStdin: optionFlag(values, "interactive"),
    ExposedPorts: published.exposed,
    HostConfig: hostConfig(spec, values, context, published.bindings),
    ...(command === "" && args.length === 0
      ? {}
      : { Cmd: command === "" ? [...args] : [command, ...args] }),
    ...(entrypoint.length > 0 ? { Entrypoint: [...entrypoint] } : {}),
    ...(hasNoChecks ? { Healthcheck: { Test: ["NONE"] } } : {}),
    ...(spec.user === "" ? {} : { User: spec.user }),
    ...texts(values, { work_dir: "WorkingDir" }),
    // Who joins another's network has its names and addresses too; the engine refuses to be told of others.
    ...(isJoined ? {} : texts(values, { hostname: "Hostname", mac_address: "MacAddress" })),
    ...networking(values),
  };
}

function hostConfig(
  spec: TaskSpec,
  values: JsonObject,
  context: ContainerContext,
  bindings: PortBindings,
): Host {
  const { plugin } = context;
  const { add, drop } = capabilities(values, plugin);
  const runtime = deviceRuntime(spec, plugin);
  return {
    ...memory(spec, values, context.cgroupVersion),
    ...cpu(spec, values, context),
    ...limits(values, plugin),
    ...lists(spec, values),
    ...texts(values, {
      pid_mode: "PidMode",
      ipc_mode: "IpcMode",
      userns_mode: "UsernsMode",
      uts_mode: "UTSMode",
      cgroupns: "CgroupnsMode",
      runtime: "Runtime",
      volume_driver: "VolumeDriver",
    }),
    ...(runtime === undefined ? {} : { Runtime: runtime }),
    NetworkMode: networkMode(spec, values),
    CapAdd: add,
    CapDrop: drop,
    SecurityOpt: [...context.securityOptions],
    Privileged: optionFlag(values, "privileged"),
    ReadonlyRootfs: optionFlag(values, "readonly_rootfs"),
    Binds: [...context.binds],
    Mounts: [...context.mounts],
    PortBindings: bindings,
    LogConfig: logging(values, plugin),
    Devices: optionBlocks(values, "devices").map((device) => ({
      PathOnHost: optionText(device, "host_path"),
      PathInContainer: optionText(device, "container_path") || optionText(device, "host_path"),
      CgroupPermissions: optionText(device, "cgroup_permissions") || "rwm",
    })),
    RestartPolicy: { Name: "no" },
  };
}

/** No swap: a task that outgrows its memory is killed, not slowed down with the whole host. */
function memory(spec: TaskSpec, values: JsonObject, cgroupVersion: string): Host {
  const { memoryMb, memoryMaxMb } = spec.resources;
  const swappiness: Host = cgroupVersion === "1" ? { MemorySwappiness: 0 } : {};
  const reserved = memoryMb * mebibyte;
  if (memoryMaxMb === -1) return { Memory: 0, MemoryReservation: reserved, ...swappiness };
  const hardMb = Math.max(optionNumber(values, "memory_hard_limit") ?? 0, memoryMaxMb);
  if (hardMb > 0 && hardMb < memoryMb)
    throw refusal(
      `the memory limit of ${hardMb} MB is below the ${memoryMb} MB that the task reserves`,
    );
  const limit = (hardMb > 0 ? hardMb : memoryMb) * mebibyte;
  if (limit <= 0) return {};
  return {
    Memory: limit,
    MemorySwap: limit,
    ...(hardMb > 0 ? { MemoryReservation: reserved } : {}),
    ...swappiness,
  };
}

function cpu(spec: TaskSpec, values: JsonObject, context: ContainerContext): Host {
  const { totalComputeMhz: total } = context.plugin;
  const wanted = spec.resources.cpuShares;
  const scaled = total >= mostShares ? Math.trunc((wanted / total) * mostShares) : wanted;
  const cores = spec.resources.cores ?? [];
  const shares: Host = {
    CpuShares: Math.min(mostShares, Math.max(2, Math.trunc(scaled))),
    ...(cores.length > 0 ? { CpusetCpus: formatIdSet(cores) } : {}),
  };
  if (!optionFlag(values, "cpu_hard_limit")) return shares;
  const period = optionNumber(values, "cpu_cfs_period") || 100_000;
  const quota = Math.trunc((wanted / total) * period) * context.processors;
  // The kernel takes no quota below a millisecond.
  return { ...shares, CpuPeriod: period, CpuQuota: Math.max(1_000, quota) };
}

function limits(values: JsonObject, plugin: DockerPlugin): Host {
  const own = optionNumber(values, "pids_limit") ?? 0;
  const pids = own > 0 ? own : plugin.pidsLimit;
  const shm = optionNumber(values, "shm_size") ?? 0;
  const oom = optionNumber(values, "oom_score_adj");
  return {
    ...(pids > 0 ? { PidsLimit: pids } : {}),
    ...(shm > 0 ? { ShmSize: shm } : {}),
    ...(oom === undefined ? {} : { OomScoreAdj: oom }),
    ...(optionFlag(values, "init") ? { Init: true } : {}),
    Ulimits: Object.entries(optionMap(values, "ulimit")).map(([Name, text]) => {
      const limit = parseUlimit(text);
      if (limit === undefined) throw refusal(`Malformed ulimit specification ${Name}: "${text}"`);
      return { Name, Soft: limit.soft, Hard: limit.hard };
    }),
  };
}

function lists(spec: TaskSpec, values: JsonObject): Host {
  const isJoined = networkMode(spec, values).startsWith("container:");
  // In the network of its group a task reads the files that `nameFiles` writes.
  const host: Host = isJoined ? {} : names(spec, values);
  const groups = optionTexts(values, "group_add");
  if (groups.length > 0) host.GroupAdd = [...groups];
  const storage = optionMap(values, "storage_opt");
  if (Object.keys(storage).length > 0) host.StorageOpt = { ...storage };
  const sysctl = optionMap(values, "sysctl");
  if (Object.keys(sysctl).length > 0) host.Sysctls = { ...sysctl };
  return host;
}

/** The group's name servers win over the task's. */
function names({ dns }: TaskSpec, values: JsonObject): Host {
  const host: Host = {};
  const fields = [
    ["Dns", dns ? dns.servers : optionTexts(values, "dns_servers")],
    ["DnsSearch", dns ? dns.searches : optionTexts(values, "dns_search_domains")],
    ["DnsOptions", dns ? dns.options : optionTexts(values, "dns_options")],
    ["ExtraHosts", optionTexts(values, "extra_hosts")],
  ] as const;
  for (const [field, list] of fields) if (list.length > 0) host[field] = [...list];
  return host;
}

/** Options that pass through under another name when they are set. */
function texts(
  values: JsonObject,
  fields: { readonly [option: string]: string },
): { readonly [field: string]: string } {
  const set = Object.entries(fields).map(([option, field]) => [field, optionText(values, option)]);
  return Object.fromEntries(set.filter(([, value]) => value !== ""));
}

function publishPorts(spec: TaskSpec, values: JsonObject): Published {
  const portMap = optionMap(values, "port_map");
  if (networkMode(spec, values).startsWith("container:")) return bindingsOf([]);
  const labels = [...optionTexts(values, "ports"), ...Object.keys(portMap)];
  return bindingsOf(
    labels.flatMap((label) => {
      const ports = spec.ports.filter((candidate) => candidate.Label === label);
      if (ports.length === 0) throw refusal(`Port "${label}" not found, check network block`);
      return ports.map((port) => ({ port, inside: portMap[label] ?? "" }));
    }),
  );
}

/** The group's own network, where it has one and the task asks for no other. */
export function networkMode(spec: TaskSpec, values: JsonObject): string {
  const asked = optionText(values, "network_mode");
  if (asked !== "") return asked;
  return spec.network === undefined ? "default" : `container:${spec.network}`;
}

/** The engine's own log is our catch-up buffer after a restart, so it must keep something and stay small. */
function logging(
  values: JsonObject,
  { logging: standard }: DockerPlugin,
): { Type: string; Config: { [name: string]: string } } {
  const [block = {}] = optionBlocks(values, "logging");
  const type = optionText(block, "type") || optionText(block, "driver");
  const config = optionMap(block, "config");
  if (type === "" && Object.keys(config).length === 0)
    return { Type: standard.type, Config: { ...standard.config } };
  return { Type: type || standard.type, Config: { ...config } };
}

function networking(values: JsonObject): Pick<Create, "NetworkingConfig"> {
  const address = texts(values, { ipv4_address: "IPv4Address", ipv6_address: "IPv6Address" });
  const aliases = optionTexts(values, "network_aliases");
  if (Object.keys(address).length === 0 && aliases.length === 0) return {};
  const network = optionText(values, "network_mode") || "default";
  return {
    NetworkingConfig: {
      EndpointsConfig: { [network]: { Aliases: [...aliases], IPAMConfig: address } },
    },
  };
}
