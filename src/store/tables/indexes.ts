import type { Database } from "../../lib/system/sqlite.ts";
import type { TableName } from "../reader.ts";

/** The last index that changed each table, and the last one that was applied. Kept in memory, stored with each batch. */
export interface Indexes {
  applied(): number;
  last(table: TableName): number;
  touch(table: TableName, index: number): void;
  /** Within the batch's transaction. */
  save(applied: number): void;
}

export function openIndexes(database: Database): Indexes {
  const select = database.prepare("SELECT name, idx FROM table_indexes ORDER BY name");
  const upsert = database.prepare(
    "INSERT INTO table_indexes (name, idx) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET idx = excluded.idx",
  );
  const setApplied = database.prepare("UPDATE applied SET idx = ? WHERE id = 1");
  const getApplied = database.prepare("SELECT idx FROM applied WHERE id = 1");
  const indexes = new Map(select.all().map((row) => [String(row["name"]), Number(row["idx"])]));
  const unsaved = new Set<string>();
  let appliedIndex = Number(getApplied.get()?.["idx"] ?? 0);
  return {
    applied: () => appliedIndex,
    last: (table) => indexes.get(table) ?? 0,
    touch: (table, index) => {
      indexes.set(table, index);
      unsaved.add(table);
    },
    save: (applied) => {
      for (const table of unsaved) upsert.run(table, indexes.get(table) ?? 0);
      unsaved.clear();
      appliedIndex = applied;
      setApplied.run(applied);
    },
  };
}
