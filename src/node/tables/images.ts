import type { Database } from "../../lib/system/sqlite.ts";

/** An image that a driver brought to this machine. */
export interface ImageRow {
  readonly driver: string;
  readonly id: string;
  readonly name: string;
  /** Opaque here: what has used it. */
  readonly uses: string;
}
export interface ImageTable {
  all(): readonly ImageRow[];
  put(row: ImageRow): void;
  remove(row: Omit<ImageRow, "uses">): void;
}

export function openImageTable(database: Database): ImageTable {
  const all = database.prepare(
    "SELECT driver, id, name, uses FROM images ORDER BY driver, id, name",
  );
  const put = database.prepare(
    "INSERT OR REPLACE INTO images (driver, id, name, uses) VALUES (?, ?, ?, ?)",
  );
  const remove = database.prepare("DELETE FROM images WHERE driver = ? AND id = ? AND name = ?");
  return {
    all: () =>
      all.all().map((row) => ({
        driver: String(row["driver"]),
        id: String(row["id"]),
        name: String(row["name"]),
        uses: String(row["uses"]),
      })),
    put({ driver, id, name, uses }) {
      put.run(driver, id, name, uses);
    },
    remove({ driver, id, name }) {
      remove.run(driver, id, name);
    },
  };
}
