import type { Database } from "../../lib/system/sqlite.ts";

export interface AllocationRow {
  readonly id: string;
  readonly desired: string;
  readonly record: string;
}
export interface AllocationTable {
  all(): readonly AllocationRow[];
  put(row: AllocationRow): void;
  remove(id: string): void;
}

export function openAllocationTable(database: Database): AllocationTable {
  const all = database.prepare("SELECT id, desired, record FROM allocations ORDER BY id");
  const put = database.prepare(
    `INSERT INTO allocations (id, desired, record) VALUES (?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET desired = excluded.desired, record = excluded.record`,
  );
  const remove = database.prepare("DELETE FROM allocations WHERE id = ?");
  return {
    all: () =>
      all.all().map((row) => ({
        id: String(row["id"]),
        desired: String(row["desired"]),
        record: String(row["record"]),
      })),
    put(row) {
      put.run(row.id, row.desired, row.record);
    },
    remove(id) {
      remove.run(id);
    },
  };
}
