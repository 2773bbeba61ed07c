import type { TaskUsage, Usage } from "../../model/task-usage.ts";
import type { CgroupCounters } from "./cgroup-counters.ts";
import { type GroupUsage, type ProcessScan, type ProcessUsage, usageOf } from "./proc.ts";
import type { ProcessRecord } from "./records.ts";

const ticksPerSecond = 100;
const pageBytes = 4096;

/** Counters of all processes of a task at one moment. */
export interface UsageReading {
  readonly atMs: number;
  readonly group: GroupUsage;
  /** What the kernel counted for the task as a whole, where it has limits. */
  readonly counted?: CgroupCounters;
}

/** The processes of the wrapper's group, and those in the task's cgroup. */
export function readUsage(
  record: ProcessRecord | undefined,
  members: readonly number[],
  scan: ProcessScan,
  atMs: number,
): UsageReading | undefined {
  if (record === undefined) return undefined;
  const inside = new Set(members);
  const group = usageOf(
    scan,
    (pid, process) => process.group === record.wrapper || inside.has(pid),
  );
  return group === undefined ? undefined : { atMs, group };
}

/** Two readings make a usage; with one alone the processor's part is unknown and 0. */
export function usageBetween(now: UsageReading, before: UsageReading | undefined): TaskUsage {
  const seconds = before === undefined ? 0 : (now.atMs - before.atMs) / 1000;
  const processes = [...now.group.processes].map(([pid, usage]): readonly [string, Usage] => [
    String(pid),
    usageWithin(seconds, usage, before?.group.processes.get(pid)),
  ]);
  const whole = usageWithin(seconds, now.group, before?.group);
  const { counted } = now;
  return {
    ...whole,
    ...(counted === undefined
      ? {}
      : {
          throttledPeriods: counted.throttledPeriods,
          throttledTime: counted.throttledNs,
          memory: { ...counted.memory, rss: counted.memory.rss || whole.memory.rss },
        }),
    processes: Object.fromEntries(processes),
  };
}

function usageWithin(seconds: number, now: ProcessUsage, before: ProcessUsage | undefined): Usage {
  const percent = (ticks: number, earlier: number | undefined): number =>
    earlier === undefined || seconds <= 0
      ? 0
      : Math.max(0, ((ticks - earlier) / ticksPerSecond / seconds) * 100);
  const user = percent(now.userTicks, before?.userTicks);
  const system = percent(now.systemTicks, before?.systemTicks);
  const rss = now.pages * pageBytes;
  return {
    cpuPercent: user + system,
    cpuTotalTicks: user + system,
    systemMode: system,
    userMode: user,
    throttledPeriods: 0,
    throttledTime: 0,
    memory: { rss, cache: 0, swap: 0, usage: rss, maxUsage: 0 },
  };
}
