import BetterSqlite3 from "better-sqlite3";

export type SqlValue = string | number | bigint | Uint8Array | null;
export type Row = Readonly<Record<string, SqlValue>>;

/** A prepared statement. Rows come as plain objects; the caller decodes them. */
export interface Statement {
  run(...values: readonly SqlValue[]): { readonly changes: number };
  get(...values: readonly SqlValue[]): Row | undefined;
  all(...values: readonly SqlValue[]): readonly Row[];
}
export interface Database {
  prepare(sql: string): Statement;
  exec(sql: string): void;
  isInTransaction(): boolean;
  /**
   * Moves what it can of the write-ahead log into the file without waiting for anybody, and says how many pages the
   * log has. `restart` also makes the next writer begin the log anew, and holds writers up for that moment.
   */
  checkpoint(mode: "passive" | "restart"): number;
  /** Copies the state as it is now to a new file, `pagesPerStep` at a time, yielding between steps. */
  backup(path: string, pagesPerStep: number): Promise<void>;
  close(): void;
}
export interface OpenDatabaseOptions {
  readonly path: string;
  /**
   * `full`: a commit is on the disk when it returns. `normal`: a power cut may lose the newest commits, never
   * the order of them. Reading the pragma back proves nothing: the build default shows as FULL until the first write.
   */
  readonly synchronous: "full" | "normal";
  /** Pages of write-ahead log after which a commit checkpoints by itself; 0: somebody else does it. */
  readonly autoCheckpointPages: number;
  readonly readOnly?: boolean;
  /** Nobody else may open the file while this handle is open: not another process, not another thread. */
  readonly exclusive?: boolean;
}

/** Whether the error says that somebody else has the file. */
export const isInUse = (thrown: unknown): boolean =>
  thrown instanceof BetterSqlite3.SqliteError && thrown.code.startsWith("SQLITE_BUSY");

/** Opens with every pragma that matters said aloud, since the build's defaults differ from SQLite's. */
export function openDatabase(options: OpenDatabaseOptions): Database {
  const database = new BetterSqlite3(options.path, {
    readonly: options.readOnly ?? false,
    fileMustExist: options.readOnly ?? false,
    timeout: options.exclusive ? 2000 : 5000,
  });
  // Before the first look at the file, so that it is locked for good from then on.
  if (options.exclusive) database.pragma("locking_mode = EXCLUSIVE");
  if (!options.readOnly) database.pragma("journal_mode = WAL");
  database.pragma(`synchronous = ${options.synchronous === "full" ? "FULL" : "NORMAL"}`);
  database.pragma(`wal_autocheckpoint = ${options.autoCheckpointPages}`);
  database.pragma("foreign_keys = OFF");
  database.pragma("temp_store = MEMORY");
  database.pragma("cache_size = -32000");
  return {
    prepare: (sql) => wrapStatement(database.prepare(sql)),
    exec: (sql) => {
      database.exec(sql);
    },
    isInTransaction: () => database.inTransaction,
    checkpoint: (mode) => {
      const rows = database.pragma(`wal_checkpoint(${mode === "passive" ? "PASSIVE" : "RESTART"})`);
      return (rows as readonly { readonly log: number }[])[0]?.log ?? 0;
    },
    backup: (path, pagesPerStep) => backupSnapshot(database, path, pagesPerStep),
    close: () => {
      database.close();
    },
  };
}

function wrapStatement(statement: BetterSqlite3.Statement): Statement {
  return {
    run: (...values) => ({ changes: statement.run(...values).changes }),
    get: (...values) => statement.get(...values) as Row | undefined,
    all: (...values) => statement.all(...values) as readonly Row[],
  };
}

/** Inside one read transaction: otherwise each commit of another connection would start the copy again. */
async function backupSnapshot(
  database: BetterSqlite3.Database,
  path: string,
  pagesPerStep: number,
): Promise<void> {
  database.exec("BEGIN");
  try {
    database.prepare("SELECT count(*) FROM sqlite_schema").get();
    await database.backup(path, { progress: () => pagesPerStep });
  } finally {
    database.exec("COMMIT");
  }
}

/** All of the work or nothing of it. */
export function inTransaction<T>(database: Database, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (thrown) {
    // SQLite has often rolled back by itself by then, and its complaint would hide the first error.
    if (database.isInTransaction()) database.exec("ROLLBACK");
    throw thrown;
  }
}

/**
 * Holds a file exclusively, or answers undefined when another process does. The kernel gives the lock back when the
 * process ends, however it ends.
 */
export function lockDatabase(path: string): { release(): void } | undefined {
  const database = new BetterSqlite3(path, { timeout: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (thrown) {
    database.close();
    if (thrown instanceof BetterSqlite3.SqliteError && thrown.code === "SQLITE_BUSY")
      return undefined;
    throw thrown;
  }
  return {
    release() {
      database.close();
    },
  };
}
