import { expect, test } from "vitest";
import { decideAllocation } from "../../../../src/reconciler/core/node/decide-allocation.ts";
import type {
  Decision,
  DecisionInput,
  SeenTask,
} from "../../../../src/reconciler/core/node/types.ts";
import {
  buildDesired,
  scriptedGroup,
  scriptedJob,
  scriptedTask,
} from "../../../support/scripted-job.ts";
import { deadTask, recordOf, runningTask } from "../../../support/node-records.ts";

const nowNs = 1_700_000_000e9;
const seen: SeenTask = {
  kind: "seen",
  handle: "h",
  attempt: 0,
  specHash: "x",
  state: "running",
  startedAt: null,
  finishedAt: null,
  exit: null,
};
function decide(overrides: Partial<DecisionInput> = {}): Decision {
  return decideAllocation({
    ...buildDesired(),
    record: recordOf({ main: {} }),
    outcomes: [],
    observed: new Map(),
    busy: new Map(),
    isPredecessorGone: true,
    checks: { kind: "none" },
    nowNs,
    fraction: () => 0,
    ...overrides,
  });
}
const kinds = (decision: Decision): readonly string[] =>
  decision.actions.map((action) => `${action.kind} ${action.task}`);
const stopping = { ...buildDesired().allocation, DesiredStatus: "stop" as const };

test("a new allocation starts its task, unless its predecessor still holds something", () => {
  expect(kinds(decide())).toEqual(["start main"]);
  expect(kinds(decide({ isPredecessorGone: false }))).toEqual([]);
});

test("an intended start is repeated until its outcome is known, but never twice at once", () => {
  const { record } = decide();
  expect(kinds(decide({ record }))).toEqual(["start main"]);
  const busy = new Map([["main", { doing: "start", untilNs: undefined } as const]]);
  expect(kinds(decide({ record, busy }))).toEqual([]);
});

test("an engine that backs off is asked again when its pause ends", () => {
  const { record } = decide();
  const untilNs = nowNs + 1e9;
  const paused = decide({ record, busy: new Map([["main", { doing: "start", untilNs }]]) });
  expect(paused.actions).toEqual([]);
  expect(paused.wakeAtNs).toBe(untilNs);
});

test("a stop during a start cancels it first, then clears whatever it left", () => {
  const record = recordOf({ main: { phase: "starting" } });
  const busy = new Map([["main", { doing: "start", untilNs: undefined } as const]]);
  const first = decide({ allocation: stopping, record, busy });
  expect(kinds(first)).toEqual(["cancel-start main"]);
  const second = decide({ allocation: stopping, record: first.record });
  expect(second.actions).toMatchObject([{ kind: "stop", task: "main", handle: undefined }]);
});

test("a restart waits for its delay and for the removal of the last attempt", () => {
  const record = recordOf({ main: { phase: "waiting", handle: "h", dueNs: nowNs - 1 } });
  const first = decide({ record });
  expect(kinds(first)).toEqual(["remove main"]);
  const second = decide({ record: first.record, outcomes: [{ kind: "removed", task: "main" }] });
  expect(kinds(second)).toEqual(["start main"]);
  expect(second.record.tasks["main"]?.attempt).toBe(1);
});

test("a running task with a newer job is left alone", () => {
  const record = recordOf({ main: { ...runningTask(), specHash: "old" } });
  const job = scriptedJob({ Version: 3, Meta: { a: "b" } });
  expect(decide({ record, job, observed: new Map([["main", seen]]) }).actions).toEqual([]);
});

test("the whole group stops in order, and is over when nothing is left", () => {
  const tasks = [
    scriptedTask({ Name: "lead", Leader: true, KillSignal: "SIGHUP", KillTimeout: 99e9 }),
    scriptedTask({ Name: "follow" }),
  ];
  const job = scriptedJob({ TaskGroups: [scriptedGroup({ Tasks: tasks })] });
  const allocation = { ...buildDesired(job).allocation, DesiredStatus: "stop" as const };
  const running = recordOf({ lead: runningTask(), follow: runningTask() });
  const first = decide({ job, allocation, record: running });
  expect(first.actions).toEqual([
    { kind: "stop", task: "lead", handle: "h", signal: "SIGHUP", timeoutMs: 30_000 },
  ]);
  const exit = { code: 0, signal: 0, oomKilled: false, message: "" };
  const second = decide({
    job,
    allocation,
    record: first.record,
    outcomes: [
      { kind: "stopped", task: "lead", exit },
      { kind: "removed", task: "lead" },
    ],
  });
  expect(kinds(second)).toEqual(["stop follow"]);
  const last = decide({
    job,
    allocation,
    record: second.record,
    outcomes: [
      { kind: "stopped", task: "follow", exit },
      { kind: "removed", task: "follow" },
    ],
  });
  expect(last).toMatchObject({ clientStatus: "complete", isOver: true, actions: [] });
});

test("a group's shutdown_delay holds the stop back", () => {
  const job = scriptedJob({ TaskGroups: [scriptedGroup({ ShutdownDelay: 5e9 })] });
  const allocation = { ...buildDesired(job).allocation, DesiredStatus: "stop" as const };
  const record = recordOf({ main: runningTask() });
  const held = decide({ job, allocation, record });
  expect(held.actions).toEqual([]);
  expect(held.wakeAtNs).toBe(nowNs + 5e9);
  const due = decide({ job, allocation, record: held.record, nowNs: nowNs + 5e9 });
  expect(kinds(due)).toEqual(["stop main"]);
});

test("prestart failure kills the main task before it started, poststop still runs", () => {
  const tasks = [
    scriptedTask({ Name: "init", Lifecycle: { Hook: "prestart", Sidecar: false } }),
    scriptedTask({ Name: "main" }),
    scriptedTask({ Name: "clean", Lifecycle: { Hook: "poststop", Sidecar: false } }),
  ];
  const job = scriptedJob({ TaskGroups: [scriptedGroup({ Tasks: tasks })] });
  const { allocation } = buildDesired(job);
  const record = recordOf({ init: deadTask(true), main: {}, clean: {} });
  const decision = decide({ job, allocation, record });
  expect(decision.record.tasks["main"]?.state.Events.map((event) => event.Type)).toEqual([
    "Sibling Task Failed",
    "Killing",
  ]);
  expect(decision.record.tasks["main"]?.phase).toBe("dead");
  expect(kinds(decision)).toEqual(["start clean"]);
  expect(decision.clientStatus).toBe("failed");
});

test("max_run_duration ends everything and counts as complete", () => {
  const job = scriptedJob({ Type: "batch", TaskGroups: [scriptedGroup({ MaxRunDuration: 60e9 })] });
  const { allocation } = buildDesired(job);
  const record = recordOf({ main: runningTask() });
  expect(decide({ job, allocation, record }).wakeAtNs).toBe(nowNs + 60e9);
  const over = decide({ job, allocation, record, nowNs: nowNs + 60e9 });
  expect(kinds(over)).toEqual(["stop main"]);
});
