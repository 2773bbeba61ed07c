import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { WatchdogData } from "./watchdog/worker.ts";

const beatMs = 1000;

/**
 * Ends the process with SIGKILL when the main thread makes no step for `limitMs`: it may wait for a dead disk, where
 * no timer of its own runs any more. A process that was stopped as a whole, or a machine that slept, is not meant.
 */
export function watchMainThread(limitMs: number): { stop(): Promise<void> } {
  const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const file = `./watchdog/worker${extname(new URL(import.meta.url).pathname)}`;
  const workerData: WatchdogData = { beats, limitMs, lookMs: Math.min(beatMs, limitMs / 4) };
  const worker = new Worker(new URL(file, import.meta.url), {
    name: "watchdog",
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2, stackSizeMb: 1 },
  });
  worker.unref();
  const timer = setInterval(() => Atomics.add(beats, 0, 1), workerData.lookMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await worker.terminate();
    },
  };
}
