import { expect, test } from "vitest";
import type { Allocation, TaskState } from "../../../../src/model/allocation.ts";
import { allocationId, deploymentId, nodeId } from "../../../../src/model/ids.ts";
import { keptPredecessor, reviveKept } from "../../../../src/reconciler/core/cluster/revive.ts";
import { buildAllocation } from "../../../support/build-allocation.ts";
import { buildDeployment } from "../../../support/build-deployment.ts";
import { buildJob } from "../../../support/build-job.ts";

const neverStarted: TaskState = {
  State: "dead",
  Failed: true,
  Restarts: 2,
  LastRestart: null,
  StartedAt: null,
  FinishedAt: "2026-01-01T00:00:00Z",
  Events: [],
};
const before = buildAllocation({
  DesiredStatus: "stop",
  DesiredDescription: "alloc is being updated due to job update",
  NextAllocation: allocationId("a-2"),
});
const successor = buildAllocation({
  ID: allocationId("a-2"),
  PreviousAllocation: before.ID,
  ClientStatus: "failed",
  TaskStates: { main: neverStarted },
  DeploymentID: deploymentId("d"),
});
const failed = buildDeployment({ Status: "failed" });
const world = { job: buildJob(), allocations: [before, successor], deployment: failed };

test("what a node kept is wanted again, and its successor is over", () => {
  const { state, revive } = reviveKept(world);
  expect(revive).toEqual([{ allocationId: before.ID, successorId: successor.ID }]);
  expect(state.allocations).toEqual([
    { ...before, DesiredStatus: "run", DesiredDescription: "", NextAllocation: null },
    { ...successor, NextAllocation: before.ID },
  ]);
});

test("nothing is revived of a job that stops, nor while the deployment goes on, nor for another one", () => {
  const none = (over: Partial<typeof world>): number =>
    reviveKept({ ...world, ...over }).revive.length;
  expect(none({})).toBe(1);
  expect(none({ job: buildJob({ Stop: true }) })).toBe(0);
  expect(none({ deployment: buildDeployment() })).toBe(0);
  expect(
    none({ deployment: buildDeployment({ ID: deploymentId("other"), Status: "failed" }) }),
  ).toBe(0);
});

test.each<[string, Partial<Allocation>, Partial<Allocation>]>([
  ["whose predecessor has gone", { ClientStatus: "complete" }, {}],
  ["whose predecessor is wanted", { DesiredStatus: "run" }, {}],
  ["on another node", {}, { NodeID: nodeId("node-2") }],
  ["that may yet start", {}, { ClientStatus: "pending" }],
  ["that has a successor itself", {}, { NextAllocation: allocationId("a-3") }],
  [
    "that did start",
    {},
    { TaskStates: { main: { ...neverStarted, StartedAt: "2026-01-01T00:00:00Z" } } },
  ],
])("a successor %s keeps nothing", (_what, old, next) => {
  expect(keptPredecessor(successor, () => before)).toBe(before);
  const other = { ...before, ...old };
  expect(keptPredecessor({ ...successor, ...next }, () => other)).toBeUndefined();
});

test("those between a failed successor and the kept one are passed over while none of them ever started", () => {
  const between = buildAllocation({
    ID: allocationId("a-between"),
    PreviousAllocation: before.ID,
    DesiredStatus: "stop",
    ClientStatus: "complete",
    TaskStates: { main: { ...neverStarted, Failed: false } },
  });
  const last = { ...successor, PreviousAllocation: between.ID };
  const revivedBy = (middle: Allocation) =>
    reviveKept({ ...world, allocations: [before, middle, last] }).revive;
  expect(revivedBy(between)).toEqual([{ allocationId: before.ID, successorId: last.ID }]);
  expect(revivedBy({ ...between, NodeID: nodeId("node-2") })).toEqual([]);
  const StartedAt = "2026-01-01T00:00:00Z";
  const TaskStates = { main: { ...neverStarted, StartedAt } };
  expect(revivedBy({ ...between, TaskStates })).toEqual([]);
});
