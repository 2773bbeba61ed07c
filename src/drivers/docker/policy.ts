import { isIP, isIPv4, isIPv6 } from "node:net";
import type { Diagnostic } from "../../lib/diagnostic.ts";
import type { JsonObject } from "../../lib/json.ts";
import {
  optionBlocks,
  optionFlag,
  optionMap,
  optionNumber,
  optionText,
  optionTexts,
} from "../core/option-table.ts";
import { defaultDockerConfig, type DockerPlugin } from "./options.ts";

/** What the node's operator does not let a task have, and values that mean nothing: nothing is ignored silently. */
export function policyFaults(values: JsonObject, plugin: DockerPlugin): readonly Diagnostic[] {
  const errors = [
    ...capabilityFaults(values, plugin),
    ...namespaceFaults(values, plugin),
    ...mountFaults(values, plugin),
    ...networkFaults(values),
    ...cpuFaults(values, plugin),
    ...valueFaults(values, plugin),
  ];
  const warnings =
    optionText(values, "cpuset_cpus") === ""
      ? []
      : ["config.cpuset_cpus is ignored: reserve cores with resources.cores"];
  return [
    ...errors.map((summary) => ({ severity: "error", summary, detail: "" }) as const),
    ...warnings.map((summary) => ({ severity: "warning", summary, detail: "" }) as const),
  ];
}

/** What is wrong on every node, however much its operator allows. */
export function fixedFaults(values: JsonObject): readonly Diagnostic[] {
  const any = ["*"];
  const faults = policyFaults(values, {
    ...defaultDockerConfig,
    allowPrivileged: true,
    allowCaps: ["all"],
    allowRuntimes: [optionText(values, "runtime")],
    volumesEnabled: true,
    allowedModes: { pid: any, ipc: any, userns: any, uts: any },
    totalComputeMhz: 1,
  });
  return faults.filter(({ severity }) => severity === "error");
}

const capabilityName = (name: string): string => name.toUpperCase().replace(/^CAP_/, "");

export function capabilities(
  values: JsonObject,
  plugin: DockerPlugin,
): { readonly add: string[]; readonly drop: string[] } {
  const allowed = new Set(plugin.allowCaps.map(capabilityName));
  const granted = [...defaultDockerConfig.allowCaps, "NET_RAW"];
  const kept = (name: string): boolean => allowed.has(name) || allowed.has("ALL");
  const dropped = granted.filter((name) => !kept(name));
  const drop = optionTexts(values, "cap_drop").map(capabilityName);
  return {
    add: optionTexts(values, "cap_add").map(capabilityName),
    drop: [...new Set([...dropped, ...drop])],
  };
}

function capabilityFaults(values: JsonObject, plugin: DockerPlugin): string[] {
  const allowed = new Set(plugin.allowCaps.map(capabilityName));
  const denied = capabilities(values, plugin).add.filter((name) => !allowed.has(name));
  if (allowed.has("ALL") || denied.length === 0) return [];
  const names = denied.map((name) => name.toLowerCase()).join(", ");
  return [`driver does not allow the following capabilities: ${names}`];
}

function namespaceFaults(values: JsonObject, plugin: DockerPlugin): string[] {
  const { allowedModes: modes, allowPrivileged } = plugin;
  const asked = [
    ["pid_mode", modes.pid],
    ["ipc_mode", modes.ipc],
    ["userns_mode", modes.userns],
    ["uts_mode", modes.uts],
  ] as const;
  const faults = asked
    .map(([name, globs]) => ({ name, globs, mode: optionText(values, name) }))
    .filter(({ mode, globs }) => mode !== "" && !globs.some((glob) => matchesGlob(mode, glob)))
    .map(({ name }) => `cannot apply "${name}" configuration: the plugin does not allow it`);
  const runtime = optionText(values, "runtime");
  const cgroupns = optionText(values, "cgroupns");
  return [
    ...(allowPrivileged ? [] : faults),
    ...(optionFlag(values, "privileged") && !allowPrivileged
      ? ["Docker privileged mode is disabled on this Nomad agent"]
      : []),
    ...(runtime === "" || plugin.allowRuntimes.includes(runtime)
      ? []
      : [`requested runtime "${runtime}" is not allowed`]),
    ...(["", "private", "host"].includes(cgroupns) ? [] : [`invalid cgroupns "${cgroupns}"`]),
  ];
}

