import { cpuMs } from "./cpu-time.ts";

/** The longest single step of the event loop, in milliseconds of this thread's own processor time. */
export function watchLoop(): () => number {
  let longestMs = 0;
  let isOn = true;
  let lastMs = cpuMs();
  const step = (): void => {
    const now = cpuMs();
    longestMs = Math.max(longestMs, now - lastMs);
    lastMs = now;
    if (isOn) setImmediate(step);
  };
  setImmediate(step);
  return () => {
    isOn = false;
    return longestMs;
  };
}
