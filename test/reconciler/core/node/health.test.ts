import { expect, test } from "vitest";
import { deploymentId } from "../../../../src/model/ids.ts";
import { decideHealth } from "../../../../src/reconciler/core/node/health.ts";
import type { HealthInput } from "../../../../src/reconciler/core/node/health.ts";
import { buildDesired, scriptedGroup, scriptedJob } from "../../../support/scripted-job.ts";
import { deadTask, recordOf, runningTask } from "../../../support/node-records.ts";

const startNs = 1_700_000_000e9;
const group = scriptedGroup();
function input(overrides: Partial<HealthInput> = {}): HealthInput {
  const desired = buildDesired(scriptedJob(), { DeploymentID: deploymentId("d") });
  const record = recordOf({ main: runningTask("2023-11-14T22:13:20Z") });
  const health = { deploymentId: "d", watchedSinceNs: startNs, verdict: undefined };
  return {
    ...desired,
    group,
    record: { ...record, health },
    checks: { kind: "none" },
    nowNs: startNs,
    ...overrides,
  };
}

test("a task that ran for min_healthy_time is healthy, and not before", () => {
  expect(decideHealth(input({ nowNs: startNs + 9e9 }))).toMatchObject({
    health: { verdict: undefined },
    wakeAtNs: startNs + 10e9,
  });
  expect(decideHealth(input({ nowNs: startNs + 10e9 })).health?.verdict).toEqual({
    healthy: true,
    at: "2023-11-14T22:13:30Z",
  });
});

test("a task that was there before proves itself anew under its new deployment", () => {
  const { record } = input();
  const health = { deploymentId: "d", watchedSinceNs: startNs + 60e9, verdict: undefined };
  const later = { record: { ...record, health }, nowNs: startNs + 61e9 };
  expect(decideHealth(input(later))).toMatchObject({
    health: { verdict: undefined },
    wakeAtNs: startNs + 70e9,
  });
});

test("a failed task is unhealthy at once and without a word", () => {
  const { record } = input();
  const failed = { ...record, tasks: recordOf({ main: deadTask(true) }).tasks };
  expect(decideHealth(input({ record: failed }))).toEqual({
    health: expect.objectContaining({ verdict: { healthy: false, at: "" } }),
    messages: undefined,
    wakeAtNs: undefined,
  });
});

test("at the deadline each task says what was missing", () => {
  const { record } = input();
  const waiting = { ...record, tasks: recordOf({ main: {} }).tasks };
  const late = decideHealth(input({ record: waiting, nowNs: startNs + 300e9 }));
  expect(late.health?.verdict?.healthy).toBe(false);
  expect(late.messages).toEqual({ main: "Task not running by healthy_deadline of 5m0s" });
});

test("failing checks hold back the verdict until they pass for min_healthy_time", () => {
  const nowNs = startNs + 20e9;
  const failing = { kind: "failing", services: ["web"] } as const;
  expect(decideHealth(input({ nowNs, checks: failing })).health?.verdict).toBeUndefined();
  const passing = { kind: "passing", sinceNs: startNs + 15e9 } as const;
  expect(decideHealth(input({ nowNs, checks: passing })).wakeAtNs).toBe(startNs + 25e9);
  expect(decideHealth(input({ nowNs: startNs + 300e9, checks: failing })).messages?.["main"]).toBe(
    "Services not healthy by deadline: web",
  );
});

test("a verdict stays, a new deployment asks again, batch jobs are never asked", () => {
  const base = input();
  const verdict = { healthy: true, at: "x" };
  const decided = { deploymentId: "d", watchedSinceNs: 0, verdict };
  const record = { ...base.record, health: decided };
  expect(decideHealth({ ...base, record }).health).toBe(decided);
  const other = { ...base.allocation, DeploymentID: deploymentId("e") };
  expect(decideHealth({ ...base, record, allocation: other }).health).toEqual({
    deploymentId: "e",
    watchedSinceNs: startNs,
    verdict: undefined,
  });
  const batch = scriptedJob({ Type: "batch" });
  const fresh = { ...base.record, health: undefined };
  expect(decideHealth({ ...base, record: fresh, job: batch }).health).toBeUndefined();
});

test("manual health checks leave the verdict to a person", () => {
  const update = { ...scriptedJob().Update, HealthCheck: "manual" };
  const late = input({ group: scriptedGroup({ Update: update }), nowNs: startNs + 400e9 });
  expect(decideHealth(late).health?.verdict).toBeUndefined();
});
