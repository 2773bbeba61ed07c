import type { ExecRequest } from "../../drivers/port.ts";
import type { TaskUsage, Usage } from "../../model/task-usage.ts";
import type { AllocatedDevice } from "../../model/allocation.ts";
import type { DeviceGroupStats } from "../../model/device.ts";
import type { Node } from "../../model/node.ts";
import { AppError } from "../../lib/errors.ts";
import type { AllocationLoop } from "../allocation-loop.ts";
import { groupOf } from "../core/node/decide-allocation.ts";
import { interpolateText } from "../core/node/interpolate.ts";
import { nodeVariables } from "../core/node/task-environment.ts";
import { withNetwork } from "./group-network.ts";
import { environmentOf } from "./task-spec.ts";
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
  asked: {
    readonly task: string;
    readonly request: ExecRequest & { readonly isOfJob?: boolean };
    readonly signal: AbortSignal;
  },
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
  const { isOfJob, ...request } = asked.request;
  const command = isOfJob ? interpolated(loop, entry, task, request.command) : request.command;
  return driver.exec(task.handle ?? "", { ...request, command }, asked.signal);
}

/** As in the task's own config; what nobody knows stays as it is written. */
function interpolated(
  loop: AllocationLoop,
  entry: AllocationEntry,
  record: TaskRecord,
  words: readonly string[],
): readonly string[] {
  const desired = entry.desired && withNetwork(entry.desired, entry.record);
  const task = desired && groupOf(desired).Tasks.find(({ Name }) => Name === record.name);
  const input = task && loop.specInput(desired, task, record.attempt);
  if (!input) return words;
  const tables = [environmentOf(input), nodeVariables(input.node, input.region)];
  return words.map((word) => interpolateText(word, tables));
}

export async function usageOf(
  loop: AllocationLoop,
  entry: AllocationEntry,
  machine: {
    readonly node: Node;
    readonly deviceStats: () => Promise<readonly DeviceGroupStats[]>;
  },
): Promise<{ readonly [task: string]: TaskUsage }> {
  const running = Object.values(entry.record?.tasks ?? {}).filter((task) => isRunning(task));
  const usages = await Promise.all(
    running.map(async ({ name, handle }) => {
      const driver = driverOf(loop, entry, name);
      const usage = await driver.stats(handle ?? "", AbortSignal.timeout(10_000));
      if (!usage) return [];
      const { Cpu } = machine.node.NodeResources;
      const used = usageInMhz(usage, Cpu.CpuShares / Math.max(1, Cpu.TotalCpuCores));
      const given = entry.desired?.allocation.AllocatedResources.Tasks[name]?.Devices ?? [];
      if (given.length === 0) return [[name, used]] as const;
      const devices = statsOf(given, await machine.deviceStats());
      return [[name, { ...used, devices }]] as const;
    }),
  );
  return Object.fromEntries(usages.flat());
}

function usageInMhz({ processes, ...whole }: TaskUsage, mhzPerCore: number): TaskUsage {
  const measured = <T extends Usage>(usage: T): T => ({
    ...usage,
    cpuTotalTicks: (usage.cpuPercent / 100) * mhzPerCore,
  });
  if (!processes) return measured(whole);
  const each = Object.entries(processes).map(([pid, usage]) => [pid, measured(usage)]);
  return { ...measured(whole), processes: Object.fromEntries(each) };
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
