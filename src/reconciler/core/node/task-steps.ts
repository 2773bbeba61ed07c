import { assertNever } from "../../../lib/errors.ts";
import { formatInstant } from "../../../lib/instant.ts";
import type { JobType, Task, TaskGroup } from "../../../model/job.ts";
import { roleOf } from "./lifecycle.ts";
import { isPaused, pauseOrResume, unpaused } from "./pause.ts";
import { decideRestart, restartPolicyOf, restartsOnSuccess } from "./restart-policy.ts";
import type { TaskEnd } from "./restart-policy.ts";
import * as events from "./task-events.ts";
import type { EventBody } from "./task-events.ts";
import type { Exit, Observation, Outcome, SeenTask, TaskNote, TaskRecord } from "./types.ts";

/** What a step of one task needs to know beside its record. */
export interface StepContext {
  readonly task: Task;
  readonly group: TaskGroup;
  readonly jobType: JobType;
  readonly nowNs: number;
  readonly fraction: () => number;
}

export function note(record: TaskRecord, body: EventBody, nowNs: number): TaskRecord {
  return { ...record, state: events.withEvent(record.state, body, nowNs) };
}

/** The record after an earlier action ended. */
export function afterOutcome(
  record: TaskRecord,
  outcome: Outcome,
  context: StepContext,
): TaskRecord {
  const { nowNs } = context;
  switch (outcome.kind) {
    case "set-up":
      return record.isSetUp
        ? record
        : { ...note(record, events.taskSetup(), nowNs), isSetUp: true };
    case "notice":
      return note(
        record,
        events.driverMessage(outcome.notice.message, outcome.notice.details),
        nowNs,
      );
    case "noted":
      return note(record, noteEvent(outcome.note), nowNs);
    case "templates-failed":
      return failRunning(record, events.killingBecause(outcome.reason), context);
    case "signalled":
      return note(record, events.signaling(outcome.signal), nowNs);
    case "started":
      return afterStart(record, outcome.seen, context);
    case "start-failed":
      return afterFailedStart(record, outcome, context);
    case "start-cancelled":
      return record;
    case "preparation-failed":
      return afterFailedPreparation(record, outcome, context);
    case "stopped":
      return record.phase === "stopping" ? afterStop(record, outcome.exit, context) : record;
    case "removed":
      return { ...record, handle: undefined };
    case "restart-asked":
      return askRestart(record, outcome, context);
    case "pause-asked":
      return pauseOrResume(record, outcome.isPaused, nowNs);
    case "network-made":
    case "network-failed":
    case "network-removed":
    case "services-withdrawn":
      return record;
    default:
      return assertNever(outcome);
  }
}

function afterStart(record: TaskRecord, seen: SeenTask, context: StepContext): TaskRecord {
  const { nowNs } = context;
  const held = { ...record, handle: seen.handle, specHash: record.specHash ?? seen.specHash };
  if (record.phase !== "starting") return held;
  const running = note(held, events.started(), nowNs);
  return {
    ...running,
    phase: "running",
    state: {
      ...running.state,
      State: "running",
      StartedAt: formatInstant(nowNs),
      FinishedAt: null,
    },
  };
}

function afterFailedStart(
  record: TaskRecord,
  outcome: Extract<Outcome, { kind: "start-failed" }>,
  context: StepContext,
): TaskRecord {
  if (record.phase !== "starting") return record;
  const failed = note(record, failureEvent(outcome), context.nowNs);
  // A text that cannot be written now cannot be written in a second either.
  if (outcome.stage === "template")
    return bury({ ...failed, state: { ...failed.state, Failed: true } }, context.nowNs);
  const isRecoverable = outcome.isRecoverable && outcome.stage !== "validation";
  return endAttempt(failed, { kind: "start-failed", isRecoverable }, context);
}

/** Counts as an attempt: the restart policy says when it is tried again, and when it is given up. */
function afterFailedPreparation(
  record: TaskRecord,
  outcome: Extract<Outcome, { kind: "preparation-failed" }>,
  context: StepContext,
): TaskRecord {
  if (record.phase !== "pending" && record.phase !== "waiting") return record;
  const { error, isRecoverable } = outcome;
  const failed = note(record, events.driverFailure(error), context.nowNs);
  return endAttempt(failed, { kind: "start-failed", isRecoverable }, context);
}

function noteEvent(told: TaskNote): EventBody {
  switch (told.kind) {
    case "downloading-artifacts":
      return events.downloadingArtifacts();
    case "hook":
      return events.hookMessage(told.message);
    case "template":
      return events.template(told.message);
    default:
      return assertNever(told);
  }
}

/** Ends a task for good, as failed. */
function failRunning(record: TaskRecord, why: EventBody, { nowNs }: StepContext): TaskRecord {
  if (record.isKilled || record.phase === "dead") return record;
  const told = note(record, why, nowNs);
  const failed = { ...told, isKilled: true, state: { ...told.state, Failed: true } };
  const isIdle = record.phase === "pending" || record.phase === "waiting";
  return isIdle ? bury(failed, nowNs) : { ...failed, phase: "stopping", dueNs: undefined };
}

function failureEvent(outcome: Extract<Outcome, { kind: "start-failed" }>): EventBody {
  switch (outcome.stage) {
    case "setup":
      return events.setupFailure(outcome.error);
    case "validation":
      return events.failedValidation(outcome.error);
    case "artifact":
      return events.failedArtifactDownload(outcome.error);
    case "template":
      return events.killingBecause(outcome.error);
    case "driver":
      return events.driverFailure(outcome.error);
    default:
      return assertNever(outcome.stage);
  }
}

