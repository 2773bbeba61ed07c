import { readFile, statfs } from "node:fs/promises";
import * as os from "node:os";
import type { DeviceGroupStats } from "../model/device.ts";
import type { Clock } from "../lib/clock.ts";

export interface HostCpu {
  readonly cpu: string;
  /** Percent of the time since the last call. */
  readonly user: number;
  readonly system: number;
  readonly idle: number;
  readonly totalPercent: number;
  /** MHz used. */
  readonly totalTicks: number;
}
export interface HostStats {
  readonly timestampNs: number;
  readonly uptimeSeconds: number;
  readonly cpus: readonly HostCpu[];
  readonly cpuTicksConsumed: number;
  readonly memory: {
    readonly total: number;
    readonly available: number;
    readonly used: number;
    readonly free: number;
  };
  readonly devices?: readonly DeviceGroupStats[];
  /** The volume that holds the allocations. */
  readonly allocDisk: {
    readonly size: number;
    readonly used: number;
    readonly available: number;
    readonly usedPercent: number;
    readonly inodesUsedPercent: number;
  };
}

/** Measures the machine; processor shares are those since the call before. */
export function createHostStats(
  clock: Clock,
  allocDir: string,
  deviceStats: () => Promise<readonly DeviceGroupStats[]> = async () => [],
): () => Promise<HostStats> {
  let before = os.cpus();
  return async () => {
    const now = os.cpus();
    const cpus = now.map((cpu, at) => usageOf(`cpu${at}`, cpu, before[at]));
    before = now;
    return {
      timestampNs: clock.nowNs(),
      uptimeSeconds: Math.floor(os.uptime()),
      cpus,
      cpuTicksConsumed: cpus.reduce((sum, cpu) => sum + cpu.totalTicks, 0),
      devices: await deviceStats(),
      memory: await memory(),
      allocDisk: await diskUsage(allocDir),
    };
  };
}

function usageOf(name: string, now: os.CpuInfo, before: os.CpuInfo | undefined): HostCpu {
  const since = (kind: keyof os.CpuInfo["times"]): number =>
    Math.max(0, now.times[kind] - (before?.times[kind] ?? 0));
  const [user, system, idle] = [since("user") + since("nice"), since("sys"), since("idle")];
  const total = user + system + idle + since("irq");
  const percent = (part: number): number => (total === 0 ? 0 : (100 * part) / total);
  const totalPercent = percent(total - idle);
  return {
    cpu: name,
    user: percent(user),
    system: percent(system),
    idle: percent(idle),
    totalPercent,
    totalTicks: (totalPercent / 100) * now.speed,
  };
}

async function memory(): Promise<HostStats["memory"]> {
  const text = await readFile("/proc/meminfo", "utf8");
  const kib = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? 0) * 1024;
  const [total, available, free] = [kib("MemTotal"), kib("MemAvailable"), kib("MemFree")];
  return { total, available, free, used: total - available };
}

/** How full the file system is that holds a path. */
export async function diskUsage(path: string): Promise<HostStats["allocDisk"]> {
  const { bsize, blocks, bfree, bavail, files, ffree } = await statfs(path);
  const [size, used] = [bsize * blocks, bsize * (blocks - bfree)];
  return {
    size,
    used,
    available: bsize * bavail,
    usedPercent: size === 0 ? 0 : (100 * used) / size,
    inodesUsedPercent: files === 0 ? 0 : (100 * (files - ffree)) / files,
  };
}
