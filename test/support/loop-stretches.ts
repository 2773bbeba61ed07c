import { readFileSync } from "node:fs";

/**
 * The longest single step of the event loop, in milliseconds of this thread's own processor time: on a busy machine
 * the wall clock tells more of the neighbours than of the code.
 */
export function watchLoop(): () => number {
  let longestNs = 0;
  let isOn = true;
  let lastNs = ownNs();
  const step = (): void => {
    const now = ownNs();
    longestNs = Math.max(longestNs, now - lastNs);
    lastNs = now;
    if (isOn) setImmediate(step);
  };
  setImmediate(step);
  return () => {
    isOn = false;
    return longestNs / 1e6;
  };
}

const ownNs = (): number =>
  Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]);
