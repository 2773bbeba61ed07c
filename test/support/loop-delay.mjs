// Loaded into a process under test by `--import`: each SIGUSR2 writes how long the steps of its event loop were since
// the last one, in milliseconds of the main thread's own processor time, so that neighbours count for nothing.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const path = process.env.LOOP_DELAY_FILE;
const ownMs = () => Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]) / 1e6;

if (isMainThread && path !== undefined) {
  let reading = 0;
  let steps = [];
  let last = ownMs();
  setInterval(() => {
    const now = ownMs();
    steps.push(now - last);
    last = now;
  }, 1).unref();
  process.on("SIGUSR2", () => {
    reading += 1;
    steps.sort((a, b) => a - b);
    const found = {
      reading,
      steps: steps.length,
      p99Ms: steps[Math.floor(steps.length * 0.99)] ?? 0,
      maxMs: steps.at(-1) ?? 0,
    };
    writeFileSync(`${path}.new`, JSON.stringify(found));
    renameSync(`${path}.new`, path);
    steps = [];
  });
}
