import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readFile, statfs } from "node:fs/promises";
import * as os from "node:os";
import { AppError } from "../lib/errors.ts";
import { parseIdSet } from "../lib/id-set.ts";
import { describeNode } from "./core/describe-node.ts";
import type {
  FingerprintedDriver,
  MachineFacts,
  NodeConfig,
  NodeIdentity,
} from "./core/describe-node.ts";

export { describeNode };
export type { FingerprintedDriver, MachineFacts, NodeConfig, NodeIdentity };

/** Asks the machine about itself. */
export async function readMachine(options: {
  readonly allocDir: string;
  readonly networkInterface: string | undefined;
}): Promise<MachineFacts> {
  await mkdir(options.allocDir, { recursive: true, mode: 0o711 });
  const { bsize, blocks } = await statfs(options.allocDir);
  const release = osRelease();
  const cpus = os.cpus();
  return {
    hostname: os.hostname(),
    arch: process.arch === "x64" ? "amd64" : process.arch,
    kernelArch: os.machine(),
    kernelVersion: os.release(),
    osName: release["ID"] ?? "linux",
    osVersion: release["VERSION_ID"] ?? "",
    signals: Object.keys(os.constants.signals).sort(),
    cgroupsVersion: cgroupsVersion(),
    cpuModel: cpus[0]?.model.trim() ?? "",
    ...readCores(cpus),
    memoryBytes: os.totalmem(),
    storage: { volume: await volumeOf(options.allocDir), totalBytes: bsize * blocks },
    network: chooseInterface(options.networkInterface),
  };
}

export const hashText = (text: string): string =>
  BigInt(`0x${createHash("sha256").update(text).digest("hex").slice(0, 16)}`).toString();

function osRelease(): Readonly<Record<string, string>> {
  if (!existsSync("/etc/os-release")) return {};
  const lines = readFileSync("/etc/os-release", "utf8").split("\n");
  return Object.fromEntries(
    lines.flatMap((line) => {
      const match = /^([A-Z_]+)="?([^"]*)"?$/.exec(line);
      return match ? [[match[1] ?? "", match[2] ?? ""]] : [];
    }),
  );
}

/** Cores that are switched off leave gaps in the ids; a cpuset around the agent binds its tasks as well. */
function readCores(cpus: readonly os.CpuInfo[]): Pick<MachineFacts, "cores" | "allowedCores"> {
  const online = parseIdSet(readOr("/sys/devices/system/cpu/online").trim()) ?? [];
  const allowed = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readOr("/proc/self/status"))?.[1];
  return {
    cores: cpus.map((cpu, at) => ({
      id: online.length === cpus.length ? (online[at] ?? at) : at,
      mhz: cpu.speed > 0 ? cpu.speed : 1000,
    })),
    allowedCores: allowed === undefined ? undefined : parseIdSet(allowed),
  };
}

const readOr = (path: string): string => (existsSync(path) ? readFileSync(path, "utf8") : "");

function cgroupsVersion(): "1" | "2" | undefined {
  if (existsSync("/sys/fs/cgroup/cgroup.controllers")) return "2";
  return existsSync("/sys/fs/cgroup/memory") ? "1" : undefined;
}

/** The device that holds `path`: the mount with the longest matching prefix. */
async function volumeOf(path: string): Promise<string> {
  const mounts = (await readFile("/proc/self/mounts", "utf8")).split("\n");
  let best = { point: "", device: "" };
  for (const line of mounts) {
    const [device = "", point = ""] = line.split(" ");
    const isAbove = point === "/" || path === point || path.startsWith(`${point}/`);
    if (isAbove && point.length >= best.point.length) best = { point, device };
  }
  return best.device;
}

function chooseInterface(wanted: string | undefined): MachineFacts["network"] {
  const interfaces = os.networkInterfaces();
  const device = wanted ?? defaultRouteDevice() ?? firstExternal(interfaces) ?? "lo";
  const found = interfaces[device];
  if (!found) throw new AppError("invalid", `there is no network interface ${device}`);
  // Link-local addresses mean nothing to other machines.
  const usable = found.filter(({ address }) => !address.startsWith("fe80:"));
  return {
    device,
    mac: found[0]?.mac ?? "",
    addresses: usable.map(({ address, family }) => ({
      address,
      family: family === "IPv6" ? "ipv6" : "ipv4",
    })),
  };
}

function defaultRouteDevice(): string | undefined {
  if (!existsSync("/proc/net/route")) return undefined;
  const rows = readFileSync("/proc/net/route", "utf8").split("\n").slice(1);
  const fields = rows.map((row) => row.split("\t"));
  return fields.find(([, destination]) => destination === "00000000")?.[0];
}

function firstExternal(interfaces: NodeJS.Dict<os.NetworkInterfaceInfo[]>): string | undefined {
  const found = Object.entries(interfaces).find(([, addresses]) =>
    addresses?.some((a) => !a.internal),
  );
  return found?.[0];
}
