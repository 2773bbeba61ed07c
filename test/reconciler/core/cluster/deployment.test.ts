import { formatInstant } from "../../../../src/lib/instant.ts";
import { expect, test } from "vitest";
import type { Allocation } from "../../../../src/model/allocation.ts";
import type { Deployment, DeploymentState } from "../../../../src/model/deployment.ts";
import { allocationId, deploymentId } from "../../../../src/model/ids.ts";
import {
  decideDeployment,
  isGroupComplete,
} from "../../../../src/reconciler/core/cluster/deployment.ts";
import type { DeploymentInput } from "../../../../src/reconciler/core/cluster/deployment.ts";
import { buildAllocation } from "../../../support/build-allocation.ts";
import { buildGroup, buildJob } from "../../../support/build-job.ts";
import { buildDeployment, buildDeploymentState } from "../../../support/build-deployment.ts";

const now = 1_700_000_000_000_000_000;
const state = (over: Partial<DeploymentState> = {}): DeploymentState =>
  buildDeploymentState({
    ProgressDeadline: 40e9,
    RequireProgressBy: formatInstant(now + 10e9),
    DesiredTotal: 2,
    PlacedAllocs: 2,
    ...over,
  });
const deployment = (group: Partial<DeploymentState> = {}, over: Partial<Deployment> = {}) =>
  buildDeployment({
    JobVersion: 3,
    TaskGroups: { web: state(group) },
    CreateTime: now,
    ModifyTime: now,
    ...over,
  });
const health = (id: string, Healthy: boolean | null, over: Partial<Allocation> = {}) =>
  buildAllocation({
    ID: allocationId(id),
    DeploymentID: deploymentId("d"),
    DeploymentStatus: { Healthy, Timestamp: null, Canary: false, ModifyIndex: 20 },
    ...over,
  });
const decide = (over: Partial<DeploymentInput>) =>
  decideDeployment({
    deployment: deployment(),
    job: buildJob(),
    allocations: [],
    keepsOld: new Set(),
    evaluatedIndex: 10,
    isEvaluationPending: false,
    revertTarget: undefined,
    nowNs: now,
    ...over,
  });

test("a newly healthy allocation asks for the next batch, once", () => {
  const allocations = [health("a", true)];
  expect(decide({ allocations }).action).toMatchObject({ kind: "evaluate", reschedule: [] });
  expect(decide({ allocations, evaluatedIndex: 20 }).action.kind).toBe("nothing");
  expect(decide({ allocations, isEvaluationPending: true }).action.kind).toBe("nothing");
});

test("the next batch may wait for others only while there are any to wait for", () => {
  const act = (...allocations: Parameters<typeof health>[]) =>
    decide({ allocations: allocations.map((args) => health(...args)) }).action;
  expect(act(["a", true], ["b", null])).toMatchObject({ kind: "evaluate", mayWait: true });
  expect(act(["a", true], ["b", true])).toMatchObject({ kind: "evaluate", mayWait: false });
  const gone = { DesiredStatus: "stop", ClientStatus: "complete" } as const;
  expect(act(["a", true], ["b", null, gone])).toMatchObject({ mayWait: false });
});

test("it waits for the progress deadline and then fails", () => {
  expect(decide({})).toEqual({ action: { kind: "nothing" }, wakeAtNs: now + 10e9 });
  expect(decide({ nowNs: now + 10e9 }).action).toEqual({
    kind: "fail",
    description: "Failed due to progress deadline",
    revertTo: undefined,
  });
});

test("canaries that wait for a person are never late", () => {
  const canary = { DesiredCanaries: 1, HealthyAllocs: 1, PlacedCanaries: [allocationId("a")] };
  const input = { deployment: deployment(canary), evaluatedIndex: 99, nowNs: now + 100e9 };
  expect(decide(input)).toEqual({ action: { kind: "nothing" }, wakeAtNs: undefined });
});

test("healthy canaries are promoted when the job says so", () => {
  const canary = { DesiredCanaries: 1, PlacedCanaries: [allocationId("a")], AutoPromote: true };
  const waiting = { deployment: deployment(canary), allocations: [health("a", null)] };
  expect(decide(waiting).action.kind).toBe("nothing");
  expect(decide({ ...waiting, allocations: [health("a", true)] }).action.kind).toBe("promote");
});

test("success waits until an evaluation has seen the last change", () => {
  const done = { deployment: deployment({ HealthyAllocs: 2 }), allocations: [health("a", true)] };
  expect(decide(done).action.kind).toBe("evaluate");
  expect(decide({ ...done, evaluatedIndex: 20 }).action.kind).toBe("succeed");
  expect(decide({ ...done, evaluatedIndex: 20, isEvaluationPending: true }).action.kind).toBe(
    "nothing",
  );
});

test("an unhealthy allocation that may not be rescheduled fails the deployment and goes back once", () => {
  const allocations = [health("a", false, { ClientStatus: "failed" })];
  const revert = { deployment: deployment({ AutoRevert: true }), allocations };
  expect(decide({ allocations }).action).toMatchObject({
    description: "Failed due to unhealthy allocations",
  });
  expect(
    decide({ ...revert, revertTarget: { version: 1, hasSameSpec: false } }).action,
  ).toMatchObject({
    description: "Failed due to unhealthy allocations - rolling back to job version 1",
    revertTo: 1,
  });
  expect(
    decide({ ...revert, revertTarget: { version: 1, hasSameSpec: true } }).action,
  ).toMatchObject({ kind: "fail", revertTo: undefined });
  expect(decide(revert).action).toMatchObject({
    description: "Failed due to unhealthy allocations - no stable job version to auto revert to",
  });
});

test("one that may be rescheduled is released for it instead", () => {
  const job = buildJob({
    TaskGroups: [
      buildGroup({
        ReschedulePolicy: {
          Attempts: 0,
          Interval: 0,
          Delay: 5e9,
          DelayFunction: "constant",
          MaxDelay: 60e9,
          Unlimited: true,
        },
      }),
    ],
  });
  const failed = health("a", false, { ClientStatus: "failed" });
  expect(decide({ job, allocations: [failed] }).action).toMatchObject({
    kind: "evaluate",
    reschedule: ["a"],
  });
  const released = {
    ...failed,
    DesiredTransition: { ...failed.DesiredTransition, Reschedule: true },
  };
  expect(decide({ job, allocations: [released] }).action.kind).toBe("nothing");
});

test("paused and finished deployments are left alone", () => {
  for (const Status of ["paused", "failed", "successful"] as const)
    expect(decide({ deployment: deployment({}, { Status }), nowNs: now + 99e9 })).toEqual({
      action: { kind: "nothing" },
      wakeAtNs: undefined,
    });
});

test("a group is complete with all healthy and its canaries promoted", () => {
  expect(isGroupComplete(state({ HealthyAllocs: 1 }))).toBe(false);
  expect(isGroupComplete(state({ HealthyAllocs: 2 }))).toBe(true);
  expect(isGroupComplete(state({ HealthyAllocs: 2, DesiredCanaries: 1 }))).toBe(false);
});
