import type { AllocationAnswer, NodeAnswer } from "../sdk/wire.ts";
import { orFail, type CommandContext } from "./command.ts";
import { untilInterrupted } from "./interrupt.ts";
import { watch } from "./watch.ts";
import { describeDrain, stillRunning, type DrainedAllocation } from "./core/drain-progress.ts";

const wait = "30s";

type Known = ReadonlyMap<string, DrainedAllocation>;

/** How the allocations of a node are; taken before a drain, it lets the monitor tell all that the drain changes. */
export async function lookAtNode(context: CommandContext, id: string): Promise<Known> {
  const { value } = await orFail(
    "Error retrieving allocations",
    context.client.get<readonly AllocationAnswer[] | null>(`/v1/node/${id}/allocations`),
  );
  return byId((value ?? []).map(drained));
}

/** Watches a node until its drain has ended and nothing runs there any more. Ctrl-C ends the watching, not the drain. */
export async function monitorDrain(
  context: CommandContext,
  id: string,
  options: { readonly ignoreSystem: boolean; readonly before: Known | undefined },
): Promise<number> {
  const say = (text: string): void => {
    context.ui.output(`${context.time.now()}: ${text}`);
  };
  await untilInterrupted(context.ports, async (signal) => {
    const eye = { context, id, say, signal };
    await orFail(
      "Error monitoring drain",
      Promise.all([watchNode(eye), watchAllocations(eye, options)]),
    );
    say(`All allocations on node "${id}" have stopped`);
  });
  return 0;
}

interface Watch {
  readonly context: CommandContext;
  readonly id: string;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

async function watchNode({ context, id, say, signal }: Watch): Promise<void> {
  const answers = watch<NodeAnswer>(context, `/v1/node/${id}`, { query: {}, wait, signal });
  for await (const { value } of answers) {
    if (value.DrainStrategy) continue;
    say(`Drain complete for node ${id}`);
    return;
  }
}

async function watchAllocations(
  { context, id, say, signal }: Watch,
  { ignoreSystem, before }: { readonly ignoreSystem: boolean; readonly before: Known | undefined },
): Promise<void> {
  let known = before ?? byId([]);
  const answers = watch<readonly AllocationAnswer[] | null>(context, `/v1/node/${id}/allocations`, {
    query: {},
    wait,
    signal,
  });
  for await (const { value } of answers) {
    const now = (value ?? []).map(drained);
    for (const line of describeDrain(known, now)) say(line);
    if (stillRunning(now, ignoreSystem) === 0) return;
    known = byId(now);
  }
}

const byId = (allocations: readonly DrainedAllocation[]): Known =>
  new Map(allocations.map((allocation) => [allocation.id, allocation]));

const drained = (allocation: AllocationAnswer): DrainedAllocation => ({
  id: allocation.ID,
  client: allocation.ClientStatus,
  migrating: allocation.DesiredTransition?.Migrate === true,
  desired: allocation.DesiredStatus ?? "run",
  isSystem: allocation.Job?.Type === "system",
});
