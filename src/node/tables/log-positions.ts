import type { Database, Row } from "../../lib/system/sqlite.ts";

/** How far a task's output is in the files: what comes after `cursor` belongs after these places. */
export interface LogPosition {
  readonly handle: string;
  /** Undefined: nothing of this handle is in the files yet. */
  readonly cursor: string | undefined;
  readonly stdout: FilePlace;
  readonly stderr: FilePlace;
}
export interface FilePlace {
  /** The number at the end of the file's name. */
  readonly index: number;
  readonly size: number;
}
export interface LogPositionTable {
  get(allocationId: string, task: string): LogPosition | undefined;
  put(allocationId: string, task: string, position: LogPosition): void;
  removeAll(allocationId: string): void;
}

export function openLogPositionTable(database: Database): LogPositionTable {
  const get = database.prepare(
    `SELECT handle, cursor, stdout_index, stdout_size, stderr_index, stderr_size
     FROM log_positions WHERE allocation_id = ? AND task = ? ORDER BY task`,
  );
  const put = database.prepare(
    `INSERT OR REPLACE INTO log_positions
     (allocation_id, task, handle, cursor, stdout_index, stdout_size, stderr_index, stderr_size)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const removeAll = database.prepare("DELETE FROM log_positions WHERE allocation_id = ?");
  return {
    get(allocationId, task) {
      const row = get.get(allocationId, task);
      return row && positionOf(row);
    },
    put(allocationId, task, { handle, cursor, stdout, stderr }) {
      put.run(
        allocationId,
        task,
        handle,
        cursor ?? null,
        stdout.index,
        stdout.size,
        stderr.index,
        stderr.size,
      );
    },
    removeAll(allocationId) {
      removeAll.run(allocationId);
    },
  };
}

const positionOf = (row: Row): LogPosition => ({
  handle: String(row["handle"]),
  cursor: row["cursor"] === null ? undefined : String(row["cursor"]),
  stdout: { index: Number(row["stdout_index"]), size: Number(row["stdout_size"]) },
  stderr: { index: Number(row["stderr_index"]), size: Number(row["stderr_size"]) },
});
