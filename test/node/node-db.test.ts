import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openNodeDb } from "../../src/node/node-db.ts";
import { openDatabase } from "../../src/lib/system/sqlite.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "node-db-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});
const position = (
  cursor: string,
): Parameters<ReturnType<typeof openNodeDb>["putLogPosition"]>[2] => ({
  handle: "h",
  cursor,
  stdout: { index: 1, size: 2 },
  stderr: { index: 0, size: 0 },
});

test("what was written is there after closing, readable by its owner only", () => {
  const first = openNodeDb(directory);
  first.setIdentity("node-id", "n1");
  first.putAllocation({ id: "b", desired: "{}", record: "1" });
  first.putAllocation({ id: "a", desired: "{}", record: "1" });
  first.putAllocation({ id: "a", desired: "{}", record: "2" });
  first.putLogPosition("a", "main", position("c1"));
  first.putLogPosition("a", "main", position("c2"));
  first.close();
  const second = openNodeDb(directory);
  expect(second.identity("node-id")).toBe("n1");
  expect(second.identity("other")).toBeUndefined();
  expect(second.allocations().map(({ id, record }) => [id, record])).toEqual([
    ["a", "2"],
    ["b", "1"],
  ]);
  expect(second.logPosition("a", "main")).toEqual(position("c2"));
  expect(statSync(join(directory, "node.db")).mode & 0o777).toBe(0o600);
  second.close();
});

test("forgetting an allocation forgets its log positions too", () => {
  const db = openNodeDb(directory);
  db.putAllocation({ id: "a", desired: "{}", record: "1" });
  db.putLogPosition("a", "main", position("c"));
  db.removeAllocation("a");
  expect(db.allocations()).toEqual([]);
  expect(db.logPosition("a", "main")).toBeUndefined();
  db.close();
});

test("a corrupt file is a clear error and stays as it is; an empty one is a new memory", () => {
  const path = join(directory, "node.db");
  writeFileSync(path, "this is no database, whatever it is called".repeat(50));
  expect(() => openNodeDb(directory)).toThrow(`cannot read the node's memory in ${path}`);
  expect(statSync(path).size).toBeGreaterThan(1000);
  writeFileSync(path, "");
  const db = openNodeDb(directory);
  expect(db.allocations()).toEqual([]);
  db.close();
});

test("a file of a newer version is refused", () => {
  openNodeDb(directory).close();
  const raw = openDatabase({
    path: join(directory, "node.db"),
    synchronous: "normal",
    autoCheckpointPages: 1000,
  });
  raw.exec("PRAGMA user_version = 99");
  raw.close();
  expect(() => openNodeDb(directory)).toThrow("cannot read the node's memory");
});

test("images that were brought here are remembered with what used them, until they are gone", () => {
  const first = openNodeDb(directory);
  const row = { driver: "docker", id: "sha256:1", name: "app:1", uses: "[]" };
  first.putImage(row);
  first.putImage({ ...row, name: "app:2" });
  first.putImage({ ...row, uses: "[1]" });
  first.removeImage({ ...row, name: "app:2" });
  first.close();
  const second = openNodeDb(directory);
  expect(second.images()).toEqual([{ ...row, uses: "[1]" }]);
  second.close();
});
