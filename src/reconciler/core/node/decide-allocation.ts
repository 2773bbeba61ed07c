import { assertNever } from "../../../lib/errors.ts";
import type { Task, TaskGroup } from "../../../model/job.ts";
import { clientStatusOf } from "./client-status.ts";
import { decideHealth } from "./health.ts";
import { decideGroupEnd, isGateOpen, nextToStop, roleOf } from "./lifecycle.ts";
import type { KillReason } from "./lifecycle.ts";
import { afterNetwork, isNetworkReady, moveNetwork, networkActions } from "./group-network.ts";
import { isPaused } from "./pause.ts";
import * as events from "./task-events.ts";
import { afterObservation, afterOutcome, kill, note } from "./task-steps.ts";
import type { StepContext } from "./task-steps.ts";
import { wholeGroup } from "./types.ts";
import { withdrawalAwaitedUntil, withWithdrawal } from "./withdrawal.ts";
import type { AllocationRecord, Decision, DecisionInput, TaskAction, TaskRecord } from "./types.ts";

const maxKillTimeoutNs = 30e9;
type Tasks = { readonly [task: string]: TaskRecord };

/**
 * One look at one allocation on its node: what was heard and seen goes into the record, the record says what to do.
 * 1. Nothing is stopped, replaced or failed on an unknown observation.
 * 2. An attempt that runs keeps its hash; a changed job takes effect with the next attempt.
 * 3. A task never starts while something of its last attempt is left, nor before its gate is open.
 * 4. What is killed stays killed.
 * 5. Services leave the catalogue first, then come the group's delay, the tasks' delays, the signal and the kill.
 */
export function decideAllocation(input: DecisionInput): Decision {
  const group = groupOf(input);
  const heard = hearAndSee(input, group, input.record.tasks);
  const networked = afterNetwork(input, group, { ...input.record, tasks: heard });
  const ended = endGroup(input, group, networked);
  const due = dueStop(input, group, withWithdrawal(input, group, ended));
  const moved = moveNetwork(input, group, move(input, group, due));
  const { health, messages, wakeAtNs } = decideHealth({ ...input, group, record: moved });
  const record = tellUnhealthy({ ...moved, health }, messages, input.nowNs);
  const actions = [
    ...networkActions(record, input.busy.get(wholeGroup), input.nowNs),
    ...group.Tasks.flatMap((task) => actionsFor(input, task, record)),
  ];
  return {
    record,
    actions,
    ...clientStatusOf(record),
    wakeAtNs: earliest([wakeAtNs, ...wakeUps(input, group, record)], input.nowNs),
    isOver: isOver(record),
  };
}

/** Every task is dead, and nothing of the allocation is left in an engine. */
export const isOver = ({ tasks, network }: AllocationRecord): boolean =>
  network === undefined &&
  Object.values(tasks).every((task) => task.phase === "dead" && task.handle === undefined);

export function groupOf({ allocation, job }: Pick<DecisionInput, "allocation" | "job">): TaskGroup {
  const group = job.TaskGroups.find((candidate) => candidate.Name === allocation.TaskGroup);
  if (!group) throw new Error(`job ${job.ID} has no group ${allocation.TaskGroup}`);
  return group;
}

/** Every task that the group is there for runs, and nobody has asked it to end. */
export function isRunningFully(
  desired: Pick<DecisionInput, "allocation" | "job">,
  record: AllocationRecord,
): boolean {
  if (desired.allocation.DesiredStatus !== "run" || record.isEnding) return false;
  return groupOf(desired).Tasks.every((task) => {
    const isLasting = roleOf(task) === "main" || roleOf(task) === "sidecar";
    return !isLasting || record.tasks[task.Name]?.state.State === "running";
  });
}

function contextOf(input: DecisionInput, group: TaskGroup, task: Task): StepContext {
  const { job, nowNs, fraction } = input;
  return { task, group, jobType: job.Type, nowNs, fraction };
}

function mapTasks(
  group: TaskGroup,
  tasks: Tasks,
  change: (task: Task, record: TaskRecord) => TaskRecord,
): Tasks {
  const changed: Record<string, TaskRecord> = { ...tasks };
  for (const task of group.Tasks) {
    const record = changed[task.Name];
    if (record) changed[task.Name] = change(task, record);
  }
  return changed;
}

