import { readFileSync } from "node:fs";

/**
 * Milliseconds of processor time that this thread has had: on a busy machine the wall clock tells more of the
 * neighbours than of the code.
 */
export const ownMs = (): number =>
  Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]) / 1e6;

/** How much of it the work takes. */
export function ownMsOf(work: () => void): number {
  const before = ownMs();
  work();
  return ownMs() - before;
}
