import type { TaskState } from "../../src/model/allocation.ts";
import type { AllocationRecord, TaskRecord } from "../../src/reconciler/core/node/types.ts";

type TaskOverrides = Partial<Omit<TaskRecord, "state">> & { readonly state?: Partial<TaskState> };

export function taskRecord(name: string, overrides: TaskOverrides = {}): TaskRecord {
  return {
    name,
    phase: "pending",
    attempt: 0,
    specHash: undefined,
    handle: undefined,
    restarts: { count: 0, windowStartNs: 1_700_000_000e9 },
    dueNs: undefined,
    isKilled: false,
    restartAsked: undefined,
    isSetUp: false,
    ...overrides,
    state: {
      State: "pending",
      Failed: false,
      Restarts: 0,
      LastRestart: null,
      StartedAt: null,
      FinishedAt: null,
      Events: [],
      ...overrides.state,
    },
  };
}

/** A record with these tasks; what is not said is as in a new one. */
export function recordOf(tasks: { readonly [name: string]: TaskOverrides }): AllocationRecord {
  return {
    tasks: Object.fromEntries(
      Object.entries(tasks).map(([name, overrides]) => [name, taskRecord(name, overrides)]),
    ),
    health: undefined,
    stopDueNs: undefined,
    isEnding: false,
    isOverMaxRunDuration: false,
  };
}

export const runningTask = (startedAt = "2023-11-14T22:13:20Z"): TaskOverrides => ({
  phase: "running",
  handle: "h",
  state: { State: "running", StartedAt: startedAt },
});
export const deadTask = (Failed = false): TaskOverrides => ({
  phase: "dead",
  state: { State: "dead", Failed, FinishedAt: "2023-11-14T22:13:30Z" },
});
