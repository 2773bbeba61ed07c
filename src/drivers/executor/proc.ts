import { readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";

/** The kernel's start time of a process in clock ticks since boot, or undefined when there is none. Zombies are gone. */
export function processStart(pid: number): string | undefined {
  const fields = statFields(readStat(pid));
  if (fields === undefined || fields[0] === "Z" || fields[0] === "X") return undefined;
  return fields[19];
}

/** Differs after each boot, from when on process numbers and start times mean other processes. */
export function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

/** What processes use together, and each of them. */
export interface GroupUsage extends ProcessUsage {
  readonly processes: ReadonlyMap<number, ProcessUsage>;
}
export interface ProcessUsage {
  readonly userTicks: number;
  readonly systemTicks: number;
  readonly pages: number;
}
export interface ScannedProcess extends ProcessUsage {
  /** The process group it belongs to. */
  readonly group: number;
}
export type ProcessScan = ReadonlyMap<number, ScannedProcess>;

/** What each process uses. Asked by many at once, `/proc` is read once. */
export function createProcessScan(): () => Promise<ProcessScan> {
  let underWay: Promise<ProcessScan> | undefined;
  return () => {
    underWay ??= scan().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

async function scan(): Promise<ProcessScan> {
  const processes = new Map<number, ScannedProcess>();
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    // A process may end between the listing and the look.
    const text = await readFile(`/proc/${name}/stat`, "utf8").catch(() => undefined);
    const fields = statFields(text);
    if (fields === undefined) continue;
    processes.set(Number(name), {
      group: Number(fields[2]),
      userTicks: Number(fields[11]),
      systemTicks: Number(fields[12]),
      pages: Number(fields[21]),
    });
  }
  return processes;
}

/** Undefined when there is none of them. */
export function usageOf(
  scan: ProcessScan,
  belongs: (pid: number, process: ScannedProcess) => boolean,
): GroupUsage | undefined {
  const processes = new Map([...scan].filter(([pid, process]) => belongs(pid, process)));
  if (processes.size === 0) return undefined;
  const all = [...processes.values()];
  const sum = (of: (usage: ProcessUsage) => number): number =>
    all.reduce((total, usage) => total + of(usage), 0);
  return {
    userTicks: sum((usage) => usage.userTicks),
    systemTicks: sum((usage) => usage.systemTicks),
    pages: sum((usage) => usage.pages),
    processes,
  };
}

function readStat(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    // There is no such process (any more).
    return undefined;
  }
}

/** `/proc/PID/stat` after the command, which may hold blanks and brackets of its own. */
const statFields = (text: string | undefined): readonly string[] | undefined =>
  text?.slice(text.lastIndexOf(")") + 2).split(" ");
