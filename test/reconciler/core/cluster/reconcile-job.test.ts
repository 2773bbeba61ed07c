import { expect, test } from "vitest";
import { nodeId } from "../../../../src/model/ids.ts";
import { reconcileJob } from "../../../../src/reconciler/core/cluster/reconcile-job.ts";
import { jobState } from "../../../support/job-state.ts";
import { buildAllocation } from "../../../support/build-allocation.ts";
import { buildGroup, buildJob } from "../../../support/build-job.ts";
import { buildNode } from "../../../support/build-node.ts";
import { buildDeployment } from "../../../support/build-deployment.ts";

const deployment = buildDeployment();
const noNodes = () => [];

test("a stopped or purged job stops everything and cancels its deployment", () => {
  for (const job of [buildJob({ Stop: true, Version: 1 }), undefined]) {
    const decision = reconcileJob(jobState(job, [buildAllocation()], { deployment }), noNodes);
    expect(decision.groups).toMatchObject([
      {
        group: "web",
        place: [],
        updates: { Stop: 1 },
        stop: [{ description: "alloc not needed due to job update" }],
      },
    ]);
    expect(decision.deploymentUpdates).toMatchObject([
      { status: "cancelled", statusDescription: "Cancelled because job is stopped" },
    ]);
  }
});

test("nothing is said of the groups of a purged job that stand still already", () => {
  const over = [buildAllocation({ DesiredStatus: "stop", ClientStatus: "complete" })];
  expect(reconcileJob(jobState(undefined, over), noNodes).groups).toEqual([]);
  const stopped = buildJob({ Stop: true, Version: 1 });
  expect(reconcileJob(jobState(stopped, over), noNodes).groups).toMatchObject([{ group: "web" }]);
});

test("a newer version cancels the older deployment", () => {
  const decision = reconcileJob(jobState(buildJob({ Version: 1 }), [], { deployment }), noNodes);
  expect(decision.deploymentUpdates).toMatchObject([
    { statusDescription: "Cancelled due to newer version of job" },
  ]);
  expect(decision.deployment).toBeUndefined();
});

test("a removed group is stopped", () => {
  const job = buildJob({ Version: 1, TaskGroups: [buildGroup({ Name: "quay" })] });
  const decision = reconcileJob(jobState(job, [buildAllocation()]), noNodes);
  expect(decision.groups.map((g) => [g.group, g.updates.Place, g.updates.Stop])).toEqual([
    ["quay", 1, 0],
    ["web", 0, 1],
  ]);
});

test("what ran on a node that is gone is marked lost, also when the job stops", () => {
  const nodes = [buildNode("node-1", { Status: "down" })];
  const stopped = buildAllocation({ DesiredStatus: "stop", NodeID: nodeId("node-1") });
  const decision = reconcileJob(
    jobState(buildJob({ Stop: true }), [buildAllocation(), stopped], { nodes }),
    noNodes,
  );
  expect(decision.groups[0]?.stop.map((s) => s.clientStatus)).toEqual(["lost", "lost"]);
  expect(decision.groups[0]?.updates.Stop).toBe(1);
});
