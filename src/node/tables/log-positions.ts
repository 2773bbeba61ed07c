import type { SqliteDatabase } from "../../lib/system/sqlite.ts";

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
interface Row {
  readonly handle: string;
  readonly cursor: string | null;
  readonly stdout_index: number;
  readonly stdout_size: number;
  readonly stderr_index: number;
  readonly stderr_size: number;
}
export interface LogPositionTable {
  get(allocationId: string, task: string): LogPosition | undefined;
  put(allocationId: string, task: string, position: LogPosition): void;
  removeAll(allocationId: string): void;
}

export function openLogPositionTable(database: SqliteDatabase): LogPositionTable {
  const get = database.prepare<[string, string], Row>(
    `SELECT handle, cursor, stdout_index, stdout_size, stderr_index, stderr_size
     FROM log_positions WHERE allocation_id = ? AND task = ? ORDER BY task`,
  );
  const put = database.prepare(
    `INSERT OR REPLACE INTO log_positions
     (allocation_id, task, handle, cursor, stdout_index, stdout_size, stderr_index, stderr_size)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const removeAll = database.prepare<[string]>("DELETE FROM log_positions WHERE allocation_id = ?");
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
  handle: row.handle,
  cursor: row.cursor ?? undefined,
  stdout: { index: row.stdout_index, size: row.stdout_size },
  stderr: { index: row.stderr_index, size: row.stderr_size },
});
