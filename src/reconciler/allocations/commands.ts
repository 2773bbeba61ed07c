import type { ExecRequest } from "../../drivers/port.ts";
import type { TaskUsage } from "../../model/task-usage.ts";
import type { AllocatedDevice } from "../../model/allocation.ts";
import type { DeviceGroupStats } from "../../model/device.ts";
import { AppError } from "../../lib/errors.ts";
import type { AllocationLoop } from "../allocation-loop.ts";
import { groupOf } from "../core/node/decide-allocation.ts";
import { isPaused } from "../core/node/pause.ts";
import type { TaskRecord } from "../core/node/types.ts";
import type { AllocationEntry } from "./entry.ts";
import type { CommandSession } from "../../lib/command-session.ts";

/** Asks for a restart of one task or of all running ones; the next turn does it. */
export function restartTasks(
  loop: AllocationLoop,
  entry: AllocationEntry,
  options: { readonly task: string | null; readonly all: boolean },
): void {
  const reason =
    options.task !== null
      ? "User requested task to restart"
      : options.all
        ? "User requested all tasks to restart"
        : "User requested running tasks to restart";
  const running = chosen(entry, options.task);
  const held = running.find((task) => isPaused(task));
  if (held) throw new AppError("conflict", `task "${held.name}" is paused: resume it first`);
  const revivesDead = options.all && options.task === null;
  const tasks = revivesDead ? Object.values(entry.record?.tasks ?? {}) : running;
  for (const task of tasks)
    loop.tell(entry.id, {
      kind: "restart-asked",
      task: task.name,
      request: { reason, countsAsFailure: false, revivesDead },
    });
}

/** Holds the starts of a task, or lets them go on; the next turn does it. */
export function pauseTask(
  loop: AllocationLoop,
  entry: AllocationEntry,
  asked: { readonly task: string; readonly isPaused: boolean },
): void {
  if (recordOf(entry, asked.task).phase === "dead")
    throw new AppError("conflict", `task "${asked.task}" has ended`);
  loop.tell(entry.id, { kind: "pause-asked", ...asked });
}

export const isTaskPaused = (entry: AllocationEntry, task: string): boolean =>
  isPaused(recordOf(entry, task));

function recordOf(entry: AllocationEntry, task: string): TaskRecord {
  const record = entry.record?.tasks[task];
  if (!record) throw new AppError("not-found", `Could not find task ${task}`);
  return record;
}

/** Sends a signal to one task or to all running ones. */
export async function signalTasks(
  loop: AllocationLoop,
  entry: AllocationEntry,
  options: { readonly task: string | null; readonly signal: string },
): Promise<void> {
  for (const task of chosen(entry, options.task)) {
    const driver = driverOf(loop, entry, task.name);
    loop.tell(entry.id, { kind: "signalled", task: task.name, signal: options.signal });
    if (task.handle !== undefined)
      await driver.signal(task.handle, options.signal, AbortSignal.timeout(10_000));
  }
}

/** Runs a command inside a running task. */
export async function execInTask(
  loop: AllocationLoop,
  entry: AllocationEntry,
  asked: { readonly task: string; readonly request: ExecRequest; readonly signal: AbortSignal },
): Promise<CommandSession> {
  const task = entry.record?.tasks[asked.task];
  if (!task) throw new AppError("not-found", `Could not find task ${asked.task}`);
  if (!isRunning(task)) throw new AppError("conflict", `task "${asked.task}" is not running.`);
  const driver = driverOf(loop, entry, asked.task);
  if (!driver.exec)
    throw new AppError(
      "unsupported",
      `the driver ${driver.name} runs no commands inside its tasks`,
    );
  return driver.exec(task.handle ?? "", asked.request, asked.signal);
}

export async function usageOf(
  loop: AllocationLoop,
  entry: AllocationEntry,
  deviceStats: () => Promise<readonly DeviceGroupStats[]>,
): Promise<{ readonly [task: string]: TaskUsage }> {
  const running = Object.values(entry.record?.tasks ?? {}).filter((task) => isRunning(task));
  const usages = await Promise.all(
    running.map(async ({ name, handle }) => {
      const driver = driverOf(loop, entry, name);
      const usage = await driver.stats(handle ?? "", AbortSignal.timeout(10_000));
      if (!usage) return [];
      const given = entry.desired?.allocation.AllocatedResources.Tasks[name]?.Devices ?? [];
      if (given.length === 0) return [[name, usage]] as const;
      return [[name, { ...usage, devices: statsOf(given, await deviceStats()) }]] as const;
    }),
  );
  return Object.fromEntries(usages.flat());
}

function statsOf(
  given: readonly AllocatedDevice[],
  groups: readonly DeviceGroupStats[],
): readonly DeviceGroupStats[] {
  const ids = new Set(given.flatMap(({ DeviceIDs }) => DeviceIDs));
  return groups.flatMap((group) => {
    const own = Object.entries(group.InstanceStats).filter(([id]) => ids.has(id));
    return own.length > 0 ? [{ ...group, InstanceStats: Object.fromEntries(own) }] : [];
  });
}

const isRunning = (task: TaskRecord): boolean =>
  task.state.State === "running" && task.handle !== undefined;

function chosen(entry: AllocationEntry, task: string | null): readonly TaskRecord[] {
  const tasks = entry.record?.tasks ?? {};
  if (task === null) {
    const running = Object.values(tasks).filter(isRunning);
    if (running.length === 0) throw new AppError("conflict", "Task not running");
    return running;
  }
  const record = tasks[task];
  if (!record) throw new AppError("not-found", `Could not find task ${task}`);
  if (!isRunning(record)) throw new AppError("conflict", "Task not running");
  return [record];
}

function driverOf(
  loop: AllocationLoop,
  entry: AllocationEntry,
  name: string,
): ReturnType<AllocationLoop["driverOf"]> {
  const task = entry.desired && groupOf(entry.desired).Tasks.find(({ Name }) => Name === name);
  if (!task) throw new AppError("not-found", `Could not find task ${name}`);
  return loop.driverOf(task);
}
