import { createHash } from "node:crypto";
import type { Database } from "../lib/system/sqlite.ts";

/** One hash over every row of the state: equal on all servers that have applied the same entries. */
export function digestState(database: Database): string {
  const hash = createHash("sha256");
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .all();
  for (const table of tables) {
    const name = String(table["name"]);
    hash.update(`${name}\n`);
    const columns = database
      .prepare("SELECT name FROM pragma_table_info(?) ORDER BY cid")
      .all(name)
      .map((column) => String(column["name"]));
    const rows = database
      .prepare(`SELECT ${columns.join(", ")} FROM ${name} ORDER BY ${columns.join(", ")}`)
      .all();
    for (const row of rows) hash.update(`${JSON.stringify(Object.values(row))}\n`);
  }
  return hash.digest("hex");
}