function afterStop(record: TaskRecord, exit: Exit | null, context: StepContext): TaskRecord {
  const { nowNs } = context;
  const ended = exit === null ? record : note(record, events.terminated(exit), nowNs);
  if (ended.isKilled) return bury(note(ended, events.killed(), nowNs), nowNs);
  const request = ended.restartAsked;
  const end: TaskEnd = request
    ? { kind: "restart-asked", request }
    : { kind: "exited", exit: exit ?? lostExit };
  return endAttempt(ended, end, context);
}

const lostExit: Exit = {
  code: -1,
  signal: 0,
  oomKilled: false,
  message: "the task is gone and left no exit code",
};

function askRestart(
  record: TaskRecord,
  outcome: Extract<Outcome, { kind: "restart-asked" }>,
  { task, nowNs }: StepContext,
): TaskRecord {
  if (record.isKilled || record.restartAsked) return record;
  if (record.phase === "dead" && outcome.request.revivesDead && roleOf(task) !== "poststop")
    return revive(note(record, events.restartSignaled(outcome.request.reason), nowNs), nowNs);
  if (record.phase !== "running") return record;
  const asked = note(record, events.restartSignaled(outcome.request.reason), nowNs);
  if (isPaused(record)) return { ...asked, restartAsked: outcome.request };
  return { ...asked, phase: "stopping", restartAsked: outcome.request };
}

/** A task that had ended begins anew, as soon as nothing of its last attempt is left. */
function revive(record: TaskRecord, nowNs: number): TaskRecord {
  const told = note(record, events.restarting(0, ""), nowNs);
  return {
    ...told,
    phase: "waiting",
    dueNs: nowNs,
    state: {
      ...told.state,
      State: "pending",
      Failed: false,
      FinishedAt: null,
      Restarts: told.state.Restarts + 1,
      LastRestart: formatInstant(nowNs),
    },
  };
}

/** The record after a look at the engine. Not knowing changes nothing. */
export function afterObservation(
  record: TaskRecord,
  seen: Observation,
  context: StepContext,
): TaskRecord {
  if (record.phase !== "running" && record.phase !== "delaying") return record;
  switch (seen.kind) {
    case "unknown":
    case "network":
      return record;
    case "gone":
      return afterExit({ ...record, handle: undefined }, lostExit, context);
    case "seen":
      if (seen.handle !== record.handle || seen.state !== "exited") return record;
      return afterExit(record, seen.exit ?? lostExit, context);
    default:
      return assertNever(seen);
  }
}

function afterExit(record: TaskRecord, exit: Exit, context: StepContext): TaskRecord {
  if (record.isKilled) return afterStop(record, exit, context);
  const ended = note(record, events.terminated(exit), context.nowNs);
  return endAttempt(ended, { kind: "exited", exit }, context);
}

/** One attempt is over; the policy says what comes next. */
function endAttempt(record: TaskRecord, end: TaskEnd, context: StepContext): TaskRecord {
  const { task, group, jobType, nowNs } = context;
  const { verdict, counter } = decideRestart({
    policy: restartPolicyOf(task, group, jobType),
    counter: record.restarts,
    end,
    isRestartedOnSuccess: restartsOnSuccess(task, jobType),
    nowNs,
    fraction: context.fraction(),
  });
  const counted = { ...record, restarts: counter, restartAsked: undefined };
  switch (verdict.kind) {
    case "finish":
      return bury(counted, nowNs);
    case "fail": {
      const told = note(counted, events.notRestarting(verdict.reason), nowNs);
      return bury({ ...told, state: { ...told.state, Failed: true } }, nowNs);
    }
    case "restart": {
      const told = note(counted, events.restarting(verdict.delayNs, verdict.reason), nowNs);
      return {
        ...told,
        phase: "waiting",
        dueNs: nowNs + verdict.delayNs,
        state: {
          ...told.state,
          State: "pending",
          Restarts: told.state.Restarts + 1,
          LastRestart: formatInstant(nowNs),
        },
      };
    }
    default:
      return assertNever(verdict);
  }
}

export function bury(record: TaskRecord, nowNs: number): TaskRecord {
  return {
    ...record,
    phase: "dead",
    dueNs: undefined,
    restartAsked: undefined,
    state: {
      ...unpaused(record.state),
      State: "dead",
      FinishedAt: record.state.FinishedAt ?? formatInstant(nowNs),
    },
  };
}

/** Begins the end of a task for good. */
export function kill(
  record: TaskRecord,
  context: StepContext,
  options: { readonly timeoutNs: number; readonly skipsDelay: boolean },
): TaskRecord {
  const { phase } = record;
  if (record.isKilled || phase === "dead") return record;
  const { task, nowNs } = context;
  const told = { ...note(record, events.killing(options.timeoutNs), nowNs), isKilled: true };
  switch (phase) {
    case "pending":
    case "waiting":
      return bury(told, nowNs);
    case "starting":
    case "stopping":
    case "delaying":
      return { ...told, phase: "stopping", dueNs: undefined };
    case "running": {
      if (task.ShutdownDelay <= 0) return { ...told, phase: "stopping" };
      if (options.skipsDelay)
        return {
          ...note(told, events.skippingShutdownDelay(task.ShutdownDelay), nowNs),
          phase: "stopping",
        };
      const delayed = note(told, events.waitingForShutdownDelay(task.ShutdownDelay), nowNs);
      return {
        ...delayed,
        phase: "delaying",
        dueNs: nowNs + task.ShutdownDelay,
        state: { ...delayed.state, State: "pending" },
      };
    }
    default:
      return assertNever(phase);
  }
}
