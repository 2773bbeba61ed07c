import type { ObservedTask, TaskDriver, TaskOwner } from "../../drivers/port.ts";
import type { Clock } from "../../lib/clock.ts";
import { errorText } from "../../lib/errors.ts";
import type { Logger } from "../../lib/logger.ts";
import type { Random } from "../../lib/random.ts";
import { ReconcileLoop } from "../../lib/work-queue.ts";
import { groupOf } from "../core/node/decide-allocation.ts";
import { wholeGroup } from "../core/node/types.ts";
import type { Observation, SeenTask } from "../core/node/types.ts";
import type { DesiredAllocation } from "../ports.ts";
import type { AllocationEntry } from "./entry.ts";
import { lookAtNetwork } from "./group-network.ts";
import { seenTask } from "./task-operations.ts";

/** What each engine carried under our labels when the agent started; undefined until it could be asked. */
export interface StartupSurvey {
  of(driver: string): readonly ObservedTask[] | undefined;
  stop(): Promise<void>;
}

/** Asks every engine once, and again until it answers: nothing new starts on an engine that was not asked. */
export function startSurvey(options: {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly drivers: ReadonlyMap<string, TaskDriver>;
  readonly owner: TaskOwner;
  readonly surveyed: (driver: string) => void;
}): StartupSurvey {
  const found = new Map<string, readonly ObservedTask[]>();
  const loop = new ReconcileLoop(options.clock, options.random, options.log, {
    name: "startup-survey",
    concurrency: 4,
    backoff: { firstMs: 250, maxMs: 5_000 },
    reconcile: async (name, signal) => {
      const listed = await options.drivers.get(name)?.list(options.owner, signal);
      found.set(name, listed ?? []);
      options.surveyed(name);
      return { kind: "done" };
    },
  });
  for (const name of options.drivers.keys()) loop.add(name);
  return { of: (driver) => found.get(driver), stop: () => loop.stop() };
}

/**
 * Looks at every task that should be running, and at their network. An engine that does not answer says nothing about
 * its tasks.
 */
export async function lookAtAllocation(
  entry: AllocationEntry,
  desired: DesiredAllocation,
  {
    drivers,
    owner,
  }: {
    readonly drivers: ReadonlyMap<string, TaskDriver>;
    readonly owner: TaskOwner;
  },
): Promise<ReadonlyMap<string, Observation>> {
  const seen = new Map<string, Observation>();
  const record = entry.record;
  const tasks = groupOf(desired).Tasks;
  const looks = Object.values(record?.tasks ?? {}).map(async (task) => {
    const driver = drivers.get(tasks.find(({ Name }) => Name === task.name)?.Driver ?? "");
    const isWatched = task.phase === "running" || task.phase === "delaying";
    if (!isWatched || task.handle === undefined || !driver) return;
    const observed = await lookAt(driver, task.handle);
    seen.set(task.name, observed);
    if (observed.kind !== "seen") return;
    if (observed.network) entry.networks.set(task.name, observed.network);
    else entry.networks.delete(task.name);
  });
  const lookAtOwn = async (): Promise<void> => {
    if (record?.network?.phase !== "ready" || entry.busy.has(wholeGroup)) return;
    const network = await lookAtNetwork(desired, drivers, owner);
    if (network) seen.set(wholeGroup, network);
  };
  await Promise.all([...looks, lookAtOwn()]);
  return seen;
}

const lookTimeoutMs = 10_000;

async function lookAt(driver: TaskDriver, handle: string): Promise<Observation> {
  try {
    const observed = await driver.inspect(handle, AbortSignal.timeout(lookTimeoutMs));
    return observed ? seenTask(observed) : { kind: "gone" };
  } catch (thrown) {
    // Whatever went wrong with the question, it is no evidence that the task is gone.
    return { kind: "unknown", reason: errorText(thrown) };
  }
}

export function foundTasks(
  desired: DesiredAllocation,
  found: readonly ObservedTask[],
): readonly (SeenTask & { readonly task: string })[] {
  return found
    .filter(({ key }) => key.allocationId === desired.allocation.ID)
    .map((observed) => ({ ...seenTask(observed), task: observed.key.task }));
}
