import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";

export interface WatchdogData {
  /** The main thread counts it up; an Int32 that wraps is as good as any. */
  readonly beats: Int32Array<SharedArrayBuffer>;
  readonly limitMs: number;
  readonly lookMs: number;
}

/** The thread does nothing but this; ending it ends the wait. */
watch(workerData as WatchdogData);

function watch({ beats, limitMs, lookMs }: WatchdogData): void {
  const wait = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  let seen = Atomics.load(beats, 0);
  let stuckMs = 0;
  for (;;) {
    Atomics.wait(wait, 0, 0, lookMs);
    const now = Atomics.load(beats, 0);
    // Looks are counted, not the clock: while the whole process was stopped, nobody looked.
    stuckMs = now === seen ? stuckMs + lookMs : 0;
    seen = now;
    if (stuckMs >= limitMs) endProcess(stuckMs);
  }
}

function endProcess(stuckMs: number): void {
  try {
    writeSync(
      2,
      `==> The main thread has made no step for ${Math.round(stuckMs / 1000)} s, the agent ends itself: a disk may hang\n`,
    );
  } finally {
    process.kill(process.pid, "SIGKILL");
  }
}
