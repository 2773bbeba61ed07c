import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Usage } from "../../model/task-usage.ts";
import type { Cgroup } from "./cgroups.ts";

/** What the kernel has counted for a cgroup with limits. */
export interface CgroupCounters {
  readonly memory: Usage["memory"];
  readonly throttledPeriods: number;
  readonly throttledNs: number;
}

/** Undefined for one without limits, or that is gone. */
export async function readCounters(cgroup: Cgroup): Promise<CgroupCounters | undefined> {
  if (cgroup.oomFile === undefined) return undefined;
  const texts = async (name: string): Promise<string> => {
    const found = await Promise.all(
      // Each file is in one of the folders, or in none: kinds and kernels differ.
      cgroup.paths.map((path) => readFile(join(path, name), "utf8").catch(() => "")),
    );
    return found.join("");
  };
  const [stat, cpu, ...numbers] = await Promise.all([
    texts("memory.stat"),
    texts("cpu.stat"),
    texts("memory.usage_in_bytes"),
    texts("memory.current"),
    texts("memory.max_usage_in_bytes"),
    texts("memory.peak"),
    texts("memory.swap.current"),
  ]);
  if (stat === "") return undefined;
  const field = (text: string, ...names: readonly string[]): number => {
    for (const name of names) {
      const value = new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1];
      if (value !== undefined) return Number(value);
    }
    return 0;
  };
  const [usage, current, maxUsage, peak, swap] = numbers.map((text) => Number(text.trim()));
  return {
    memory: {
      rss: field(stat, "rss", "anon"),
      cache: field(stat, "cache", "file"),
      swap: field(stat, "swap") || (swap ?? 0),
      usage: usage || (current ?? 0),
      maxUsage: maxUsage || (peak ?? 0),
    },
    throttledPeriods: field(cpu, "nr_throttled"),
    throttledNs: field(cpu, "throttled_time") || field(cpu, "throttled_usec") * 1_000,
  };
}
