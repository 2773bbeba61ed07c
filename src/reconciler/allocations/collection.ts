import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/logger.ts";
import type { Random } from "../../lib/random.ts";
import { ReconcileLoop } from "../../lib/work-queue.ts";
import type { AllocationDirectories } from "../../node/alloc-directory.ts";
import { decideCollection } from "../core/node/collect.ts";
import type { CollectionLimits, DiskUse, KeptAllocation } from "../core/node/collect.ts";
import type { AllocationEntry } from "./entry.ts";

export interface CollectionSettings extends CollectionLimits {
  readonly intervalMs: number;
}
export interface CollectionOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly directories: Pick<AllocationDirectories, "exists">;
  readonly settings: CollectionSettings;
  readonly entries: () => Iterable<AllocationEntry>;
  readonly collect: (id: string) => Promise<void>;
  readonly use: () => Promise<DiskUse>;
}

/** Clears files of ended allocations away, oldest first, whenever the node has passed one of its limits. */
export function startCollection(options: CollectionOptions): { stop(): Promise<void> } {
  const { clock, random, settings } = options;
  const log = options.log.child("collection");
  const loop = new ReconcileLoop(clock, random, log, {
    name: "collection",
    concurrency: 1,
    backoff: { firstMs: 1_000, maxMs: settings.intervalMs },
    reconcile: async (_key, signal) => {
      while (!signal.aborted) {
        const kept = await keptOf(options);
        const decision = decideCollection(kept, await options.use(), settings);
        if (!decision) break;
        await Promise.all(decision.ids.map((id) => options.collect(id)));
        log.info({ ...decision, kept: kept.length }, "ended allocations cleared away");
      }
      return { kind: "again", afterMs: settings.intervalMs, reason: "next look" };
    },
  });
  loop.addAfter("everything", settings.intervalMs);
  return { stop: () => loop.stop() };
}

async function keptOf(options: CollectionOptions): Promise<readonly KeptAllocation[]> {
  const entries = [...options.entries()];
  // A successor that has not started yet may still take the disk of the one before it.
  const awaited = new Set(
    entries
      .filter((entry) => !entry.isOver())
      .map((entry) => entry.desired?.allocation.PreviousAllocation),
  );
  const kept: KeptAllocation[] = [];
  for (const entry of entries) {
    if (!(await options.directories.exists(entry.id))) continue;
    const mustStay = !entry.isOver() || awaited.has(entry.id);
    kept.push({ id: entry.id, endedNs: mustStay ? undefined : endedNs(entry) });
  }
  return kept;
}

/** Tasks that never ran have no end: then the allocation counts from its beginning. */
function endedNs(entry: AllocationEntry): number {
  const ends = Object.values(entry.record?.tasks ?? {}).flatMap(({ state }) =>
    state.FinishedAt === null ? [] : [Date.parse(state.FinishedAt) * 1e6],
  );
  return Math.max(entry.desired?.allocation.CreateTime ?? 0, ...ends);
}
