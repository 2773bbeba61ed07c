import { createHash } from "node:crypto";
import { AppError } from "../../lib/errors.ts";
import { inTransaction, isInUse, openDatabase } from "../../lib/system/sqlite.ts";
import type { Database, Row } from "../../lib/system/sqlite.ts";
import type { TermRun } from "../core/term-log.ts";
import type { Entry, EntryId, HardState, IndexRange } from "../core/types.ts";

export interface LogBatch {
  readonly hardState: HardState | undefined;
  readonly truncateFrom: number | undefined;
  readonly entries: readonly Entry[];
}
/** What is on the disk, as RaftCore needs it to start. */
export interface StoredLog {
  readonly hardState: HardState;
  readonly base: EntryId;
  readonly runs: readonly TermRun[];
  readonly last: EntryId;
}
const entriesPerStep = 256;

/**
 * The log as a table. Each entry's checksum covers the checksum before it, so an entry that changed, vanished or
 * moved shows when it is read, which SQLite's own integrity check does not notice.
 */
export class EntryTable {
  readonly #database: Database;
  readonly #sql: ReturnType<typeof prepare>;

  constructor(path: string) {
    this.#database = openAlone(path);
    this.#sql = prepare(this.#database);
  }

  /** Reads and verifies the whole log. */
  load(): StoredLog {
    const row = this.#sql.state.get() ?? {};
    const vote = row["vote"];
    const hardState = { term: number(row, "term"), vote: typeof vote === "string" ? vote : null };
    const base = { index: number(row, "base_index"), term: number(row, "base_term") };
    return { hardState, base, ...this.#verify(base) };
  }

  /** All of it or nothing, and on the disk when it returns. */
  append(batch: LogBatch): void {
    const { truncateFrom, hardState, entries } = batch;
    inTransaction(this.#database, () => {
      if (truncateFrom !== undefined) this.#sql.truncate.run(truncateFrom);
      if (hardState) this.#sql.setState.run(hardState.term, hardState.vote);
      let chain = entries[0] && this.chainAt(entries[0].index - 1);
      for (const entry of entries) {
        if (chain === undefined) throw corrupt(`entry ${entry.index - 1} is missing`);
        chain = chainOf(chain, entry);
        this.#sql.insert.run(entry.index, entry.term, entry.data, chain);
      }
    });
  }

  read(range: IndexRange): readonly Entry[] {
    let chain = this.chainAt(range.from - 1);
    if (chain === undefined) throw corrupt(`entry ${range.from - 1} is missing`);
    let next = range.from;
    return this.#sql.range.all(range.from, range.to).map((row) => {
      const [index, term] = [number(row, "idx"), number(row, "term")];
      const entry = { index, term, data: bytes(row, "data") };
      if (index !== next) throw corrupt(`entry ${next} is missing`);
      chain = chainOf(chain ?? new Uint8Array(0), entry);
      if (Buffer.compare(chain, bytes(row, "chain")) !== 0)
        throw corrupt(`entry ${next} does not match its checksum`);
      next += 1;
      return entry;
    });
  }

  /** Forgets entries up to and including `through`, but not the checksum that the next one builds on. */
  compact(through: number): void {
    const row = this.#sql.idOf.get(through);
    if (row === undefined) return;
    inTransaction(this.#database, () => {
      this.#sql.setBase.run(through, number(row, "term"), bytes(row, "chain"));
      this.#sql.removeThrough.run(through);
    });
  }

  /** The checksum that covers everything up to `index`. */
  chainAt(index: number): Uint8Array | undefined {
    const base = this.#sql.state.get() ?? {};
    if (index === number(base, "base_index")) return bytes(base, "base_chain");
    const row = this.#sql.idOf.get(index);
    return row && bytes(row, "chain");
  }

  close(): void {
    this.#database.close();
  }

  #verify(base: EntryId): Pick<StoredLog, "runs" | "last"> {
    const runs: TermRun[] = [];
    let last = base;
    for (;;) {
      const entries = this.read({ from: last.index + 1, to: last.index + entriesPerStep });
      for (const { index, term } of entries) {
        if (runs.at(-1)?.term !== term) runs.push({ term, from: index });
        last = { index, term };
      }
      if (entries.length < entriesPerStep) break;
    }
    // A missing entry also ends a read early: only the table's own maximum tells the two apart.
    const highest = this.#sql.highest.get()?.["idx"] ?? base.index;
    if (highest !== last.index) throw corrupt(`entry ${last.index + 1} is missing`);
    return { runs, last };
  }
}

/** Two agents on one folder would both believe that they are this server. */
function openAlone(path: string): Database {
  try {
    const options = { path, synchronous: "full", autoCheckpointPages: 1000 } as const;
    const database = openDatabase({ ...options, exclusive: true });
    database.exec(schema);
    return database;
  } catch (thrown) {
    if (!isInUse(thrown)) throw thrown;
    throw new AppError("storage", `${path} is in use by another agent`, { cause: thrown });
  }
}

const schema = `
  CREATE TABLE IF NOT EXISTS entries (
    idx INTEGER PRIMARY KEY, term INTEGER NOT NULL, data BLOB NOT NULL, chain BLOB NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS hard_state (
    id INTEGER PRIMARY KEY CHECK (id = 1), term INTEGER NOT NULL, vote TEXT,
    base_index INTEGER NOT NULL, base_term INTEGER NOT NULL, base_chain BLOB NOT NULL) STRICT;
  INSERT OR IGNORE INTO hard_state VALUES (1, 0, NULL, 0, 0, x'');
`;

function prepare(database: Database) {
  return {
    state: database.prepare(
      "SELECT term, vote, base_index, base_term, base_chain FROM hard_state WHERE id = 1",
    ),
    setState: database.prepare("UPDATE hard_state SET term = ?, vote = ? WHERE id = 1"),
    setBase: database.prepare(
      "UPDATE hard_state SET base_index = ?, base_term = ?, base_chain = ? WHERE id = 1",
    ),
    highest: database.prepare("SELECT max(idx) AS idx FROM entries"),
    idOf: database.prepare("SELECT term, chain FROM entries WHERE idx = ?"),
    range: database.prepare(
      "SELECT idx, term, data, chain FROM entries WHERE idx BETWEEN ? AND ? ORDER BY idx",
    ),
    insert: database.prepare("INSERT INTO entries (idx, term, data, chain) VALUES (?, ?, ?, ?)"),
    truncate: database.prepare("DELETE FROM entries WHERE idx >= ?"),
    removeThrough: database.prepare("DELETE FROM entries WHERE idx <= ?"),
  };
}

function chainOf(previous: Uint8Array, entry: Entry): Uint8Array {
  const head = Buffer.alloc(16);
  head.writeBigUInt64BE(BigInt(entry.index), 0);
  head.writeBigUInt64BE(BigInt(entry.term), 8);
  return createHash("sha256").update(previous).update(head).update(entry.data).digest();
}

export const corrupt = (what: string): AppError =>
  new AppError(
    "storage",
    `the log is damaged: ${what}; restore this server from a snapshot or its peers`,
  );

function number(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw corrupt(`${column} is not a number`);
  return value;
}

function bytes(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw corrupt(`${column} is not bytes`);
  return value;
}
