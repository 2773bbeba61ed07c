import { ownThreadName, threadTimeMs } from "../../src/lib/system/thread-time.ts";

/** The processor's time of this thread; that of the whole process where the system does not tell them apart. */
export function cpuMs(): number {
  const own = threadTimeMs(ownThreadName());
  if (own !== undefined) return own;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** What a step gives and the time that it took of the processor, however long it waited for it. */
export function measured<T>(run: () => T): readonly [result: T, cpuMs: number] {
  const before = cpuMs();
  const result = run();
  return [result, cpuMs() - before];
}
export const cpuMsOf = (run: () => void): number => measured(run)[1];

/** The least time of a few tries: other programs share the processor's caches. */
export function leastCpuMs(tries: number, run: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < tries; at += 1) least = Math.min(least, cpuMsOf(run));
  return least;
}
