import type { Allocation, TaskState } from "../../../model/allocation.ts";
import type { TaskGroup } from "../../../model/job.ts";
import * as events from "./task-events.ts";
import type { AllocationRecord, SeenTask, TaskRecord } from "./types.ts";

const freshState: TaskState = {
  State: "pending",
  Failed: false,
  Restarts: 0,
  LastRestart: null,
  StartedAt: null,
  FinishedAt: null,
  Events: [],
};

/**
 * The first record of an allocation: a new one, or rebuilt from the servers' copy and from what the engine carries
 * under its labels when the node has lost its memory. What has ended already never starts again.
 */
export function firstRecord(
  allocation: Allocation,
  group: TaskGroup,
  found: readonly (SeenTask & { readonly task: string })[],
  nowNs: number,
): AllocationRecord {
  const tasks: Record<string, TaskRecord> = {};
  for (const task of group.Tasks) {
    const newest = found
      .filter((seen) => seen.task === task.Name && seen.state !== "created")
      .reduce<SeenTask | undefined>(
        (best, seen) => (best && best.attempt > seen.attempt ? best : seen),
        undefined,
      );
    tasks[task.Name] = firstTask(task.Name, allocation, newest, nowNs);
  }
  return {
    tasks,
    health: undefined,
    stopDueNs: undefined,
    isEnding: false,
    isOverMaxRunDuration: false,
  };
}

function firstTask(
  name: string,
  allocation: Allocation,
  seen: SeenTask | undefined,
  nowNs: number,
): TaskRecord {
  const known = allocation.TaskStates?.[name];
  const isEnded =
    known?.State === "dead" ||
    allocation.ClientStatus === "complete" ||
    allocation.ClientStatus === "failed";
  const state = known ?? events.withEvent(freshState, events.received(), nowNs);
  const base = {
    name,
    attempt: seen?.attempt ?? state.Restarts,
    specHash: seen?.specHash,
    handle: seen?.handle,
    restarts: { count: 0, windowStartNs: nowNs },
    dueNs: undefined,
    isKilled: false,
    restartAsked: undefined,
    isSetUp: known?.Events.some((event) => event.Type === "Task Setup") ?? false,
  };
  if (isEnded)
    return {
      ...base,
      phase: "dead",
      state: { ...state, State: "dead" },
    };
  if (seen)
    return {
      ...base,
      phase: "running",
      state: { ...state, State: "running", StartedAt: seen.startedAt, FinishedAt: null },
    };
  return { ...base, phase: "pending", state: { ...state, State: "pending" } };
}