function hearAndSee(input: DecisionInput, group: TaskGroup, tasks: Tasks): Tasks {
  return mapTasks(group, tasks, (task, record) => {
    const context = contextOf(input, group, task);
    let current = record;
    for (const outcome of input.outcomes)
      if (outcome.task === task.Name) current = afterOutcome(current, outcome, context);
    const seen = input.observed.get(task.Name);
    return seen ? afterObservation(current, seen, context) : current;
  });
}

const isToStop = (input: DecisionInput): boolean => input.allocation.DesiredStatus !== "run";
const skipsDelay = (input: DecisionInput): boolean =>
  input.allocation.DesiredTransition.NoShutdownDelay === true;

/** The servers want the group gone: its delay begins when nobody finds its services any more. */
function dueStop(
  input: DecisionInput,
  group: TaskGroup,
  record: AllocationRecord,
): AllocationRecord {
  const { nowNs } = input;
  if (!isToStop(input) || record.stopDueNs !== undefined) return record;
  if (withdrawalAwaitedUntil(record, nowNs) !== undefined) return record;
  const delayNs = skipsDelay(input) ? 0 : (group.ShutdownDelay ?? 0);
  return { ...record, stopDueNs: nowNs + delayNs };
}

/** Decides that the group goes by itself, or because its time is up. */
function endGroup(
  input: DecisionInput,
  group: TaskGroup,
  record: AllocationRecord,
): AllocationRecord {
  const { nowNs } = input;
  if (isToStop(input)) return record;
  const endNs = maxRunEnd(input, group);
  if (endNs !== undefined && nowNs >= endNs && !isAllDead(record))
    return { ...record, isOverMaxRunDuration: true, isEnding: true };
  const end = record.isEnding ? undefined : decideGroupEnd(group.Tasks, record.tasks);
  if (!end) return record;
  const body = endEvent(end.reason);
  const told = mapTasks(group, record.tasks, (task, current) =>
    end.tasks.includes(task.Name) ? note(current, body, nowNs) : current,
  );
  return { ...record, tasks: told, isEnding: true };
}

const isAllDead = (record: AllocationRecord): boolean =>
  Object.values(record.tasks).every((task) => task.phase === "dead");

function maxRunEnd({ allocation }: DecisionInput, group: TaskGroup): number | undefined {
  const limit = group.MaxRunDuration;
  return limit === null || limit <= 0 ? undefined : allocation.CreateTime + limit;
}

function endEvent(reason: KillReason): events.EventBody {
  switch (reason.kind) {
    case "sibling-failed":
      return events.siblingFailed(reason.sibling);
    case "leader-dead":
      return events.leaderDead();
    case "main-tasks-dead":
      return events.mainTasksDead();
    default:
      return assertNever(reason);
  }
}

/** Moves every task on by its own clock: kills what has to go, lets start what is due. */
function move(input: DecisionInput, group: TaskGroup, record: AllocationRecord): AllocationRecord {
  const isStopDue = record.stopDueNs !== undefined && record.stopDueNs <= input.nowNs;
  const isAwaited = withdrawalAwaitedUntil(record, input.nowNs) !== undefined;
  const isGoing = (record.isEnding && !isAwaited) || (isToStop(input) && isStopDue);
  let tasks = record.tasks;
  for (let doomed = doomedOf(group, record, tasks, isGoing); doomed.length > 0;) {
    tasks = mapTasks(group, tasks, (task, current) =>
      doomed.includes(task.Name)
        ? kill(current, contextOf(input, group, task), {
            timeoutNs: killTimeout(task),
            skipsDelay: skipsDelay(input),
          })
        : current,
    );
    const next = doomedOf(group, record, tasks, isGoing);
    // Tasks that had nothing to stop are dead at once, and then it is the next ones' turn.
    if (next.join("\n") === doomed.join("\n")) break;
    doomed = next;
  }
  const isHeld = isToStop(input) || record.isEnding || !isNetworkReady(group, record);
  return { ...record, tasks: startDue(input, group, tasks, isHeld) };
}

