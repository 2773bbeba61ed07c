import { isAbsolute, join, normalize, resolve } from "node:path";
import type Docker from "dockerode";
import { AppError } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";
import {
  optionBlocks,
  optionFlag,
  optionMap,
  optionNumber,
  optionText,
  optionTexts,
} from "../core/option-table.ts";
import type { TaskSpec } from "../port.ts";
import { labelsOf } from "./labels.ts";
import type { DockerPluginConfig } from "./options.ts";

type Create = Docker.ContainerCreateOptions;
type Host = Docker.HostConfig;

const mebibyte = 1024 * 1024;
export const containerName = (key: TaskSpec["key"]): string =>
  `${key.task.replaceAll("/", "_")}-${key.allocationId}`;

/** Everything that the engine must know to create a task's container from the image with this id. */
export function containerConfig(
  spec: TaskSpec,
  values: JsonObject,
  context: { readonly imageId: string; readonly plugin: DockerPluginConfig },
): Create {
  const { plugin } = context;
  const tty = optionFlag(values, "tty");
  const command = optionText(values, "command");
  if (command !== "" && command !== command.trim())
    throw refusal("the command must not start or end with blanks");
  const args = optionTexts(values, "args");
  const published = publishPorts(spec, values);
  const config: Create = {
    name: containerName(spec.key),
    Image: context.imageId,
    Env: Object.entries(spec.env).map(([name, value]) => `${name}=${value}`),
    Labels: labelsOf(spec, { own: optionMap(values, "labels"), tty, extra: plugin.extraLabels }),
    Tty: tty,
    OpenStdin: optionFlag(values, "interactive"),
    ExposedPorts: published.exposed,
    HostConfig: hostConfig(spec, values, plugin, published.bindings),
  };
  if (command !== "") config.Cmd = [command, ...args];
  else if (args.length > 0) config.Cmd = [...args];
  const entrypoint = optionTexts(values, "entrypoint");
  if (entrypoint.length > 0) config.Entrypoint = [...entrypoint];
  if (spec.user !== "") config.User = spec.user;
  const workDir = optionText(values, "work_dir");
  if (workDir !== "") config.WorkingDir = workDir;
  const hostname = optionText(values, "hostname");
  if (hostname !== "") config.Hostname = hostname;
  if (optionFlag(optionBlocks(values, "healthchecks")[0] ?? {}, "disable"))
    config.Healthcheck = { Test: ["NONE"] };
  return { ...config, ...networking(values) };
}

function hostConfig(
  spec: TaskSpec,
  values: JsonObject,
  plugin: DockerPluginConfig,
  bindings: { [port: string]: { HostIp: string; HostPort: string }[] },
): Host {
  return {
    ...memory(spec, values),
    ...cpu(spec, values),
    ...capabilities(values, plugin),
    ...modes(values, plugin),
    ...simple(values, plugin),
    Binds: binds(spec, values, plugin),
    Mounts: mounts(spec, values, plugin),
    PortBindings: bindings,
    LogConfig: logging(values),
    Devices: optionBlocks(values, "devices").map((device) => ({
      PathOnHost: optionText(device, "host_path"),
      PathInContainer: optionText(device, "container_path") || optionText(device, "host_path"),
      CgroupPermissions: optionText(device, "cgroup_permissions") || "rwm",
    })),
    Ulimits: ulimits(values),
    RestartPolicy: { Name: "no" },
  };
}

/** No swap: a task that outgrows its memory is killed, not slowed down with the whole host. */
function memory(spec: TaskSpec, values: JsonObject): Host {
  const { memoryMb, memoryMaxMb } = spec.resources;
  const hard = Math.max(optionNumber(values, "memory_hard_limit") ?? 0, memoryMaxMb);
  if (hard > 0 && hard < memoryMb)
    throw refusal(
      `the memory limit of ${hard} MB is below the ${memoryMb} MB that the task reserves`,
    );
  const limit = (hard > 0 ? hard : memoryMb) * mebibyte;
  if (limit <= 0) return {};
  return {
    Memory: limit,
    MemorySwap: limit,
    ...(hard > 0 ? { MemoryReservation: memoryMb * mebibyte } : {}),
  };
}

function cpu(spec: TaskSpec, values: JsonObject): Host {
  const period = optionNumber(values, "cpu_cfs_period");
  if (period !== undefined && (period < 0 || period > 1_000_000))
    throw refusal("cpu_cfs_period must lie between 0 and 1000000");
  return { CpuShares: Math.max(2, spec.resources.cpuShares) };
}

