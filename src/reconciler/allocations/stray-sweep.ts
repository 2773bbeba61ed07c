import type { TaskDriver, TaskOwner } from "../../drivers/port.ts";
import type { Clock } from "../../lib/clock.ts";
import { Limiter } from "../../lib/limiter.ts";
import type { Logger } from "../../lib/logger.ts";
import type { Random } from "../../lib/random.ts";
import { ReconcileLoop } from "../../lib/work-queue.ts";
import type { AllocationId } from "../../model/ids.ts";
import { isOver } from "../core/node/decide-allocation.ts";
import { classifyFound } from "../core/node/strays.ts";
import { wholeGroup } from "../core/node/types.ts";
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
      if (driver?.strays?.isEnabled === false || !driver) return { kind: "done" };
      const graceMs = driver.strays?.graceMs ?? options.graceMs;
      const periodMs = driver.strays?.periodMs ?? sweepMs;
      const strays = [
        ...(await strayTasks(options, driver, signal)),
        ...(await strayNetworks(options, driver, signal)),
      ];
      forgetOthers(since, `${name}/`, strays);
      const due = strays.filter((stray) => {
        const key = `${name}/${stray.handle}`;
        const firstMs = since.get(key) ?? clock.monotonicMs();
        since.set(key, firstMs);
        return clock.monotonicMs() - firstMs >= graceMs;
      });
      if (driver.strays?.isDryRun === true) {
        tellOnly(log, due);
        return { kind: "again", afterMs: periodMs, reason: "next sweep" };
      }
      const cleared = await clearAll(options, due, signal);
      for (const one of cleared) if (one.status === "rejected") throw one.reason;
      const afterMs = strays.length > 0 ? Math.min(periodMs, graceMs + 1) : periodMs;
      return { kind: "again", afterMs, reason: "next sweep" };
    },
  });
  for (const name of drivers.keys()) loop.add(name);
  return { stop: () => loop.stop() };
}

function tellOnly(log: Logger, due: readonly Stray[]): void {
  for (const { allocationId, task, handle } of due)
    log.info({ allocationId, task, handle }, "a stray task is left alone: dry_run is on");
}

/** Something of ours in an engine that belongs to no allocation we know. */
interface Stray {
  readonly allocationId: AllocationId;
  readonly task: string;
  readonly handle: string;
  readonly clear: (signal: AbortSignal) => Promise<void>;
}

async function strayTasks(
  { entry, owner }: StraySweepOptions,
  driver: TaskDriver,
  abort: AbortSignal,
): Promise<readonly Stray[]> {
  const listed = await driver.list(owner, abort);
  return listed
    .map(({ key, handle }) => ({ ...key, handle }))
    .filter((found) => classifyFound(found, entry(found.allocationId)) !== "ours")
    .map((found) => ({
      ...found,
      clear: async (signal) => {
        const options = { signal: "", timeoutMs: stopTimeoutMs };
        await driver.stop(found.handle, options, signal);
        await driver.remove(found.handle, signal);
      },
    }));
}

/** What is left of networks whose allocation is unknown, or has ended and given its network back. */
async function strayNetworks(
  { entry, owner }: StraySweepOptions,
  { networks }: TaskDriver,
  abort: AbortSignal,
): Promise<readonly Stray[]> {
  const listed = (await networks?.list(owner, abort)) ?? [];
  return listed
    .filter((id) => {
      const known = entry(id);
      return known === undefined || (known.record !== undefined && isOver(known.record));
    })
    .map((allocationId) => ({
      allocationId,
      task: wholeGroup,
      handle: `network ${allocationId}`,
      clear: async (signal) => networks?.remove(allocationId, owner, signal),
    }));
}

function forgetOthers(since: Map<string, number>, prefix: string, strays: readonly Stray[]): void {
  const kept = new Set(strays.map((stray) => prefix + stray.handle));
  for (const key of since.keys()) if (key.startsWith(prefix) && !kept.has(key)) since.delete(key);
}

/** What has begun is finished: a stray that is stopped and not removed would stay until the next start. */
async function clearAll(
  options: StraySweepOptions,
  due: readonly Stray[],
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
  const clearOne = async (stray: Stray): Promise<void> => {
    if (!signal.aborted) await clear(options, stray, late.signal);
  };
  try {
    return await Promise.allSettled(due.map((stray) => limiter.run(() => clearOne(stray))));
  } finally {
    signal.removeEventListener("abort", stopping);
    cancel();
  }
}

async function clear(options: StraySweepOptions, stray: Stray, signal: AbortSignal): Promise<void> {
  const { source, owner, entry, log } = options;
  const { allocationId: id, task, handle } = stray;
  if (!entry(id)) {
    const desired = await source.allocation(id);
    if (desired && desired.allocation.NodeID === owner.nodeId) {
      options.found(desired);
      return;
    }
  }
  log.warn({ allocationId: id, task, handle }, "stopping a stray task");
  await stray.clear(signal);
}
