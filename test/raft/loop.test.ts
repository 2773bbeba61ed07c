import { describe, expect, test } from "vitest";
import { AppError } from "../../src/lib/errors.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { RaftLoop } from "../../src/raft/loop.ts";
import type { RaftTuning } from "../../src/raft/loop.ts";
import type { LogStore } from "../../src/raft/log-store.ts";
import type { Entry } from "../../src/raft/state-machine.ts";
import { noTransport } from "../../src/raft/transport.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";
import { until } from "../support/until.ts";
import { seededRandom } from "../support/seeded-random.ts";

interface Held {
  readonly entries: readonly Entry[];
  release(): void;
  fail(error: Error): void;
}
/** A log whose writes wait until the test lets them through. */
class FakeLog implements LogStore {
  readonly written: Entry[];
  readonly held: Held[] = [];
  readonly snapshots: number[] = [];
  readonly compactions: number[] = [];
  readonly stored: LogStore["stored"];
  isHolding = true;

  constructor(entries: readonly Entry[] = []) {
    this.written = [...entries];
    const last = entries.at(-1);
    this.stored = {
      hardState: { term: last?.term ?? 0, vote: null },
      base: { index: 0, term: 0 },
      runs: entries.length > 0 ? [{ term: 1, from: 1 }] : [],
      last: { index: last?.index ?? 0, term: last?.term ?? 0 },
    };
  }
  append({ entries }: Parameters<LogStore["append"]>[0]): Promise<void> {
    return new Promise((resolve, reject) => {
      const release = (): void => {
        this.written.push(...entries);
        resolve();
      };
      if (this.isHolding) this.held.push({ entries, release, fail: reject });
      else release();
    });
  }
  read(range: { from: number; to: number }): Promise<readonly Entry[]> {
    return Promise.resolve(
      this.written.filter((entry) => entry.index >= range.from && entry.index <= range.to),
    );
  }
  compact(through: number): Promise<void> {
    this.compactions.push(through);
    return Promise.resolve();
  }
  snapshot(at: { index: number }): Promise<void> {
    this.snapshots.push(at.index);
    return Promise.resolve();
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

function start(
  log: FakeLog,
  { tuning, applied = 0 }: { tuning?: Partial<RaftTuning>; applied?: number } = {},
) {
  const batches: number[][] = [];
  const fatal: Error[] = [];
  const stateMachine = {
    appliedIndex: applied,
    apply: (entries: readonly Entry[]) => {
      batches.push(entries.map((entry) => entry.index));
      if (entries.some(({ data }) => Buffer.from(data).toString() === "throw"))
        throw new Error("damaged entry");
      return entries.map(({ data }) =>
        data.length === 0 ? undefined : Buffer.from(data).toString().toUpperCase(),
      );
    },
  };
  const loop = new RaftLoop<string>(new FakeClock(), seededRandom(1), silentLogger, {
    id: "a",
    peers: [],
    store: log,
    stateMachine,
    transport: noTransport,
    onFatal: (error) => fatal.push(error),
    ...(tuning ? { tuning } : {}),
  });
  return { loop, batches, fatal };
}
const bytes = (text: string): Uint8Array => Buffer.from(text);

test("leads only when its own first entry is on the disk and applied", async () => {
  const log = new FakeLog();
  const { loop } = start(log);
  const seen: boolean[] = [];
  loop.subscribe((isLeader) => seen.push(isLeader));
  await settle();
  expect([loop.isLeader(), loop.status().state]).toEqual([false, "leader"]);
  log.held.shift()?.release();
  await settle();
  expect(seen).toEqual([false, true]);
  await loop.stop();
  expect(seen).toEqual([false, true, false]);
});

test("writes that wait together share one append and one step of the state machine", async () => {
  const log = new FakeLog();
  const { loop, batches } = start(log);
  await settle();
  const outcomes = Promise.all(["x", "y", "z"].map((text) => loop.propose(bytes(text))));
  log.held.shift()?.release();
  await settle();
  expect(log.held.map((held) => held.entries.length)).toEqual([3]);
  expect(batches).toEqual([[1]]);
  log.held.shift()?.release();
  expect(await outcomes).toEqual([
    { index: 2, outcome: "X" },
    { index: 3, outcome: "Y" },
    { index: 4, outcome: "Z" },
  ]);
  expect(batches).toEqual([[1], [2, 3, 4]]);
});

test("nothing is acknowledged before it is on the disk", async () => {
  const log = new FakeLog();
  const { loop } = start(log);
  await settle();
  log.held.shift()?.release();
  await settle();
  let isDone = false;
  const write = loop.propose(bytes("x")).then(() => (isDone = true));
  await settle();
  expect([isDone, log.held.length]).toEqual([false, 1]);
  log.held.shift()?.release();
  await write;
  expect(isDone).toBe(true);
});

test("a write that arrives in the very moment another one is answered does not wait for a third", async () => {
  const log = new FakeLog();
  log.isHolding = false;
  const { loop } = start(log);
  await settle();
  let last = 0;
  for (let n = 0; n < 50; n++) last = (await loop.propose(bytes("x"))).index;
  expect(last).toBe(51);
});

test("a storage error answers every writer, ends the loop once and is never tried again", async () => {
  const log = new FakeLog();
  const { loop, fatal, batches } = start(log);
  await settle();
  log.held.shift()?.release();
  await settle();
  const writes = ["x", "y"].map((text) => loop.propose(bytes(text)));
  await settle();
  log.held.shift()?.fail(new AppError("storage", "disk I/O error"));
  for (const write of writes) await expect(write).rejects.toMatchObject({ code: "storage" });
  await expect(loop.propose(bytes("z"))).rejects.toThrow("disk I/O error");
  await settle();
  expect(fatal.map((error) => error.message)).toEqual(["disk I/O error"]);
  expect([log.held.length, batches.length, loop.isLeader()]).toEqual([0, 1, false]);
});

test("a state machine that throws ends the loop", async () => {
  const log = new FakeLog();
  log.isHolding = false;
  const { loop, fatal } = start(log);
  await settle();
  await expect(loop.propose(bytes("throw"))).rejects.toMatchObject({ code: "storage" });
  expect(fatal).toHaveLength(1);
  expect(fatal[0]?.cause).toMatchObject({ message: "damaged entry" });
});

describe("limits", () => {
  test("writes beyond the stated number are refused at once", async () => {
    const log = new FakeLog();
    const { loop } = start(log, { tuning: { maxPending: 2 } });
    const kept = [loop.propose(bytes("x")), loop.propose(bytes("y"))];
    await expect(loop.propose(bytes("z"))).rejects.toMatchObject({ code: "unavailable" });
    const answers = Promise.allSettled(kept);
    const stopped = loop.stop();
    // Stopping waits for the write under way; a disk that never answers is the log's business.
    await settle();
    log.held.shift()?.release();
    await stopped;
    expect((await answers).map((answer) => answer.status)).toEqual(["rejected", "rejected"]);
  });

  test("a long log is replayed in steps from where the state is", async () => {
    const entries = Array.from({ length: 20 }, (_, at) => ({
      index: at + 1,
      term: 1,
      data: bytes("x"),
    }));
    const log = new FakeLog(entries);
    log.isHolding = false;
    const { loop, batches } = start(log, { applied: 5, tuning: { maxEntriesPerApply: 6 } });
    await until("the replay", () => loop.isLeader());
    expect(batches).toEqual([
      [6, 7, 8, 9, 10, 11],
      [12, 13, 14, 15, 16, 17],
      [18, 19, 20, 21],
    ]);
    expect(loop.isLeader()).toBe(true);
  });

  test("the log is cut behind a snapshot, keeping what a slow peer may still want", async () => {
    const log = new FakeLog();
    log.isHolding = false;
    const { loop } = start(log, { tuning: { snapshotEvery: 10, keepBehindSnapshot: 4 } });
    await settle();
    for (let n = 0; n < 35; n++) await loop.propose(bytes("x"));
    await settle();
    expect(log.snapshots).toEqual([10, 20, 30]);
    expect(log.compactions).toEqual([6, 16, 26]);
    await loop.stop();
  });
});
