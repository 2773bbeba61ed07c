import { readFileSync, readlinkSync } from "node:fs";

/** What the system calls the thread that asks; undefined where it does not say. */
export function ownThreadName(): string | undefined {
  try {
    return readlinkSync("/proc/thread-self").split("/").at(-1);
  } catch {
    // Only Linux has such a link.
    return undefined;
  }
}

/** How long a thread of this process has run on a processor; undefined where the system does not say. */
export function threadTimeMs(name: string | undefined): number | undefined {
  if (name === undefined) return undefined;
  try {
    const [nanoseconds = ""] = readFileSync(`/proc/self/task/${name}/schedstat`, "utf8").split(" ");
    return /^\d+$/.test(nanoseconds) ? Number(nanoseconds) / 1e6 : undefined;
  } catch {
    // The thread has ended, or the system has no such file.
    return undefined;
  }
}
