import type { AllocationRow } from "../../node/node-db.ts";
import { AppError } from "../../lib/errors.ts";
import type { DesiredAllocation } from "../ports.ts";
import type { AllocationRecord } from "../core/node/types.ts";

/** Bodies of node.db: written by this file only, so their shape is known once the version matches. */
const version = 1;

export interface StoredAllocation {
  readonly desired: DesiredAllocation;
  readonly record: AllocationRecord;
}

export function encodeStored(stored: StoredAllocation): AllocationRow {
  return {
    id: stored.desired.allocation.ID,
    desired: JSON.stringify(stored.desired),
    record: JSON.stringify({ version, record: stored.record }),
  };
}

export function decodeStored(row: AllocationRow): StoredAllocation {
  const fields = { allocationId: row.id };
  try {
    const body = JSON.parse(row.record) as { version: number; record: AllocationRecord };
    if (body.version !== version) throw new Error(`version ${body.version} is unknown`);
    return { desired: JSON.parse(row.desired) as DesiredAllocation, record: body.record };
  } catch (cause) {
    throw new AppError("storage", `node.db has an unreadable record of allocation ${row.id}`, {
      cause,
      fields,
    });
  }
}
