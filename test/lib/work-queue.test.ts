import { expect, test } from "vitest";
import { type Logger, silentLogger } from "../../src/lib/logger.ts";
import { ReconcileLoop, type Turn } from "../../src/lib/work-queue.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";
import { seededRandom } from "../support/seeded-random.ts";

function setUp(reconcile: (key: string, signal: AbortSignal) => Promise<Turn>, concurrency = 2) {
  const clock = new FakeClock();
  const loop = new ReconcileLoop(clock, seededRandom(1), silentLogger, {
    name: "test",
    reconcile,
    concurrency,
  });
  return { clock, loop };
}
const done: Turn = { kind: "done" };

test("a key added while it is worked on runs once more, never twice at once", async () => {
  const releases: (() => void)[] = [];
  let running = 0;
  let most = 0;
  const { loop } = setUp(async () => {
    most = Math.max(most, ++running);
    await new Promise<void>((resolve) => releases.push(resolve));
    running -= 1;
    return done;
  });
  loop.add("a");
  await settle();
  loop.add("a");
  loop.add("a");
  await settle();
  expect(releases).toHaveLength(1);
  releases[0]?.();
  await settle();
  expect(releases).toHaveLength(2);
  releases[1]?.();
  await settle();
  expect([releases.length, most, loop.isIdle()]).toEqual([2, 1, true]);
});

test("no more keys than allowed are worked on at the same time", async () => {
  const releases: (() => void)[] = [];
  const { loop } = setUp(() => new Promise((resolve) => releases.push(() => resolve(done))), 2);
  for (const key of ["a", "b", "c"]) loop.add(key);
  await settle();
  expect(releases).toHaveLength(2);
  releases[0]?.();
  await settle();
  expect(releases).toHaveLength(3);
});

test("a failing key backs off, and a new add runs it at once", async () => {
  let turns = 0;
  const { clock, loop } = setUp(() => {
    turns += 1;
    return Promise.reject(new Error("no"));
  });
  loop.add("a");
  await settle();
  expect(turns).toBe(1);
  await clock.advance(200);
  expect(turns).toBe(1);
  await clock.advance(200);
  expect(turns).toBe(2);
  loop.add("a");
  await settle();
  expect(turns).toBe(3);
});

test("`again` looks again after its time", async () => {
  let turns = 0;
  const { clock, loop } = setUp(() => {
    turns += 1;
    return Promise.resolve<Turn>(
      turns === 1 ? { kind: "again", afterMs: 1000, reason: "wait" } : done,
    );
  });
  loop.add("a");
  await clock.advance(999);
  expect(turns).toBe(1);
  await clock.advance(1);
  expect(turns).toBe(2);
});

test("stop aborts the turn under way, waits for it, and forgets what was planned", async () => {
  let aborted = false;
  const { clock, loop } = setUp(async (_key, signal) => {
    await new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => {
        aborted = true;
        resolve();
      });
    });
    return done;
  });
  loop.add("a");
  loop.addAfter("b", 10);
  await settle();
  await loop.stop();
  expect(aborted).toBe(true);
  expect(clock.pendingTimers()).toBe(0);
});

test("that a key waits for its next look is told to those who trace only, in whole milliseconds", async () => {
  const told: [level: string, fields: object][] = [];
  const log: Logger = {
    ...silentLogger,
    trace: (fields) => void told.push(["trace", fields]),
    debug: (fields) => void told.push(["debug", fields]),
    child: () => log,
  };
  const loop = new ReconcileLoop(new FakeClock(), seededRandom(1), log, {
    name: "test",
    reconcile: () => Promise.resolve({ kind: "again", afterMs: 12.75, reason: "heartbeat" }),
    concurrency: 1,
  });
  loop.add("a");
  await settle();
  expect(told).toEqual([["trace", { key: "a", afterMs: 13, reason: "heartbeat" }]]);
  await loop.stop();
});
