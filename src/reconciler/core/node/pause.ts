import type { TaskState } from "../../../model/allocation.ts";
import * as events from "./task-events.ts";
import type { TaskRecord } from "./types.ts";

/**
 * A person holds the starts of this task. What runs goes on; what has ended waits, whatever its delay, until the task
 * is let go. The state itself is the memory: it is in node.db and in the servers' copy, so a restart of the agent or the
 * loss of node.db changes nothing.
 */
export const isPaused = (record: Pick<TaskRecord, "state">): boolean =>
  record.state.Paused === "force_pause";

export function pauseOrResume(record: TaskRecord, wanted: boolean, nowNs: number): TaskRecord {
  if (record.phase === "dead" || record.isKilled || isPaused(record) === wanted) return record;
  return wanted ? pause(record, nowNs) : resume(record, nowNs);
}

function pause(record: TaskRecord, nowNs: number): TaskRecord {
  const state = events.withEvent(record.state, events.pausing(), nowNs);
  return { ...record, state: { ...state, Paused: "force_pause" } };
}

/** Whatever was held is due now: nobody who lets a task go wants to wait for what is left of its delay. */
function resume(record: TaskRecord, nowNs: number): TaskRecord {
  const state = unpaused(events.withEvent(record.state, events.resuming(), nowNs));
  const resumed = { ...record, state };
  if (record.phase === "waiting") return { ...resumed, dueNs: nowNs };
  // A restart that was asked for meanwhile was only written down.
  if (record.phase === "running" && record.restartAsked) return { ...resumed, phase: "stopping" };
  return resumed;
}

export function unpaused(state: TaskState): TaskState {
  const { Paused: _, ...rest } = state;
  return rest;
}
