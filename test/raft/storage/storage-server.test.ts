import BetterSqlite3 from "better-sqlite3";
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Entry } from "../../../src/raft/core/types.ts";
import { hashOfFile, StorageServer } from "../../../src/raft/storage/storage-server.ts";
import { temporaryFolder } from "../../support/store.ts";

let folder: ReturnType<typeof temporaryFolder>;
let open: StorageServer[] = [];
beforeEach(() => {
  folder = temporaryFolder();
  open = [];
});
afterEach(async () => {
  for (const server of open) await server.handle({ kind: "close" });
  folder.remove();
});

const path = (name: string): string => `${folder.path}/${name}`;
const files = () => ({
  logPath: path("raft/raft.db"),
  markPath: path("log-mark"),
  statePath: path("state.db"),
  snapshotFolder: path("snapshots"),
});
async function start(): Promise<StorageServer> {
  const server = new StorageServer();
  await server.handle({ kind: "open", files: files() });
  open.push(server);
  return server;
}
async function stop(server: StorageServer): Promise<void> {
  open = open.filter((other) => other !== server);
  await server.handle({ kind: "close" });
}
const entries = (from: number, to: number, term = 1): Entry[] =>
  Array.from({ length: to - from + 1 }, (_, at) => ({
    index: from + at,
    term,
    data: Buffer.from(`${from + at}`),
  }));
const append = (server: StorageServer, list: readonly Entry[], truncateFrom?: number) =>
  server.handle({ kind: "append", batch: { hardState: undefined, truncateFrom, entries: list } });
const mark = (): string => readFileSync(path("log-mark"), "utf8");
function tamper(sql: string): void {
  const database = new BetterSqlite3(path("raft/raft.db"));
  database.exec(sql);
  database.close();
}

test("the mark follows after a thousand entries, when asked, and at the end", async () => {
  const server = await start();
  await append(server, entries(1, 999));
  expect(existsSync(path("log-mark"))).toBe(false);
  await append(server, entries(1000, 1000));
  expect(mark()).toMatch(/^1000 1 /);
  await append(server, entries(1001, 1001));
  server.saveMark();
  expect(mark()).toMatch(/^1001 1 /);
  await append(server, entries(1002, 1002));
  await stop(server);
  expect(mark()).toMatch(/^1002 1 /);
});

test("a log that ends before its mark is refused, not taken for a short one", async () => {
  const server = await start();
  await append(server, entries(1, 20));
  await stop(server);
  tamper("DELETE FROM entries WHERE idx > 17");
  await expect(start()).rejects.toThrow("ends at entry 17, though it once reached entry 20");
});

test("entries after the mark may be missing: they were not promised by it", async () => {
  const server = await start();
  await append(server, entries(1, 20));
  server.saveMark();
  const marked = mark();
  await append(server, entries(21, 25));
  await stop(server);
  writeFileSync(path("log-mark"), marked);
  tamper("DELETE FROM entries WHERE idx > 22");
  await expect(start()).resolves.toBeInstanceOf(StorageServer);
});

test("a vanished log file is refused", async () => {
  const server = await start();
  await append(server, entries(1, 3));
  await stop(server);
  for (const name of readdirSync(path("raft"))) rmSync(path(`raft/${name}`));
  await expect(start()).rejects.toThrow("raft.db is missing, though it once reached entry 3");
});

test("a log that was rewritten below its mark is refused", async () => {
  const server = await start();
  await append(server, entries(1, 5));
  await stop(server);
  for (const name of readdirSync(path("raft"))) rmSync(path(`raft/${name}`));
  const kept = mark();
  rmSync(path("log-mark"));
  const other = await start();
  await append(other, entries(1, 5, 2));
  await stop(other);
  writeFileSync(path("log-mark"), kept);
  await expect(start()).rejects.toThrow("entry 5 is not the one that was written");
});

test("a damaged mark is refused by name", async () => {
  const server = await start();
  await append(server, entries(1, 5));
  await stop(server);
  writeFileSync(path("log-mark"), mark().replace(/^5/, "4"));
  await expect(start()).rejects.toThrow(`${path("log-mark")} is damaged`);
});

test("replacing a suffix lowers the mark before anything is removed", async () => {
  const server = await start();
  await append(server, entries(1, 20));
  server.saveMark();
  await append(server, entries(11, 12, 2), 11);
  expect(mark()).toMatch(/^10 /);
  await stop(server);
  const again = await start();
  expect(await again.handle({ kind: "read", range: { from: 11, to: 99 } })).toHaveLength(2);
});

test("a snapshot is a whole copy with its hash; the last two are kept", async () => {
  const server = await start();
  const state = new BetterSqlite3(path("state.db"));
  state.pragma("journal_mode = WAL");
  state.exec("CREATE TABLE t (x INTEGER)");
  for (const index of [10, 20, 30]) {
    state.prepare("INSERT INTO t VALUES (?)").run(index);
    await server.handle({ kind: "snapshot", at: { index, term: 2 } });
  }
  state.close();
  const names = readdirSync(path("snapshots")).sort();
  expect(names).toEqual([
    "0000000000000020-2.db",
    "0000000000000020-2.db.sha256",
    "0000000000000030-2.db",
    "0000000000000030-2.db.sha256",
  ]);
  const newest = path(`snapshots/${names[2]}`);
  expect(readFileSync(`${newest}.sha256`, "utf8").trim()).toBe(await hashOfFile(newest));
  const copy = new BetterSqlite3(newest, { readonly: true });
  expect(copy.prepare("SELECT x FROM t ORDER BY x").pluck().all()).toEqual([10, 20, 30]);
  copy.close();
});

test("a checkpoint moves the state's write-ahead log into its file", async () => {
  const server = await start();
  const state = new BetterSqlite3(path("state.db"));
  state.pragma("journal_mode = WAL");
  state.pragma("wal_autocheckpoint = 0");
  state.exec("CREATE TABLE t (x INTEGER)");
  const pages = (): number => readFileSync(path("state.db")).length / 4096;
  const before = pages();
  await append(server, entries(1, 1));
  server.checkpointState();
  expect(pages()).toBeGreaterThan(before);
  state.close();
});
