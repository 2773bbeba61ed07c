import type { TaskUsage } from "../../model/task-usage.ts";
import type { ProcessUsage } from "./proc.ts";
import type { ProcessRecord } from "./records.ts";

const ticksPerSecond = 100;
const pageBytes = 4096;

/** Counters of all processes of a task at one moment. */
export interface UsageReading {
  readonly atMs: number;
  readonly userTicks: number;
  readonly systemTicks: number;
  readonly rssBytes: number;
}

export function readUsage(
  record: ProcessRecord | undefined,
  groups: ReadonlyMap<number, ProcessUsage>,
  atMs: number,
): UsageReading | undefined {
  const sum = record === undefined ? undefined : groups.get(record.wrapper);
  if (sum === undefined) return undefined;
  const { userTicks, systemTicks, pages } = sum;
  return { atMs, userTicks, systemTicks, rssBytes: pages * pageBytes };
}

/** Two readings make a usage; with one alone the processor's part is unknown and 0. */
export function usageBetween(now: UsageReading, before: UsageReading | undefined): TaskUsage {
  const percent = (ticks: number, earlier: number | undefined): number => {
    if (before === undefined || earlier === undefined || now.atMs <= before.atMs) return 0;
    const seconds = (now.atMs - before.atMs) / 1000;
    return Math.max(0, ((ticks - earlier) / ticksPerSecond / seconds) * 100);
  };
  const user = percent(now.userTicks, before?.userTicks);
  const system = percent(now.systemTicks, before?.systemTicks);
  return {
    cpuPercent: user + system,
    cpuTotalTicks: user + system,
    systemMode: system,
    userMode: user,
    throttledPeriods: 0,
    throttledTime: 0,
    memory: { rss: now.rssBytes, cache: 0, swap: 0, usage: now.rssBytes, maxUsage: 0 },
  };
}
