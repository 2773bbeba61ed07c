import { expect, test } from "vitest";
import { allocationId, deploymentId } from "../../../../src/model/ids.ts";
import type { Allocation } from "../../../../src/model/allocation.ts";
import { byName, viewGroup } from "../../../../src/reconciler/core/cluster/group-view.ts";
import { jobState } from "../../../support/job-state.ts";
import { buildAllocation } from "../../../support/build-allocation.ts";
import { buildGroup, buildJob, buildTask } from "../../../support/build-job.ts";

const none = { deployment: undefined, isPaused: false, isFailed: false };
const named = (index: number, over: Partial<Allocation> = {}): Allocation =>
  buildAllocation({ ID: allocationId(`a-${index}`), Name: `shop.web[${index}]`, ...over });

test("surplus is taken from the highest names", () => {
  const group = buildGroup({ Count: 1 });
  const job = buildJob({ TaskGroups: [group] });
  const view = viewGroup(jobState(job, [named(2), named(0), named(1)]), none, job, group);
  expect(view.kept.map((a) => a.ID)).toEqual(["a-0"]);
  expect(view.surplus.map((a) => a.ID)).toEqual(["a-2", "a-1"]);
});

test("of two with one name one is surplus", () => {
  const group = buildGroup({ Count: 2 });
  const job = buildJob({ TaskGroups: [group] });
  const twin = named(0, { ID: allocationId("twin"), CreateIndex: 9 });
  const view = viewGroup(jobState(job, [named(0), named(1), twin]), none, job, group);
  expect(view.surplus).toHaveLength(1);
  expect(new Set(view.kept.map((a) => a.Name)).size).toBe(2);
});

test("older versions split into those that may stay and those that may not", () => {
  const old = buildJob();
  const group = buildGroup({ Count: 1, Tasks: [buildTask({ Env: { A: "1" } })] });
  const destructive = buildJob({ Version: 1, TaskGroups: [group] });
  const gentle = buildJob({ Version: 1, Priority: 70 });
  const with_ = (job: typeof old) =>
    viewGroup(
      jobState(job, [named(0)], { versions: [old] }),
      none,
      job,
      job.TaskGroups[0] ?? group,
    );
  expect(with_(destructive).outdated).toHaveLength(1);
  expect(with_(gentle).inPlace).toHaveLength(1);
});

test("a canary of another deployment is stale", () => {
  const group = buildGroup({ Count: 1 });
  const job = buildJob({ TaskGroups: [group] });
  const canary = named(0, {
    ID: allocationId("canary"),
    DeploymentID: deploymentId("gone"),
    DeploymentStatus: { Healthy: true, Timestamp: null, Canary: true, ModifyIndex: 1 },
  });
  const view = viewGroup(jobState(job, [named(0), canary]), none, job, group);
  expect(view.staleCanaries.map((a) => a.ID)).toEqual(["canary"]);
  expect(view.kept.map((a) => a.ID)).toEqual(["a-0"]);
});

test("names sort by their number", () => {
  expect([named(10), named(9)].toSorted(byName).map((a) => a.ID)).toEqual(["a-9", "a-10"]);
});
