import type { TaskUsage } from "../../model/task-usage.ts";
import type { HostStats } from "../../node/host-stats.ts";

/** What an allocation uses: the sum, and each task. */
export function encodeUsage(tasks: { readonly [task: string]: TaskUsage }, nowNs: number): object {
  return {
    ResourceUsage: resourceUsage(summed(Object.values(tasks))),
    Tasks: Object.fromEntries(
      Object.entries(tasks).map(([name, usage]) => [
        name,
        { ResourceUsage: resourceUsage(usage), Timestamp: nowNs, Pids: encodeProcesses(usage) },
      ]),
    ),
    Timestamp: nowNs,
  };
}

const encodeProcesses = ({ processes }: TaskUsage): object | null =>
  processes === undefined
    ? null
    : Object.fromEntries(
        Object.entries(processes).map(([pid, usage]) => [pid, resourceUsage(usage)]),
      );

const memoryMeasured = ["RSS", "Cache", "Swap", "Usage", "Max Usage"];
const cpuMeasured = ["System Mode", "User Mode", "Percent", "Throttled Periods", "Throttled Time"];

const resourceUsage = ({ devices, ...usage }: TaskUsage): object => ({
  MemoryStats: {
    RSS: usage.memory.rss,
    Cache: usage.memory.cache,
    Swap: usage.memory.swap,
    MappedFile: 0,
    Usage: usage.memory.usage,
    MaxUsage: usage.memory.maxUsage,
    KernelUsage: 0,
    KernelMaxUsage: 0,
    Measured: memoryMeasured,
  },
  CpuStats: {
    SystemMode: usage.systemMode,
    UserMode: usage.userMode,
    TotalTicks: usage.cpuTotalTicks,
    ThrottledPeriods: usage.throttledPeriods,
    ThrottledTime: usage.throttledTime,
    Percent: usage.cpuPercent,
    Measured: cpuMeasured,
  },
  DeviceStats: devices ?? [],
});

export const nothingUsed: TaskUsage = summed([]);

function summed(usages: readonly TaskUsage[]): TaskUsage {
  const sum = (of: (usage: TaskUsage) => number): number =>
    usages.reduce((total, usage) => total + of(usage), 0);
  return {
    cpuPercent: sum((usage) => usage.cpuPercent),
    cpuTotalTicks: sum((usage) => usage.cpuTotalTicks),
    systemMode: sum((usage) => usage.systemMode),
    userMode: sum((usage) => usage.userMode),
    throttledPeriods: sum((usage) => usage.throttledPeriods),
    throttledTime: sum((usage) => usage.throttledTime),
    memory: {
      rss: sum((usage) => usage.memory.rss),
      cache: sum((usage) => usage.memory.cache),
      swap: sum((usage) => usage.memory.swap),
      usage: sum((usage) => usage.memory.usage),
      maxUsage: sum((usage) => usage.memory.maxUsage),
    },
    devices: usages.flatMap((usage) => usage.devices ?? []),
  };
}

/** The volume of the allocations is the one disk that is measured. */
export function encodeHostStats(stats: HostStats): object {
  const disk = {
    Device: "",
    Mountpoint: "",
    Size: stats.allocDisk.size,
    Used: stats.allocDisk.used,
    Available: stats.allocDisk.available,
    UsedPercent: stats.allocDisk.usedPercent,
    InodesUsedPercent: stats.allocDisk.inodesUsedPercent,
  };
  return {
    Memory: {
      Total: stats.memory.total,
      Available: stats.memory.available,
      Used: stats.memory.used,
      Free: stats.memory.free,
    },
    CPU: stats.cpus.map((cpu) => ({
      CPU: cpu.cpu,
      User: cpu.user,
      System: cpu.system,
      Idle: cpu.idle,
      TotalPercent: cpu.totalPercent,
      TotalTicks: cpu.totalTicks,
    })),
    DiskStats: [disk],
    AllocDirStats: disk,
    DeviceStats: stats.devices?.length ? stats.devices : null,
    Uptime: stats.uptimeSeconds,
    Timestamp: stats.timestampNs,
    CPUTicksConsumed: stats.cpuTicksConsumed,
  };
}
