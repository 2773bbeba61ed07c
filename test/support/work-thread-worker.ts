import { parentPort } from "node:worker_threads";
import { serveThread } from "../../src/lib/system/work-thread.ts";

/** What the thread of a test does: it waits without any work, or works without an end. */
export type TestWork = { readonly kind: "wait"; readonly ms: number } | { readonly kind: "spin" };

if (parentPort !== null)
  serveThread(parentPort, (work: TestWork) => {
    if (work.kind === "wait") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, work.ms);
    else for (;;) Math.sqrt(2);
    return work.kind;
  });
