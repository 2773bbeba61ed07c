import Database from "better-sqlite3";

export type SqliteDatabase = Database.Database;

/** Opens a database file in WAL mode; `FULL` survives a power cut with every commit, `NORMAL` may lose the last ones. */
export function openSqlite(
  path: string,
  options: { readonly synchronous: "FULL" | "NORMAL" },
): SqliteDatabase {
  const database = new Database(path);
  database.pragma("journal_mode = WAL");
  database.pragma(`synchronous = ${options.synchronous}`);
  database.pragma("foreign_keys = ON");
  database.pragma("busy_timeout = 5000");
  return database;
}
