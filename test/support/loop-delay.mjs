// Loaded into a process under test by `--import`: each SIGUSR2 writes how late its event loop was since the last one.
import { renameSync, writeFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";

const path = process.env.LOOP_DELAY_FILE;
if (isMainThread && path !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  let reading = 0;
  process.on("SIGUSR2", () => {
    reading += 1;
    const toMs = (ns) => ns / 1e6;
    const found = { reading, p99Ms: toMs(delay.percentile(99)), maxMs: toMs(delay.max) };
    writeFileSync(`${path}.new`, JSON.stringify(found));
    renameSync(`${path}.new`, path);
    delay.reset();
  });
}