function doomedOf(
  group: TaskGroup,
  record: AllocationRecord,
  tasks: Tasks,
  isGoing: boolean,
): readonly string[] {
  if (!isGoing) return [];
  const next = nextToStop(group.Tasks, tasks);
  if (next.length > 0 || !record.isOverMaxRunDuration) return next;
  return group.Tasks.filter((task) => tasks[task.Name]?.phase !== "dead").map((task) => task.Name);
}

function startDue(input: DecisionInput, group: TaskGroup, tasks: Tasks, isHeld: boolean): Tasks {
  const { nowNs } = input;
  return mapTasks(group, tasks, (task, record) => {
    if (record.phase === "delaying" && (record.dueNs ?? 0) <= nowNs)
      return { ...record, phase: "stopping", dueNs: undefined };
    // What runs at the end of a group is not to be held: the group would never end.
    if ((isHeld || isPaused(record)) && roleOf(task) !== "poststop") return record;
    // One whose image could not be had waits between two attempts and has not started either.
    if (!input.isPredecessorGone) return record;
    if (record.phase === "waiting") {
      if ((record.dueNs ?? 0) > nowNs || record.handle !== undefined) return record;
      return {
        ...record,
        phase: "starting",
        attempt: record.attempt + 1,
        specHash: undefined,
        dueNs: undefined,
      };
    }
    if (record.phase !== "pending") return record;
    const isOpen = isGateOpen(task, group.Tasks, tasks);
    return isOpen ? { ...record, phase: "starting", specHash: undefined } : record;
  });
}

function tellUnhealthy(
  record: AllocationRecord,
  messages: { readonly [task: string]: string } | undefined,
  nowNs: number,
): AllocationRecord {
  if (!messages) return record;
  const tasks: Record<string, TaskRecord> = {};
  for (const [name, task] of Object.entries(record.tasks))
    tasks[name] = note(task, events.allocUnhealthy(messages[name] ?? ""), nowNs);
  return { ...record, tasks };
}

export function killTimeout(task: Task): number {
  return Math.min(task.KillTimeout > 0 ? task.KillTimeout : 5e9, maxKillTimeoutNs);
}

function actionsFor(
  input: DecisionInput,
  task: Task,
  group: AllocationRecord,
): readonly TaskAction[] {
  const record = group.tasks[task.Name];
  if (!record) return [];
  const busy = input.busy.get(task.Name);
  if (busy) {
    const isStarting = busy.doing === "start" && busy.untilNs === undefined;
    if (isStarting && record.phase === "stopping")
      return [{ kind: "cancel-start", task: task.Name }];
    if (busy.untilNs === undefined || busy.untilNs > input.nowNs) return [];
  }
  switch (record.phase) {
    case "starting":
      return [{ kind: "start", task: task.Name, attempt: record.attempt }];
    case "stopping":
      // A restart closes the port as well.
      if (record.restartAsked && withdrawalAwaitedUntil(group, input.nowNs) !== undefined)
        return [];
      return [
        {
          kind: "stop",
          task: task.Name,
          handle: record.handle,
          signal: task.KillSignal,
          timeoutMs: Math.round(killTimeout(task) / 1e6),
        },
      ];
    case "waiting":
    case "dead":
      return record.handle === undefined
        ? []
        : [{ kind: "remove", task: task.Name, handle: record.handle }];
    case "pending":
    case "running":
    case "delaying":
      return [];
    default:
      return assertNever(record.phase);
  }
}

function wakeUps(
  input: DecisionInput,
  group: TaskGroup,
  record: AllocationRecord,
): (number | undefined)[] {
  const pauses = [...input.busy.values()].map((busy) => busy.untilNs);
  const dues = Object.values(record.tasks).map((task) => task.dueNs);
  const limit = isAllDead(record) ? undefined : maxRunEnd(input, group);
  const awaited = withdrawalAwaitedUntil(record, input.nowNs);
  return [...pauses, ...dues, record.stopDueNs, limit, awaited];
}

function earliest(times: readonly (number | undefined)[], nowNs: number): number | undefined {
  const future = times.filter((time) => time !== undefined && time > nowNs && time < Infinity);
  return future.length === 0 ? undefined : Math.min(...future.filter((time) => time !== undefined));
}
