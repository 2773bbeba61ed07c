import { afterEach, expect, test } from "vitest";
import { createSystemClock } from "../../../src/lib/system/clock.ts";
import { ownThreadName, threadTimeMs } from "../../../src/lib/system/thread-time.ts";
import { WorkThread, type Loss } from "../../../src/lib/system/work-thread.ts";
import type { TestWork } from "../../support/work-thread-worker.ts";

let thread: WorkThread<TestWork, string | Loss> | undefined;
afterEach(() => thread?.close());

function opened(limits: { readonly limitMs: number; readonly patienceMs?: number }) {
  thread = new WorkThread<TestWork, string | Loss>({
    clock: createSystemClock(),
    file: new URL("../../support/work-thread-worker.ts", import.meta.url),
    name: "test",
    limitMb: 256,
    ...limits,
  });
  return (work: TestWork) => thread?.ask(work, (loss) => loss);
}

test("a piece that waits without working is not given up for that", async () => {
  const isCounted = threadTimeMs(ownThreadName()) !== undefined;
  const ask = opened({ limitMs: isCounted ? 200 : 60_000 });
  expect(await ask({ kind: "wait", ms: 600 })).toBe("wait");
});

test("a piece that works without an end is given up, and the next one is done by a new thread", async () => {
  const ask = opened({ limitMs: 200 });
  expect(await ask({ kind: "spin" })).toEqual({ kind: "time", limitMs: 200 });
  expect(await ask({ kind: "wait", ms: 1 })).toBe("wait");
});

test("however little a piece works, patience has an end", async () => {
  const ask = opened({ limitMs: 60_000, patienceMs: 50 });
  expect(await ask({ kind: "wait", ms: 600_000 })).toEqual({ kind: "patience", patienceMs: 50 });
});

test("a piece that cannot be handed over is given up alone, and those behind it are done", async () => {
  const ask = opened({ limitMs: 60_000 });
  const closure = { kind: "wait" as const, ms: 1, hold: () => undefined };
  const answers = await Promise.all([ask(closure), ask({ kind: "wait", ms: 1 }), ask(closure)]);
  const failure = {
    kind: "failure",
    text: expect.stringContaining("could not be cloned") as string,
  };
  expect(answers).toEqual([failure, "wait", failure]);
  expect(await ask({ kind: "wait", ms: 1 })).toBe("wait");
});
