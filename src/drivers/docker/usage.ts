import type Docker from "dockerode";
import type { TaskUsage } from "../../model/task-usage.ts";

/** Two readings of a container's counters make its usage; the one before may be missing. */
export function usageOf(
  now: Docker.ContainerStats,
  before: Docker.ContainerStats | undefined,
): TaskUsage {
  const cpu = now.cpu_stats;
  const earlier = before?.cpu_stats ?? now.precpu_stats;
  const cores = cpu.online_cpus || cpu.cpu_usage.percpu_usage?.length || 1;
  const whole = (cpu.system_cpu_usage || 0) - (earlier.system_cpu_usage || 0);
  const share = (used: number, usedBefore: number): number =>
    whole > 0 && earlier.system_cpu_usage
      ? Math.max(0, ((used - usedBefore) / whole) * cores * 100)
      : 0;
  const { cpu_usage: usage } = cpu;
  const percent = share(usage.total_usage, earlier.cpu_usage.total_usage);
  const memory = now.memory_stats as {
    usage?: number;
    max_usage?: number;
    stats?: { [name: string]: number };
  };
  const stats = memory.stats ?? {};
  return {
    cpuPercent: percent,
    cpuTotalTicks: percent,
    systemMode: share(usage.usage_in_kernelmode, earlier.cpu_usage.usage_in_kernelmode),
    userMode: share(usage.usage_in_usermode, earlier.cpu_usage.usage_in_usermode),
    throttledPeriods: cpu.throttling_data.throttled_periods,
    throttledTime: cpu.throttling_data.throttled_time,
    memory: {
      rss: stats["rss"] ?? stats["anon"] ?? 0,
      cache: stats["cache"] ?? stats["file"] ?? 0,
      swap: stats["swap"] ?? 0,
      usage: memory.usage ?? 0,
      maxUsage: memory.max_usage ?? 0,
    },
  };
}
