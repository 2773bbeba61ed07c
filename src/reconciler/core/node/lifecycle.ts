import type { Task } from "../../../model/job.ts";
import type { TaskRecord } from "./types.ts";

export type TaskRole = "prestart" | "sidecar" | "main" | "poststart" | "poststop";

/** The part a task plays in its group. A sidecar of either hook is a sidecar. */
export function roleOf(task: Task): TaskRole {
  const lifecycle = task.Lifecycle;
  if (!lifecycle) return "main";
  if (lifecycle.Hook === "poststop") return "poststop";
  if (lifecycle.Sidecar) return "sidecar";
  return lifecycle.Hook === "prestart" ? "prestart" : "poststart";
}

type Records = { readonly [task: string]: TaskRecord };
interface Member {
  readonly task: Task;
  readonly record: TaskRecord;
}

/** True when everything that has to come before `task` has come. */
export function isGateOpen(task: Task, tasks: readonly Task[], records: Records): boolean {
  const others = membersOf(tasks, records).filter((member) => member.task.Name !== task.Name);
  switch (task.Lifecycle?.Hook) {
    case "prestart":
      return true;
    case "poststart":
      return others.every(({ task: other, record }) => roleOf(other) !== "main" || hasRun(record));
    case "poststop":
      return others.every(
        ({ task: other, record }) => roleOf(other) === "poststop" || record.phase === "dead",
      );
    case undefined:
    default:
      return others.every(({ task: other, record }) => isPrestartDone(other, record));
  }
}

function isPrestartDone(task: Task, record: TaskRecord): boolean {
  if (task.Lifecycle?.Hook !== "prestart") return true;
  return task.Lifecycle.Sidecar
    ? record.state.State === "running"
    : record.phase === "dead" && !record.state.Failed;
}

const hasRun = (record: TaskRecord): boolean => record.state.State !== "pending";

export function membersOf(tasks: readonly Task[], records: Records): readonly Member[] {
  return tasks.flatMap((task) => {
    const record = records[task.Name];
    return record ? [{ task, record }] : [];
  });
}

export type KillReason =
  | { readonly kind: "sibling-failed"; readonly sibling: string }
  | { readonly kind: "leader-dead" }
  | { readonly kind: "main-tasks-dead" };

/** Why the tasks that still live have to go because of the ones that died, if so, and which. */
export function decideGroupEnd(
  tasks: readonly Task[],
  records: Records,
): { readonly reason: KillReason; readonly tasks: readonly string[] } | undefined {
  const members = membersOf(tasks, records).filter(({ task }) => roleOf(task) !== "poststop");
  const living = members.filter(({ record }) => record.phase !== "dead");
  const names = living.map(({ task }) => task.Name);
  const failed = members.find(({ record }) => record.phase === "dead" && record.state.Failed);
  if (living.length === 0) return undefined;
  if (failed)
    return { reason: { kind: "sibling-failed", sibling: failed.task.Name }, tasks: names };
  if (members.some(({ task, record }) => task.Leader && record.phase === "dead"))
    return { reason: { kind: "leader-dead" }, tasks: names };
  const hasMain = members.some(({ task }) => roleOf(task) === "main");
  const isMainLeft = members.some(
    ({ task, record }) => roleOf(task) !== "sidecar" && record.phase !== "dead",
  );
  return hasMain && !isMainLeft ? { reason: { kind: "main-tasks-dead" }, tasks: names } : undefined;
}

/**
 * Which tasks of a stopping group may be stopped now: the leader alone first, then the others, sidecars last.
 * poststop tasks are never stopped by this.
 */
export function nextToStop(tasks: readonly Task[], records: Records): readonly string[] {
  const living = membersOf(tasks, records).filter(
    ({ task, record }) => roleOf(task) !== "poststop" && record.phase !== "dead",
  );
  const leader = living.filter(({ task }) => task.Leader);
  const mains = living.filter(({ task }) => roleOf(task) !== "sidecar");
  const first = leader.length > 0 ? leader : mains.length > 0 ? mains : living;
  return first.map(({ task }) => task.Name);
}
