import { expect, test } from "vitest";
import { emptyPlan, newEvaluation } from "../../../../src/model/build.ts";
import { allocationId, deploymentId, evaluationId } from "../../../../src/model/ids.ts";
import type { Plan } from "../../../../src/model/plan.ts";
import { partsOfPlan } from "../../../../src/reconciler/core/scheduler/plan-parts.ts";
import { buildAllocation } from "../../../support/build-allocation.ts";
import { buildJob } from "../../../support/build-job.ts";

const base = emptyPlan(evaluationId("e"));
const place = (id: string, previous: string | null = null) =>
  buildAllocation({
    ID: allocationId(id),
    PreviousAllocation: previous === null ? null : allocationId(previous),
  });
const stop = (id: string): Plan["stop"][number] => ({
  allocationId: allocationId(id),
  desiredStatus: "stop",
  desiredDescription: "",
  clientStatus: null,
  followupEvalId: null,
});
const after = newEvaluation({
  id: evaluationId("after"),
  job: buildJob(),
  trigger: "rolling-update",
  nowNs: 1,
});

test("a small plan stays whole", () => {
  const plan = { ...base, place: [place("a")], stop: [stop("b")] };
  expect(partsOfPlan(plan, 4)).toEqual([plan]);
});

test("nothing is lost, and nothing comes twice", () => {
  const names = Array.from({ length: 11 }, (_, n) => `new-${n}`);
  const plan: Plan = {
    ...base,
    place: names.map((name, n) => place(name, n < 6 ? `old-${n}` : null)),
    stop: Array.from({ length: 9 }, (_, n) => stop(`old-${n}`)),
    updateInPlace: Array.from({ length: 5 }, (_, n) => ({
      allocationId: allocationId(`kept-${n}`),
      jobVersion: 1,
      deploymentId: null,
      allocatedResources: place("x").AllocatedResources,
    })),
    followUps: [{ allocationId: allocationId("failed"), evaluationId: evaluationId("later") }],
    createEvaluations: [after],
  };
  const parts = partsOfPlan(plan, 4);
  expect(parts.flatMap((part) => part.place)).toEqual(plan.place);
  expect(parts.flatMap((part) => part.stop.map((one) => one.allocationId)).toSorted()).toEqual(
    plan.stop.map((one) => one.allocationId).toSorted(),
  );
  expect(parts.flatMap((part) => part.updateInPlace)).toEqual(plan.updateInPlace);
  expect(parts.flatMap((part) => part.followUps)).toEqual(plan.followUps);
  const sizes = parts.map(
    (part) => part.place.length + part.stop.length + part.updateInPlace.length,
  );
  expect(Math.max(...sizes)).toBeLessThanOrEqual(4);
});

test("what only stops goes first, and a successor comes with the one that it replaces", () => {
  const plan = {
    ...base,
    place: [place("n1", "o1"), place("n2", "o2"), place("n3", "o3")],
    stop: [stop("o1"), stop("o2"), stop("o3"), stop("gone")],
  };
  const parts = partsOfPlan(plan, 2);
  expect(parts.map((part) => part.stop.map((one) => one.allocationId))).toEqual([
    ["gone"],
    ["o1"],
    ["o2"],
    ["o3"],
  ]);
  expect(parts.map((part) => part.place.map((one) => one.ID))).toEqual([
    [],
    ["n1"],
    ["n2"],
    ["n3"],
  ]);
});

test("the deployment begins with the first part, and what follows comes with the last", () => {
  const deploymentUpdates: Plan["deploymentUpdates"] = [
    { deploymentId: deploymentId("d"), status: "cancelled", statusDescription: "" },
  ];
  const plan = {
    ...base,
    place: ["a", "b", "c"].map((id) => place(id)),
    deploymentUpdates,
    createEvaluations: [after],
  };
  const parts = partsOfPlan(plan, 2);
  expect(parts.map((part) => part.deploymentUpdates.length)).toEqual([1, 0, 0]);
  expect(parts.map((part) => part.createEvaluations.length)).toEqual([0, 0, 1]);
});
