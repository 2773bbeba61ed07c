import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../lib/errors.ts";
import type { CallsOf, Failpoint } from "../lib/failpoint.ts";
import { withPointsNow } from "../lib/failpoint.ts";
import type { NodeDbPlace } from "../model/failpoints.ts";
import { inTransaction, openDatabase } from "../lib/system/sqlite.ts";
import type { Database } from "../lib/system/sqlite.ts";
import { openAllocationTable } from "./tables/allocations.ts";
import type { AllocationRow } from "./tables/allocations.ts";
import { openImageTable } from "./tables/images.ts";
import type { ImageRow } from "./tables/images.ts";
import { openLogPositionTable } from "./tables/log-positions.ts";
import type { LogPosition } from "./tables/log-positions.ts";
import { createSchema, schemaVersion } from "./tables/schema.ts";

export type { AllocationRow, ImageRow, LogPosition };

/**
 * What one machine remembers across a crash: who it is, what it was told to run and how far each task and each log
 * is. Records are opaque here; every write is one transaction and survives the
 * death of this process; after a power cut the engine's own labels tell what the last writes would have.
 */
export interface NodeDb {
  identity(name: string): string | undefined;
  setIdentity(name: string, value: string): void;
  allocations(): readonly AllocationRow[];
  putAllocation(row: AllocationRow): void;
  /** Forgets the allocation and its log positions. */
  removeAllocation(id: string): void;
  logPosition(allocationId: string, task: string): LogPosition | undefined;
  putLogPosition(allocationId: string, task: string, position: LogPosition): void;
  /** The images that drivers have brought to this machine. */
  images(): readonly ImageRow[];
  putImage(row: ImageRow): void;
  removeImage(row: Omit<ImageRow, "uses">): void;
  close(): void;
}

/** A new write does not compile before it has a place here. */
const writes: { readonly [name in Exclude<CallsOf<NodeDb, void>, "close">]: NodeDbPlace } = {
  setIdentity: "identity",
  putAllocation: "record",
  removeAllocation: "record-forget",
  putLogPosition: "log-position",
  putImage: "image",
  removeImage: "image-forget",
};

/** The same memory, with a point on either side of each write. */
export const withNodeDbFailpoints = (db: NodeDb, failpoint: Failpoint): NodeDb =>
  withPointsNow(db, writes, failpoint);

/** Opens `node.db` in `directory`. A file that cannot be read is an error: guessing could start a task twice. */
export function openNodeDb(directory: string): NodeDb {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, "node.db");
  const database = openChecked(path);
  const allocations = openAllocationTable(database);
  const positions = openLogPositionTable(database);
  const images = openImageTable(database);
  const identity = database.prepare("SELECT value FROM identity WHERE name = ? ORDER BY name");
  const setIdentity = database.prepare(
    "INSERT OR REPLACE INTO identity (name, value) VALUES (?, ?)",
  );
  return {
    identity: (name) => {
      const row = identity.get(name);
      return row && String(row["value"]);
    },
    setIdentity(name, value) {
      setIdentity.run(name, value);
    },
    allocations: () => allocations.all(),
    putAllocation: (row) => {
      allocations.put(row);
    },
    removeAllocation: (id) => {
      inTransaction(database, () => {
        allocations.remove(id);
        positions.removeAll(id);
      });
    },
    logPosition: (allocationId, task) => positions.get(allocationId, task),
    putLogPosition: (allocationId, task, position) => {
      positions.put(allocationId, task, position);
    },
    images: () => images.all(),
    putImage: (row) => {
      images.put(row);
    },
    removeImage: (row) => {
      images.remove(row);
    },
    close() {
      database.close();
    },
  };
}

function openChecked(path: string): Database {
  let database: Database | undefined;
  try {
    const isNew = !existsSync(path);
    database = openDatabase({ path, synchronous: "normal", autoCheckpointPages: 1000 });
    if (isNew) chmodSync(path, 0o600);
    const check = pragma(database, "quick_check(1)", "quick_check");
    if (check !== "ok") throw new Error(`integrity check says: ${check}`);
    const version = pragma(database, "user_version", "user_version");
    if (Number(version) > schemaVersion)
      throw new Error(`it was written by a newer version (schema ${version})`);
    createSchema(database);
    return database;
  } catch (cause) {
    database?.close();
    throw new AppError(
      "storage",
      `cannot read the node's memory in ${path}; move the file away to rebuild it from the labels of what runs`,
      { cause, fields: { path } },
    );
  }
}

const pragma = (database: Database, call: string, column: string): string =>
  String(database.prepare(`PRAGMA ${call}`).get()?.[column]);
