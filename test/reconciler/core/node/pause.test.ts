import { expect, test } from "vitest";
import { decideAllocation } from "../../../../src/reconciler/core/node/decide-allocation.ts";
import { isPaused, pauseOrResume } from "../../../../src/reconciler/core/node/pause.ts";
import { firstRecord } from "../../../../src/reconciler/core/node/records.ts";
import { afterOutcome, bury } from "../../../../src/reconciler/core/node/task-steps.ts";
import type { AllocationRecord } from "../../../../src/reconciler/core/node/types.ts";
import { recordOf, runningTask, taskRecord } from "../../../support/node-records.ts";
import {
  buildDesired,
  scriptedGroup,
  scriptedJob,
  scriptedTask,
} from "../../../support/scripted-job.ts";

const nowNs = 1_700_000_000e9;
const context = {
  task: scriptedTask(),
  group: scriptedGroup(),
  jobType: "service" as const,
  nowNs,
  fraction: () => 0,
};
const paused = { Paused: "force_pause" } as const;
function actions(record: AllocationRecord, job = scriptedJob()): readonly string[] {
  const { actions: decided } = decideAllocation({
    ...buildDesired(job),
    record,
    outcomes: [],
    observed: new Map(),
    busy: new Map(),
    isPredecessorGone: true,
    checks: { kind: "none" },
    nowNs,
    fraction: () => 0,
  });
  return decided.map(({ kind, task }) => `${kind} ${task}`);
}

test("a paused task is not started: neither again nor for the first time", () => {
  expect(actions(recordOf({ main: { phase: "waiting", dueNs: nowNs } }))).toEqual(["start main"]);
  expect(actions(recordOf({ main: { phase: "waiting", dueNs: nowNs, state: paused } }))).toEqual(
    [],
  );
  expect(actions(recordOf({ main: { state: paused } }))).toEqual([]);
});

test("what runs when a group ends is not held, or the group would never end", () => {
  const lifecycle = { Hook: "poststop", Sidecar: false } as const;
  const job = scriptedJob({
    TaskGroups: [scriptedGroup({ Tasks: [scriptedTask({ Lifecycle: lifecycle })] })],
  });
  expect(actions(recordOf({ main: { state: paused } }), job)).toEqual(["start main"]);
});

test("pausing lets a task run on, and the state and an event say so", () => {
  const task = pauseOrResume(taskRecord("main", runningTask()), true, nowNs);
  expect(isPaused(task)).toBe(true);
  expect(task.phase).toBe("running");
  expect(task.state.Events.map(({ Type, Message }) => [Type, Message])).toEqual([
    ["Pausing", "Paused by a person: not started again until it is resumed"],
  ]);
  expect(pauseOrResume(task, true, nowNs)).toBe(task);
});

test("a resumed task is due at once, whatever was left of its delay", () => {
  const waiting = taskRecord("main", { phase: "waiting", dueNs: nowNs + 60e9, state: paused });
  const resumed = pauseOrResume(waiting, false, nowNs);
  expect(resumed).toMatchObject({ phase: "waiting", dueNs: nowNs });
  expect(isPaused(resumed)).toBe(false);
  expect(resumed.state.Events.at(-1)?.Type).toBe("Running");
});

test("a restart that a check asks for meanwhile is kept for later", () => {
  const running = pauseOrResume(taskRecord("main", runningTask()), true, nowNs);
  const request = { reason: "healthcheck", countsAsFailure: true };
  const asked = afterOutcome(running, { kind: "restart-asked", task: "main", request }, context);
  expect(asked).toMatchObject({ phase: "running", restartAsked: request });
  expect(pauseOrResume(asked, false, nowNs).phase).toBe("stopping");
});

test("nobody pauses what has ended or is being stopped, and what ends is not paused any more", () => {
  const dead = taskRecord("main", { phase: "dead" });
  expect(pauseOrResume(dead, true, nowNs)).toBe(dead);
  const killed = taskRecord("main", { ...runningTask(), isKilled: true });
  expect(pauseOrResume(killed, true, nowNs)).toBe(killed);
  expect(isPaused(bury(taskRecord("main", { state: paused }), nowNs))).toBe(false);
});

test("a node that lost its memory learns of the pause from the servers", () => {
  const { state } = taskRecord("main", { state: paused });
  const { allocation } = buildDesired(scriptedJob(), { TaskStates: { main: state } });
  const record = firstRecord(allocation, scriptedGroup(), [], nowNs);
  expect(record.tasks["main"] && isPaused(record.tasks["main"])).toBe(true);
});
