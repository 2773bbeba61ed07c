import type { ObservedTask, TaskDriver, TaskOwner } from "../../drivers/port.ts";
import type { Clock } from "../../lib/clock.ts";
import { Limiter } from "../../lib/limiter.ts";
import type { Logger } from "../../lib/logger.ts";
import type { Random } from "../../lib/random.ts";
import { ReconcileLoop } from "../../lib/work-queue.ts";
import { classifyFound } from "../core/node/strays.ts";
import type { AllocationRecord } from "../core/node/types.ts";
import type { AllocationSource, DesiredAllocation } from "../ports.ts";

const sweepMs = 60_000;
const stopTimeoutMs = 5_000;

/** How long an agent that is told to stop still waits for the strays that it is clearing: their kill timeout and a bit. */
const finishMs = 10_000;

/** Each may take its whole kill timeout; one after the other, those of a killed dev agent would take minutes. */
const clearedAtOnce = 8;

export interface StraySweepOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly source: AllocationSource;
  readonly drivers: ReadonlyMap<string, TaskDriver>;
  readonly owner: TaskOwner;
  readonly graceMs: number;
  readonly entry: (
    allocationId: string,
  ) => { readonly record: AllocationRecord | undefined } | undefined;
  /** The servers do know this allocation after all. */
  readonly found: (desired: DesiredAllocation) => void;
}

/**
 * Looks for tasks that carry our labels but belong to nothing we know. One is stopped only when it has been a stray
 * for the whole grace and the servers, asked once more, have positively no such allocation on this node.
 */
export function startStraySweep(options: StraySweepOptions): { stop(): Promise<void> } {
  const { clock, random, log, drivers } = options;
  const since = new Map<string, number>();
  const loop = new ReconcileLoop(clock, random, log, {
    name: "stray-sweep",
    concurrency: 2,
    backoff: { firstMs: 1_000, maxMs: sweepMs },
    reconcile: async (name, signal) => {
      const driver = drivers.get(name);
      if (!driver) return { kind: "done" };
      const listed = await driver.list(options.owner, signal);
      const strays = listed.filter((observed) => isStray(options, observed));
      forgetOthers(since, `${name}/`, strays);
      const due = strays.filter((stray) => {
        const key = `${name}/${stray.handle}`;
        const firstMs = since.get(key) ?? clock.monotonicMs();
        since.set(key, firstMs);
        return clock.monotonicMs() - firstMs >= options.graceMs;
      });
      const cleared = await clearAll(options, driver, due, signal);
      for (const one of cleared) if (one.status === "rejected") throw one.reason;
      const afterMs = strays.length > 0 ? Math.min(sweepMs, options.graceMs + 1) : sweepMs;
      return { kind: "again", afterMs, reason: "next sweep" };
    },
  });
  for (const name of drivers.keys()) loop.add(name);
  return { stop: () => loop.stop() };
}

function isStray({ entry }: StraySweepOptions, { key, handle }: ObservedTask): boolean {
  const found = { allocationId: key.allocationId, task: key.task, handle };
  return classifyFound(found, entry(key.allocationId)) !== "ours";
}

function forgetOthers(
  since: Map<string, number>,
  prefix: string,
  strays: readonly ObservedTask[],
): void {
  const kept = new Set(strays.map((stray) => prefix + stray.handle));
  for (const key of since.keys()) if (key.startsWith(prefix) && !kept.has(key)) since.delete(key);
}

/** What has begun is finished: a stray that is stopped and not removed would stay until the next start. */
async function clearAll(
  options: StraySweepOptions,
  driver: TaskDriver,
  due: readonly ObservedTask[],
  signal: AbortSignal,
): Promise<readonly PromiseSettledResult<void>[]> {
  const late = new AbortController();
  let cancel: () => void = () => undefined;
  const stopping = (): void => {
    cancel = options.clock.after(finishMs, () => {
      late.abort(signal.reason);
    });
  };
  signal.addEventListener("abort", stopping, { once: true });
  const limiter = new Limiter(clearedAtOnce);
  const clearOne = async (stray: ObservedTask): Promise<void> => {
    if (!signal.aborted) await clear(options, driver, stray, late.signal);
  };
  try {
    return await Promise.allSettled(due.map((stray) => limiter.run(() => clearOne(stray))));
  } finally {
    signal.removeEventListener("abort", stopping);
    cancel();
  }
}

async function clear(
  options: StraySweepOptions,
  driver: TaskDriver,
  stray: ObservedTask,
  signal: AbortSignal,
): Promise<void> {
  const { source, owner, entry, log } = options;
  const id = stray.key.allocationId;
  if (!entry(id)) {
    const desired = await source.allocation(id);
    if (desired && desired.allocation.NodeID === owner.nodeId) {
      options.found(desired);
      return;
    }
  }
  log.warn(
    { allocationId: id, task: stray.key.task, handle: stray.handle },
    "stopping a stray task",
  );
  await driver.stop(stray.handle, { signal: "", timeoutMs: stopTimeoutMs }, signal);
  await driver.remove(stray.handle, signal);
}
