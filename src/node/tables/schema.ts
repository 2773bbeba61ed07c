import type { Database } from "../../lib/system/sqlite.ts";

/** Rises with every change of the tables below; a newer file than this program knows is refused. */
export const schemaVersion = 2;

export function createSchema(database: Database): void {
  database.exec(`
    CREATE TABLE IF NOT EXISTS identity (
      name TEXT PRIMARY KEY, value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS allocations (
      id TEXT PRIMARY KEY, desired TEXT NOT NULL, record TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS log_positions (
      allocation_id TEXT NOT NULL, task TEXT NOT NULL, handle TEXT NOT NULL, cursor TEXT,
      stdout_index INTEGER NOT NULL, stdout_size INTEGER NOT NULL,
      stderr_index INTEGER NOT NULL, stderr_size INTEGER NOT NULL,
      PRIMARY KEY (allocation_id, task)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS images (
      driver TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, uses TEXT NOT NULL,
      PRIMARY KEY (driver, id, name)
    ) STRICT, WITHOUT ROWID;
    PRAGMA user_version = ${schemaVersion};
  `);
}
