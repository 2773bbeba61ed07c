import { sleep } from "../lib/clock.ts";
import type { AllocationAnswer, AllocationListStub } from "../sdk/wire.ts";
import type { CommandContext } from "./command.ts";
import { shortId } from "./core/values.ts";

const pollMs = 1_000;

export interface RestartOptions {
  readonly "all-tasks": boolean;
  readonly "no-shutdown-delay": boolean;
  readonly reschedule: boolean;
  readonly task: readonly string[];
  readonly verbose: boolean;
}

/** Restarts the tasks of one allocation, or waits until another allocation runs in its place. */
export async function restartAllocation(
  context: CommandContext,
  allocation: AllocationListStub,
  options: RestartOptions,
): Promise<void> {
  const say = (text: string): void => {
    context.ui.output(`    ${context.time.now()}: ${text}`);
  };
  const short = (id: string): string => JSON.stringify(shortId(id, options.verbose));
  const where = `allocation ${short(allocation.ID)} for group ${JSON.stringify(allocation.TaskGroup)}`;
  if (options.reschedule) {
    say(`Rescheduling ${where}`);
    await context.client.put(
      `/v1/allocation/${allocation.ID}/stop`,
      {},
      { no_shutdown_delay: options["no-shutdown-delay"] },
    );
    const next = await successor(context, allocation.ID);
    say(`Allocation ${short(allocation.ID)} replaced by ${short(next)}`);
    await running(context, next);
    say(`Allocation ${short(next)} is "running"`);
    return;
  }
  const restart = (TaskName: string): Promise<unknown> =>
    context.client.put(`/v1/client/allocation/${allocation.ID}/restart`, {
      TaskName,
      AllTasks: options["all-tasks"],
    });
  if (options.task.length === 0) {
    say(`Restarting ${options["all-tasks"] ? "all" : "running"} tasks in ${where}`);
    await restart("");
  }
  for (const task of options.task.filter((name) => name in (allocation.TaskStates ?? {}))) {
    say(`Restarting task ${JSON.stringify(task)} in ${where}`);
    await restart(task);
  }
}

/** The scheduler names the successor as soon as it has placed one. */
async function successor(context: CommandContext, id: string): Promise<string> {
  for (;;) {
    const { NextAllocation } = await read(context, id);
    if (NextAllocation) return NextAllocation;
    await sleep(context.ports.clock, pollMs);
  }
}

async function running(context: CommandContext, id: string): Promise<void> {
  for (;;) {
    const { ClientStatus } = await read(context, id);
    if (ClientStatus === "running") return;
    if (ClientStatus !== "pending")
      throw new Error(`its successor "${shortId(id, false)}" is ${ClientStatus}`);
    await sleep(context.ports.clock, pollMs);
  }
}

const read = async (context: CommandContext, id: string): Promise<AllocationAnswer> =>
  (await context.client.get<AllocationAnswer>(`/v1/allocation/${id}`)).value;
