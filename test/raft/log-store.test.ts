import { execFileSync } from "node:child_process";
import { closeSync, openSync, rmSync } from "node:fs";
import BetterSqlite3 from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Clock } from "../../src/lib/clock.ts";
import { createSystemClock } from "../../src/lib/system/clock.ts";
import { openLogStore } from "../../src/raft/log-store.ts";
import type { LogStore } from "../../src/raft/log-store.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { temporaryFolder } from "../support/store.ts";
import { until } from "../support/until.ts";

let folder: ReturnType<typeof temporaryFolder>;
let fatal: Error[];
beforeEach(() => {
  folder = temporaryFolder();
  fatal = [];
});
afterEach(() => {
  folder.remove();
});

const open = (clock: Clock = createSystemClock()): Promise<LogStore> =>
  openLogStore(clock, {
    files: {
      logPath: `${folder.path}/raft.db`,
      markPath: `${folder.path}/log-mark`,
      statePath: `${folder.path}/state.db`,
      snapshotFolder: `${folder.path}/snapshots`,
    },
    hangMs: 10_000,
    onFatal: (error) => fatal.push(error),
  });
const entry = { index: 1, term: 1, data: Buffer.from("x") };
const batch = (index: number, text = "x") => ({
  hardState: undefined,
  truncateFrom: undefined,
  entries: [{ ...entry, index, data: Buffer.from(text) }],
});

test("the storage thread keeps what it confirmed", async () => {
  const store = await open();
  await Promise.all([store.append(batch(1)), store.append(batch(2, "second"))]);
  await store.close();
  const again = await open();
  expect(again.stored.last).toEqual({ index: 2, term: 1 });
  const [entry] = await again.read({ from: 2, to: 2 });
  expect(Buffer.from(entry?.data ?? []).toString()).toBe("second");
  await again.close();
  expect(fatal).toEqual([]);
});

test("a damaged log is an answer to whoever opens it, with what to do", async () => {
  const store = await open();
  await store.append(batch(1));
  await store.close();
  const database = new BetterSqlite3(`${folder.path}/raft.db`);
  database.exec("UPDATE entries SET data = x'00'");
  database.close();
  await expect(open()).rejects.toThrow(
    "the log is damaged: entry 1 does not match its checksum; restore this server from a snapshot",
  );
  expect(fatal).toEqual([]);
});

test("a disk that does not answer in time is fatal, and so is everything after it", async () => {
  const clock = new FakeClock();
  const store = await open(clock);
  // Opening a pipe that nobody reads never returns, as a call to a dead disk does not.
  const pipe = `${folder.path}/log-mark.new`;
  execFileSync("mkfifo", [pipe]);
  const entries = Array.from({ length: 1000 }, (_, at) => ({ ...entry, index: at + 1 }));
  const write = store.append({ hardState: undefined, truncateFrom: undefined, entries });
  const refused = expect(write).rejects.toThrow("the disk does not answer");
  await clock.advance(9_999);
  expect(fatal).toEqual([]);
  await clock.advance(1);
  await refused;
  expect(fatal.map((error) => error.message)).toEqual(["the disk does not answer"]);
  await expect(store.append(batch(1001))).rejects.toMatchObject({ code: "storage" });
  closeSync(openSync(pipe, "r"));
});

test("a second agent on the same folder is refused", async () => {
  const store = await open();
  await expect(open()).rejects.toThrow("raft.db is in use by another agent");
  await store.append(batch(1));
  await store.close();
  expect(fatal).toEqual([]);
});

test("an error of the disk is fatal once, and nothing is tried again", async () => {
  const store = await open();
  const refused = expect(store.append(batch(7))).rejects.toMatchObject({ code: "storage" });
  await refused;
  await expect(store.append(batch(1))).rejects.toThrow("entry 6 is missing");
  await until("the fatal call", () => fatal.length === 1);
});

test("a snapshot that fails is only an answer: the log goes on", async () => {
  const store = await open();
  await store.append(batch(1));
  rmSync(`${folder.path}/snapshots`, { recursive: true });
  await expect(store.snapshot({ index: 1, term: 1 })).rejects.toMatchObject({ code: "storage" });
  await store.append(batch(2));
  await store.close();
  expect(fatal).toEqual([]);
});