function capabilities(values: JsonObject, plugin: DockerPluginConfig): Host {
  const clean = (name: string): string => name.toUpperCase().replace(/^CAP_/, "");
  const allowed = new Set(plugin.allowCaps.map(clean));
  const add = optionTexts(values, "cap_add").map(clean);
  const drop = optionTexts(values, "cap_drop").map(clean);
  const denied = add.filter((name) => !allowed.has(name) && !allowed.has("ALL"));
  if (denied.length > 0)
    throw refusal(
      `driver does not allow the following capabilities: ${denied.map((name) => name.toLowerCase()).join(", ")}`,
    );
  const standard = [...standardCapabilities, "NET_RAW"].filter(
    (name) => !allowed.has(name) && !allowed.has("ALL"),
  );
  return { CapAdd: add, CapDrop: [...new Set([...standard, ...drop])] };
}

const standardCapabilities = [
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
];

/** Sharing the host's namespaces is for privileged plugins only. */
function modes(values: JsonObject, plugin: DockerPluginConfig): Host {
  const host: Host = {};
  const fields = [
    ["pid_mode", "PidMode"],
    ["ipc_mode", "IpcMode"],
    ["userns_mode", "UsernsMode"],
    ["uts_mode", "UTSMode"],
  ] as const;
  for (const [option, field] of fields) {
    const mode = optionText(values, option);
    if (mode === "") continue;
    if (!plugin.allowPrivileged)
      throw refusal(`cannot apply "${option}" configuration: the plugin does not allow it`);
    host[field] = mode;
  }
  if (optionFlag(values, "privileged")) {
    if (!plugin.allowPrivileged)
      throw refusal("Docker privileged mode is disabled on this Nomad agent");
    host.Privileged = true;
  }
  const runtime = optionText(values, "runtime");
  if (runtime !== "" && !plugin.allowRuntimes.includes(runtime))
    throw refusal(`requested runtime "${runtime}" is not allowed`);
  if (runtime !== "") host.Runtime = runtime;
  return host;
}

function simple(values: JsonObject, plugin: DockerPluginConfig): Host {
  const host: Host = { NetworkMode: optionText(values, "network_mode") || "default" };
  const pids = optionNumber(values, "pids_limit") ?? plugin.pidsLimit;
  if (plugin.pidsLimit > 0 && pids > plugin.pidsLimit)
    throw refusal(`pids_limit cannot be greater than the plugin's limit of ${plugin.pidsLimit}`);
  if (pids > 0) host.PidsLimit = pids;
  if (optionFlag(values, "init")) host.Init = true;
  if (optionFlag(values, "readonly_rootfs")) host.ReadonlyRootfs = true;
  const shm = optionNumber(values, "shm_size");
  if (shm !== undefined && shm > 0) host.ShmSize = shm;
  const oom = optionNumber(values, "oom_score_adj");
  if (oom !== undefined) host.OomScoreAdj = oom;
  const cgroupns = optionText(values, "cgroupns");
  const lists = [
    ["dns_servers", "Dns"],
    ["dns_search_domains", "DnsSearch"],
    ["dns_options", "DnsOptions"],
    ["extra_hosts", "ExtraHosts"],
    ["group_add", "GroupAdd"],
    ["security_opt", "SecurityOpt"],
  ] as const;
  for (const [option, field] of lists) {
    const list = optionTexts(values, option);
    if (list.length > 0) host[field] = [...list];
  }
  const storage = optionMap(values, "storage_opt");
  if (Object.keys(storage).length > 0) host.StorageOpt = { ...storage };
  const sysctl = optionMap(values, "sysctl");
  if (Object.keys(sysctl).length > 0) host.Sysctls = { ...sysctl };
  if (cgroupns !== "" && cgroupns !== "private" && cgroupns !== "host")
    throw refusal(`invalid cgroupns "${cgroupns}"`);
  return cgroupns === "" ? host : Object.assign(host, { CgroupnsMode: cgroupns });
}

function binds(spec: TaskSpec, values: JsonObject, plugin: DockerPluginConfig): string[] {
  const { directories } = spec;
  const label = plugin.selinuxLabel === "" ? "" : `:${plugin.selinuxLabel}`;
  const own = [
    `${directories.shared}:/alloc${label}`,
    `${directories.local}:/local${label}`,
    `${directories.secrets}:/secrets${label}`,
  ];
  const volumes = optionTexts(values, "volumes").map((volume) => {
    const [source = "", target = "", ...mode] = volume.split(":");
    if (target === "") throw refusal(`invalid docker volume "${volume}": it must be source:target`);
    const host = hostPath(spec, source, plugin);
    return [host, target, ...mode].join(":");
  });
  return [...own, ...volumes];
}

/** A relative source lies in the task's folder; one outside of the allocation needs the plugin's consent. */
function hostPath(spec: TaskSpec, source: string, plugin: DockerPluginConfig): string {
  const path = isAbsolute(source)
    ? normalize(source)
    : resolve(join(spec.directories.task, source));
  const isInside =
    path === spec.directories.allocation || path.startsWith(`${spec.directories.allocation}/`);
  if (!isInside && !plugin.volumesEnabled)
    throw refusal(`volumes are not enabled; cannot mount host path "${source}"`);
  return path;
}

