import { readFileSync, readdirSync } from "node:fs";

/** The kernel's start time of a process in clock ticks since boot, or undefined when there is none. Zombies are gone. */
export function processStart(pid: number): string | undefined {
  const fields = statFields(pid);
  if (fields === undefined || fields[0] === "Z" || fields[0] === "X") return undefined;
  return fields[19];
}

/** Numbers of all processes of a process group. */
export function groupMembers(group: number): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => Number(statFields(pid)?.[2]) === group);
}

/** User and system time in ticks, and resident pages. */
export function processUsage(
  pid: number,
): { readonly user: number; readonly system: number; readonly pages: number } | undefined {
  const fields = statFields(pid);
  return fields === undefined
    ? undefined
    : { user: Number(fields[11]), system: Number(fields[12]), pages: Number(fields[21]) };
}

/** `/proc/PID/stat` after the command, which may hold blanks and brackets of its own. */
function statFields(pid: number): readonly string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}
