import type { Database, Row, SqlValue, Statement } from "../../lib/system/sqlite.ts";

/**
 * A table whose rows are JSON text beside the columns that are searched. Objects once read or written stay in a
 * bounded cache, so a hot read parses nothing. All writes go through here: the cache cannot go stale.
 * A row that is put is written when the table is searched next, or flushed: a command may change one row, which can be
 * long, once for each of a hundred others.
 */
export interface RowTable<T, Stored = T> {
  get(...key: readonly SqlValue[]): T | undefined;
  put(value: T): void;
  delete(...key: readonly SqlValue[]): boolean;
  /** Rows by everything after `FROM table`; it must end in an ORDER BY that leaves no ties. */
  select(rest: string, ...values: readonly SqlValue[]): readonly T[];
  /** The same as they are stored, without what is stored elsewhere: that may be long, and is not read for it. */
  outlines(rest: string, ...values: readonly SqlValue[]): readonly Stored[];
  /** Whether any row matches the condition. */
  some(condition: string, ...values: readonly SqlValue[]): boolean;
  /** Writes what was put; has to come before the end of the transaction. */
  flush(): void;
}
export interface RowTableOptions<T> {
  readonly name: string;
  /** The primary key's columns, then the other searched ones. */
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, (value: T) => SqlValue>>;
  readonly cacheLimit?: number;
}
export interface StoredForm<T, Stored> {
  /** What is stored of a value, when a part of it is stored elsewhere already; `complete` undoes it. */
  readonly abridge: (value: T) => Stored;
  readonly complete: (stored: Stored) => T;
}

const defaultCacheLimit = 20_000;

/** A table that stores its values whole. */
export function openRowTable<T>(database: Database, options: RowTableOptions<T>): RowTable<T> {
  const whole = (value: T): T => value;
  return openAbridgedTable(database, { ...options, abridge: whole, complete: whole });
}

export function openAbridgedTable<T, Stored>(
  database: Database,
  options: RowTableOptions<T> & StoredForm<T, Stored>,
): RowTable<T, Stored> {
  const { name, key } = options;
  const names = Object.keys(options.columns);
  const extracts = Object.values(options.columns);
  const others = [...names.filter((column) => !key.includes(column)), "row"];
  const match = key.map((column) => `${column} = ?`).join(" AND ");
  const upsert = database.prepare(
    `INSERT INTO ${name} (${[...names, "row"].join(", ")}) VALUES (${[...names, "row"].map(() => "?").join(", ")})
     ON CONFLICT (${key.join(", ")}) DO UPDATE SET ${others.map((column) => `${column} = excluded.${column}`).join(", ")}`,
  );
  const one = database.prepare(`SELECT row FROM ${name} WHERE ${match}`);
  const remove = database.prepare(`DELETE FROM ${name} WHERE ${match}`);
  const prepared = statementsOf(database);
  const cache = new Cache<T>(options.cacheLimit ?? defaultCacheLimit);
  const unwritten = new Map<string, T>();
  const keyExtracts = key.map((column) => options.columns[column]);

  const get = (...values: readonly SqlValue[]): T | undefined => {
    const cacheKey = values.join("\u0000");
    const cached = cache.get(cacheKey) ?? unwritten.get(cacheKey);
    if (cached !== undefined) return cached;
    const row = one.get(...values);
    if (row === undefined) return undefined;
    const value = options.complete(storedIn(row));
    cache.set(cacheKey, value);
    return value;
  };
  // The one decoding border of the state: only `put` writes rows, so they have the type they were given.
  const storedIn = (row: Row): Stored => JSON.parse(String(row["row"])) as Stored;
  const outline = (...values: readonly SqlValue[]): Stored | undefined => {
    const cached = cache.get(values.join("\u0000"));
    if (cached !== undefined) return options.abridge(cached);
    const row = one.get(...values);
    return row && storedIn(row);
  };
  const search = <Found>(
    { rest, values }: { readonly rest: string; readonly values: readonly SqlValue[] },
    read: (...values: readonly SqlValue[]) => Found | undefined,
  ): readonly Found[] => {
    flush();
    return prepared(`SELECT ${key.join(", ")} FROM ${name} ${rest}`)
      .all(...values)
      .flatMap((row: Row) => read(...key.map((column) => row[column] ?? null)) ?? []);
  };
  const flush = (): void => {
    for (const value of unwritten.values()) {
      const stored = JSON.stringify(options.abridge(value));
      upsert.run(...extracts.map((extract) => extract(value)), stored);
    }
    unwritten.clear();
  };
  return {
    get,
    put: (value) => {
      const cacheKey = keyExtracts.map((extract) => extract?.(value)).join("\u0000");
      unwritten.set(cacheKey, value);
      cache.set(cacheKey, value);
    },
    delete: (...values) => {
      const cacheKey = values.join("\u0000");
      cache.delete(cacheKey);
      const wasPut = unwritten.delete(cacheKey);
      return remove.run(...values).changes > 0 || wasPut;
    },
    select: (rest, ...values) => search({ rest, values }, get),
    outlines: (rest, ...values) => search({ rest, values }, outline),
    some(condition, ...values) {
      flush();
      return (
        prepared(`SELECT 1 FROM ${name} WHERE ${condition} LIMIT 1`).get(...values) !== undefined
      );
    },
    flush,
  };
}

/** Each statement is prepared once. */
function statementsOf(database: Database): (sql: string) => Statement {
  const statements = new Map<string, Statement>();
  return (sql) => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
}

/** Keeps what was used last. A Map remembers insertion order, so the first key is the one unused for longest. */
class Cache<T> {
  readonly #limit: number;
  readonly #values = new Map<string, T>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): T | undefined {
    const value = this.#values.get(key);
    if (value === undefined || this.#values.size < this.#limit / 2) return value;
    this.#values.delete(key);
    this.#values.set(key, value);
    return value;
  }

  set(key: string, value: T): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size <= this.#limit) return;
    const oldest = this.#values.keys().next();
    if (!oldest.done) this.#values.delete(oldest.value);
  }

  delete(key: string): void {
    this.#values.delete(key);
  }
}