function mounts(
  spec: TaskSpec,
  values: JsonObject,
  plugin: DockerPluginConfig,
): Docker.MountSettings[] {
  return [...optionBlocks(values, "mount"), ...optionBlocks(values, "mounts")].map((mount) => {
    const type = optionText(mount, "type") || "volume";
    if (type !== "bind" && type !== "volume" && type !== "tmpfs")
      throw refusal(`invalid mount type "${type}"`);
    const source = optionText(mount, "source");
    if (type === "volume" && !plugin.volumesEnabled)
      throw refusal("volumes are not enabled; cannot mount a volume");
    if (type === "tmpfs" && source !== "") throw refusal("a tmpfs mount has no source");
    const settings: Docker.MountSettings = {
      Type: type,
      Target: optionText(mount, "target"),
      Source: type === "bind" ? hostPath(spec, source, plugin) : source,
      ReadOnly: optionFlag(mount, "readonly"),
    };
    return withMountOptions(settings, mount);
  });
}

function withMountOptions(settings: Docker.MountSettings, mount: JsonObject): Docker.MountSettings {
  const [bind] = optionBlocks(mount, "bind_options");
  const [tmpfs] = optionBlocks(mount, "tmpfs_options");
  const propagation = bind === undefined ? "" : optionText(bind, "propagation");
  return {
    ...settings,
    ...(propagation === ""
      ? {}
      : { BindOptions: { Propagation: propagation as Docker.MountPropagation } }),
    ...(tmpfs === undefined
      ? {}
      : {
          TmpfsOptions: {
            SizeBytes: optionNumber(tmpfs, "size") ?? 0,
            Mode: optionNumber(tmpfs, "mode") ?? 0,
          },
        }),
  };
}

interface Published {
  readonly exposed: { [port: string]: object };
  readonly bindings: { [port: string]: { HostIp: string; HostPort: string }[] };
}

/** Each port for tcp and for udp, on the address that the scheduler gave it. */
function publishPorts(spec: TaskSpec, values: JsonObject): Published {
  const published: Published = { exposed: {}, bindings: {} };
  const portMap = optionMap(values, "port_map");
  const wanted = [...optionTexts(values, "ports"), ...Object.keys(portMap)];
  if (optionText(values, "network_mode").startsWith("container:")) return published;
  for (const label of wanted) {
    const port = spec.ports.find((candidate) => candidate.Label === label);
    if (port === undefined) throw refusal(`Port "${label}" not found, check network block`);
    const inside = portMap[label] ?? String(port.To > 0 ? port.To : port.Value);
    for (const protocol of ["tcp", "udp"]) {
      const key = `${inside}/${protocol}`;
      published.exposed[key] = {};
      (published.bindings[key] ??= []).push({ HostIp: port.HostIP, HostPort: String(port.Value) });
    }
  }
  return published;
}

/** The engine's own log is our catch-up buffer after a restart, so it must keep something and stay small. */
function logging(values: JsonObject): { Type: string; Config: { [name: string]: string } } {
  const [block] = optionBlocks(values, "logging");
  if (block === undefined)
    return { Type: "json-file", Config: { "max-file": "2", "max-size": "2m" } };
  const type = optionText(block, "type") || optionText(block, "driver") || "json-file";
  return { Type: type, Config: { ...optionMap(block, "config") } };
}

function ulimits(values: JsonObject): { Name: string; Soft: number; Hard: number }[] {
  return Object.entries(optionMap(values, "ulimit")).map(([Name, text]) => {
    const match = /^(-?\d+)(?::(-?\d+))?$/.exec(text);
    if (match === null)
      throw refusal(`Malformed ulimit specification ${Name}: "${text}", cannot be empty`);
    return { Name, Soft: Number(match[1]), Hard: Number(match[2] ?? match[1]) };
  });
}

function networking(values: JsonObject): Pick<Create, "NetworkingConfig"> {
  const mode = optionText(values, "network_mode");
  const ipv4 = optionText(values, "ipv4_address");
  const ipv6 = optionText(values, "ipv6_address");
  const aliases = optionTexts(values, "network_aliases");
  if (mode === "" || (ipv4 === "" && ipv6 === "" && aliases.length === 0)) return {};
  const address = {
    ...(ipv4 === "" ? {} : { IPv4Address: ipv4 }),
    ...(ipv6 === "" ? {} : { IPv6Address: ipv6 }),
  };
  return {
    NetworkingConfig: {
      EndpointsConfig: { [mode]: { Aliases: [...aliases], IPAMConfig: address } },
    },
  };
}

/** A start that can never work with this configuration. */
export const refusal = (message: string): AppError =>
  new AppError("driver", message, { fields: { recoverable: false } });
