import { expect, test } from "vitest";
import {
  decideRestart,
  restartPolicyOf,
  restartsOnSuccess,
} from "../../../../src/reconciler/core/node/restart-policy.ts";
import type { RestartInput } from "../../../../src/reconciler/core/node/restart-policy.ts";
import { scriptedGroup, scriptedTask } from "../../../support/scripted-job.ts";

const exit = (code: number): RestartInput["end"] => ({
  kind: "exited",
  exit: { code, signal: 0, oomKilled: false, message: "" },
});
function decide(overrides: Partial<RestartInput> = {}): ReturnType<typeof decideRestart> {
  return decideRestart({
    policy: { Attempts: 2, Interval: 600e9, Delay: 10e9, Mode: "fail", RenderTemplates: false },
    counter: { count: 0, windowStartNs: 0 },
    end: exit(1),
    isRestartedOnSuccess: true,
    nowNs: 1e9,
    fraction: 0,
    ...overrides,
  });
}

test("a failure within the policy waits the delay and up to a quarter more", () => {
  expect(decide()).toEqual({
    verdict: { kind: "restart", delayNs: 10e9, reason: "Restart within policy" },
    counter: { count: 1, windowStartNs: 0 },
  });
  expect(decide({ fraction: 0.8 }).verdict).toMatchObject({ delayNs: 12e9 });
});

test("one failure too many fails the task in mode fail and waits out the window in mode delay", () => {
  const counter = { count: 2, windowStartNs: 0 };
  expect(decide({ counter }).verdict).toEqual({
    kind: "fail",
    reason: 'Exceeded allowed attempts 2 in interval 10m0s and mode is "fail"',
  });
  const policy = { Attempts: 2, Interval: 60e9, Delay: 1e9, Mode: "delay", RenderTemplates: false };
  expect(decide({ counter, policy }).verdict).toEqual({
    kind: "restart",
    delayNs: 59e9,
    reason: "Exceeded allowed attempts, applying a delay",
  });
});

test("a new window forgets the old failures", () => {
  expect(decide({ counter: { count: 2, windowStartNs: 0 }, nowNs: 601e9 }).counter).toEqual({
    count: 1,
    windowStartNs: 601e9,
  });
});

test("no attempts means no restart, but a quiet end stays quiet", () => {
  const policy = { Attempts: 0, Interval: 0, Delay: 0, Mode: "fail", RenderTemplates: false };
  expect(decide({ policy }).verdict).toEqual({ kind: "fail", reason: "Policy allows no restarts" });
  const quiet = { policy, end: exit(0), isRestartedOnSuccess: false };
  expect(decide(quiet).verdict).toEqual({ kind: "finish" });
});

test("a successful end of a batch task finishes it, a failed one restarts it", () => {
  expect(decide({ end: exit(0), isRestartedOnSuccess: false }).verdict.kind).toBe("finish");
  expect(decide({ end: exit(2), isRestartedOnSuccess: false }).verdict.kind).toBe("restart");
});

test("a start that can never work fails at once", () => {
  expect(decide({ end: { kind: "start-failed", isRecoverable: false } }).verdict).toEqual({
    kind: "fail",
    reason: "Error was unrecoverable",
  });
});

test("a task that its engine took along starts at once and keeps its attempts", () => {
  const takenAlong = (code: number): RestartInput["end"] => ({
    kind: "exited",
    exit: { code, signal: 0, oomKilled: false, message: "", endedByEngine: true },
  });
  const counter = { count: 2, windowStartNs: 0 };
  expect(decide({ counter, end: takenAlong(137) })).toEqual({
    verdict: {
      kind: "restart",
      delayNs: 0,
      reason: "The engine of the task's driver was restarted",
    },
    counter,
  });
  expect(decide({ end: takenAlong(0) }).verdict).toMatchObject({ kind: "restart", delayNs: 0 });
  const batch = { isRestartedOnSuccess: false };
  expect(decide({ ...batch, end: takenAlong(0) }).verdict).toEqual({ kind: "finish" });
  expect(decide({ ...batch, end: takenAlong(137) }).verdict).toMatchObject({ delayNs: 0 });
  const policy = { Attempts: 0, Interval: 60e9, Delay: 1e9, Mode: "fail", RenderTemplates: false };
  expect(decide({ policy, end: takenAlong(137) }).verdict).toMatchObject({ kind: "fail" });
});

test("a user's restart is immediate and not counted, a check's is counted", () => {
  const asked = (countsAsFailure: boolean): RestartInput["end"] => ({
    kind: "restart-asked",
    request: { reason: "", countsAsFailure },
  });
  expect(decide({ end: asked(false), counter: { count: 2, windowStartNs: 0 } })).toEqual({
    verdict: { kind: "restart", delayNs: 0, reason: "" },
    counter: { count: 2, windowStartNs: 0 },
  });
  expect(decide({ end: asked(true) }).counter.count).toBe(1);
  const over = { end: asked(true), counter: { count: 2, windowStartNs: 0 } };
  expect(decide(over).verdict.kind).toBe("fail");
});

test("who restarts after success: service tasks and sidecars, never hooks that end", () => {
  const hook = (Hook: string, Sidecar: boolean): ReturnType<typeof scriptedTask> =>
    scriptedTask({ Lifecycle: { Hook, Sidecar } });
  expect(restartsOnSuccess(scriptedTask(), "service")).toBe(true);
  expect(restartsOnSuccess(scriptedTask(), "batch")).toBe(false);
  expect(restartsOnSuccess(hook("prestart", true), "batch")).toBe(true);
  expect(restartsOnSuccess(hook("prestart", false), "service")).toBe(false);
  expect(restartsOnSuccess(hook("poststop", false), "service")).toBe(false);
});

test("the task's own policy wins over the group's, and without any the job type decides", () => {
  const own = { Attempts: 9, Interval: 1, Delay: 1, Mode: "fail", RenderTemplates: false };
  expect(restartPolicyOf(scriptedTask({ RestartPolicy: own }), scriptedGroup(), "service")).toBe(
    own,
  );
  const bare = scriptedGroup({ RestartPolicy: null });
  expect(restartPolicyOf(scriptedTask(), bare, "batch").Attempts).toBe(3);
  expect(restartPolicyOf(scriptedTask(), bare, "system").Attempts).toBe(2);
});