function mountFaults(values: JsonObject, { volumesEnabled }: DockerPlugin): string[] {
  const volumes = optionTexts(values, "volumes")
    .filter((volume) => !/^[^:]+:[^:]+(?::[^:]+)?$/.test(volume))
    .map((volume) => `invalid docker volume "${volume}": it must be source:target[:mode]`);
  const mounts = [...optionBlocks(values, "mount"), ...optionBlocks(values, "mounts")];
  const driver =
    optionText(values, "volume_driver") !== "" && !volumesEnabled
      ? ["volumes are not enabled; cannot use volume driver"]
      : [];
  return [...volumes, ...driver, ...mounts.flatMap((mount) => mountFault(mount, volumesEnabled))];
}

function mountFault(mount: JsonObject, volumesEnabled: boolean): string[] {
  const type = optionText(mount, "type");
  const source = optionText(mount, "source");
  switch (type) {
    case "bind":
      return source === "" ? ["a bind mount needs a source"] : [];
    case "tmpfs":
      return source === "" ? [] : ["a tmpfs mount has no source"];
    case "":
    case "volume":
      return volumesEnabled ? [] : ["volumes are not enabled; cannot mount a volume"];
    default:
      return [`invalid mount type "${type}": it must be bind, volume or tmpfs`];
  }
}

function networkFaults(values: JsonObject): string[] {
  const [ipv4, ipv6] = [optionText(values, "ipv4_address"), optionText(values, "ipv6_address")];
  const badDns = optionTexts(values, "dns_servers").filter((server) => isIP(server) === 0);
  const badHosts = optionTexts(values, "extra_hosts").filter((host) => !/^[^:]+:.+$/.test(host));
  const badPorts = Object.entries(optionMap(values, "port_map")).filter(
    ([, port]) => !(Number.isInteger(Number(port)) && Number(port) > 0 && Number(port) < 65_536),
  );
  const hasBoth =
    optionTexts(values, "ports").length > 0 &&
    Object.keys(optionMap(values, "port_map")).length > 0;
  return [
    ...(ipv4 === "" || isIPv4(ipv4) ? [] : [`ipv4_address "${ipv4}" is not an IPv4 address`]),
    ...(ipv6 === "" || isIPv6(ipv6) ? [] : [`ipv6_address "${ipv6}" is not an IPv6 address`]),
    ...badDns.map((server) => `dns_servers: "${server}" is not an address`),
    ...badHosts.map((host) => `extra_hosts: "${host}" is not name:address`),
    ...badPorts.map(([label, port]) => `port_map ${label}: "${port}" is not a port`),
    ...(hasBoth ? ["port_map and ports exclude each other: use ports"] : []),
    ...(optionFlag(values, "advertise_ipv6_address")
      ? ["advertise_ipv6_address is not supported: services advertise the host's address"]
      : []),
  ];
}

function cpuFaults(values: JsonObject, plugin: DockerPlugin): string[] {
  const period = optionNumber(values, "cpu_cfs_period") ?? 0;
  const isHard = optionFlag(values, "cpu_hard_limit");
  return [
    ...(period < 0 || period > 1_000_000 ? ["cpu_cfs_period must lie between 0 and 1000000"] : []),
    ...(isHard && plugin.totalComputeMhz <= 0
      ? ["cpu_hard_limit is not possible: the compute power of this node is not known"]
      : []),
  ];
}

function valueFaults(values: JsonObject, plugin: DockerPlugin): string[] {
  const command = optionText(values, "command");
  const ulimits = Object.entries(optionMap(values, "ulimit"))
    .filter(([, text]) => parseUlimit(text) === undefined)
    .map(([name, text]) => `Malformed ulimit specification ${name}: "${text}"`);
  const devices = optionBlocks(values, "devices")
    .map((device) => optionText(device, "cgroup_permissions"))
    .filter((permissions) => !/^[rwm]*$/.test(permissions))
    .map((permissions) => `devices: invalid cgroup permission "${permissions}"`);
  const security = optionTexts(values, "security_opt")
    .filter((option) => option !== "no-new-privileges" && !/^[^=:]+[=:].+$/s.test(option))
    .map((option) => `invalid security_opt: "${option}"`);
  const { pidsLimit } = plugin;
  return [
    ...(command === command.trim() ? [] : ["the command must not start or end with blanks"]),
    ...ulimits,
    ...devices,
    ...security,
    ...(pidsLimit > 0 && (optionNumber(values, "pids_limit") ?? 0) > pidsLimit
      ? [`pids_limit cannot be greater than the plugin's limit of ${pidsLimit}`]
      : []),
  ];
}

export function parseUlimit(
  text: string,
): { readonly soft: number; readonly hard: number } | undefined {
  const match = /^(-?\d+)(?::(-?\d+))?$/.exec(text);
  if (match === null) return undefined;
  return { soft: Number(match[1]), hard: Number(match[2] ?? match[1]) };
}

export const matchesGlob = (text: string, glob: string): boolean =>
  new RegExp(`^${glob.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*")}$`).test(text);
