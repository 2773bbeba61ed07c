import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/logger.ts";
import type { Random } from "../../lib/random.ts";
import { ReconcileLoop } from "../../lib/work-queue.ts";
import { allocationId } from "../../model/ids.ts";
import type { NodeId } from "../../model/ids.ts";
import type { AllocationDirectories } from "../../node/alloc-directory.ts";
import type { AllocationSource, DesiredAllocation } from "../ports.ts";

export interface ServerWatchOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly source: AllocationSource;
  readonly syncMs?: number;
}
interface Watching {
  readonly loop: {
    sync(desired: readonly DesiredAllocation[]): void;
    update(desired: DesiredAllocation): void;
    missing(id: string): void;
    entry(id: string): object | undefined;
  };
  readonly directories: Pick<AllocationDirectories, "sweepMounts">;
}

/** Keeps the wanted allocations current: hints fetch one, a timer fetches all. */
export function watchServers(
  options: ServerWatchOptions,
  id: NodeId,
  { loop, directories }: Watching,
): () => Promise<void> {
  const { clock, random, log, source } = options;
  const everything = "everything";
  let isSwept = false;
  const fetches = new ReconcileLoop(clock, random, log, {
    name: "allocation-fetch",
    concurrency: 8,
    backoff: { firstMs: 250, maxMs: 5_000 },
    reconcile: async (key) => {
      if (key === everything) {
        loop.sync(await source.allocations(id));
        // Not before the servers have said which allocations there are.
        if (!isSwept) await directories.sweepMounts((name) => loop.entry(name) !== undefined);
        isSwept = true;
        return { kind: "again", afterMs: options.syncMs ?? 30_000, reason: "full list" };
      }
      const desired = await source.allocation(allocationId(key));
      if (desired && desired.allocation.NodeID === id) loop.update(desired);
      else loop.missing(key);
      return { kind: "done" };
    },
  });
  fetches.add(everything);
  const unwatch = source.watch(id, (changed) => {
    for (const key of changed) fetches.add(key);
  });
  return async () => {
    unwatch();
    await fetches.stop();
  };
}
