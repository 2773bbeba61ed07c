import { expect, test } from "vitest";
import {
  afterObservation,
  afterOutcome,
  kill,
} from "../../../../src/reconciler/core/node/task-steps.ts";
import type { StepContext } from "../../../../src/reconciler/core/node/task-steps.ts";
import type { SeenTask } from "../../../../src/reconciler/core/node/types.ts";
import { scriptedGroup, scriptedTask } from "../../../support/scripted-job.ts";
import { runningTask, taskRecord } from "../../../support/node-records.ts";

const context: StepContext = {
  task: scriptedTask(),
  group: scriptedGroup(),
  jobType: "service",
  nowNs: 1_700_000_001e9,
  fraction: () => 0,
};
const seen = (state: SeenTask["state"], code = 0): SeenTask => ({
  kind: "seen",
  handle: "h",
  attempt: 0,
  specHash: "hash",
  state,
  startedAt: null,
  finishedAt: null,
  exit: state === "exited" ? { code, signal: 0, oomKilled: false, message: "" } : null,
});
const types = (record: ReturnType<typeof taskRecord>): readonly string[] =>
  record.state.Events.map((event) => event.Type);
const options = { timeoutNs: 5e9, skipsDelay: false };

test("not knowing changes nothing, a task that is gone restarts", () => {
  const running = taskRecord("main", runningTask());
  const unknown = { kind: "unknown", reason: "no answer" } as const;
  expect(afterObservation(running, unknown, context)).toBe(running);
  expect(afterObservation(running, seen("running"), context)).toBe(running);
  const gone = afterObservation(running, { kind: "gone" }, context);
  expect(gone).toMatchObject({ phase: "waiting", handle: undefined });
  expect(types(gone)).toEqual(["Terminated", "Restarting"]);
});

test("a start that came too late for a kill keeps its handle, so that it can be stopped", () => {
  const starting = taskRecord("main", { phase: "starting" });
  const killed = kill(starting, context, options);
  expect(killed.phase).toBe("stopping");
  const started = afterOutcome(
    killed,
    { kind: "started", task: "main", seen: seen("running") },
    context,
  );
  expect(started).toMatchObject({ phase: "stopping", handle: "h" });
  expect(types(started)).toEqual(["Killing"]);
});

test("a task that never started dies without Killed", () => {
  const dead = kill(taskRecord("main"), context, options);
  expect(dead.phase).toBe("dead");
  expect(types(dead)).toEqual(["Killing"]);
});

test("shutdown_delay is waited for, or skipped when the stop says so", () => {
  const slow = { ...context, task: scriptedTask({ ShutdownDelay: 20e9 }) };
  const running = taskRecord("main", runningTask());
  const delayed = kill(running, slow, options);
  expect(delayed).toMatchObject({ phase: "delaying", dueNs: context.nowNs + 20e9 });
  expect(types(delayed)).toEqual(["Killing", "Waiting for shutdown delay"]);
  const skipped = kill(running, slow, { ...options, skipsDelay: true });
  expect(skipped.phase).toBe("stopping");
  expect(types(skipped)).toEqual(["Killing", "Skipping shutdown delay"]);
});

test("a restart on request ends the attempt and goes on at once, uncounted", () => {
  const running = taskRecord("main", runningTask());
  const request = { reason: "User requested task to restart", countsAsFailure: false };
  const asked = afterOutcome(running, { kind: "restart-asked", task: "main", request }, context);
  expect(asked.phase).toBe("stopping");
  const exit = { code: 0, signal: 0, oomKilled: false, message: "" };
  const ended = afterOutcome(asked, { kind: "stopped", task: "main", exit }, context);
  expect(ended).toMatchObject({ phase: "waiting", dueNs: context.nowNs, restarts: { count: 0 } });
  expect(types(ended)).toEqual(["Restart Signaled", "Terminated", "Restarting"]);
});

test("a config that cannot be understood fails the task whatever the policy says", () => {
  const failed = afterOutcome(
    taskRecord("main", { phase: "starting" }),
    {
      kind: "start-failed",
      task: "main",
      stage: "validation",
      error: "Unknown variable",
      isRecoverable: false,
    },
    context,
  );
  expect(failed).toMatchObject({ phase: "dead", state: { Failed: true } });
  expect(types(failed)).toEqual(["Failed Validation", "Not Restarting"]);
});
