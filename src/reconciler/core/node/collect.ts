import { assertNever } from "../../../lib/errors.ts";

/** When files of ended allocations go; all of them stay below these limits. */
export interface CollectionLimits {
  readonly diskPercent: number;
  readonly inodePercent: number;
  readonly maxAllocations: number;
  readonly parallelDestroys: number;
}
export interface DiskUse {
  readonly diskPercent: number;
  readonly inodePercent: number;
}
/** An allocation whose files are on this node. */
export interface KeptAllocation {
  readonly id: string;
  /** When it ended; undefined while it must stay. */
  readonly endedNs: number | undefined;
}
export type CollectionReason = "disk usage" | "inode usage" | "number of allocations";
export interface CollectionDecision {
  readonly reason: CollectionReason;
  /** Oldest first; measure again after these. */
  readonly ids: readonly string[];
}

/** Which ended allocations go next: the oldest, a few at a time, as long as some limit is passed. */
export function decideCollection(
  kept: readonly KeptAllocation[],
  use: DiskUse,
  limits: CollectionLimits,
): CollectionDecision | undefined {
  const reason = reasonOf(kept.length, use, limits);
  if (reason === undefined) return undefined;
  const ended = kept
    .flatMap(({ id, endedNs }) => (endedNs === undefined ? [] : [{ id, endedNs }]))
    .toSorted((a, b) => a.endedNs - b.endedNs || (a.id < b.id ? -1 : 1));
  const most = Math.min(limits.parallelDestroys, neededFor(reason, kept.length, limits));
  const ids = ended.slice(0, most).map(({ id }) => id);
  return ids.length === 0 ? undefined : { reason, ids };
}

function reasonOf(
  count: number,
  use: DiskUse,
  limits: CollectionLimits,
): CollectionReason | undefined {
  if (use.diskPercent > limits.diskPercent) return "disk usage";
  if (use.inodePercent > limits.inodePercent) return "inode usage";
  return count > limits.maxAllocations ? "number of allocations" : undefined;
}

/** Nobody knows beforehand what one frees on a disk; of a number it is known. */
function neededFor(reason: CollectionReason, count: number, limits: CollectionLimits): number {
  switch (reason) {
    case "disk usage":
    case "inode usage":
      return limits.parallelDestroys;
    case "number of allocations":
      return count - limits.maxAllocations;
    default:
      return assertNever(reason);
  }
}
