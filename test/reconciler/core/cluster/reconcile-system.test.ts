import { expect, test } from "vitest";
import type { Allocation } from "../../../../src/model/allocation.ts";
import { allocationId, nodeId } from "../../../../src/model/ids.ts";
import { reconcileSystemGroup } from "../../../../src/reconciler/core/cluster/reconcile-system.ts";
import { jobState } from "../../../support/job-state.ts";
import { buildAllocation } from "../../../support/build-allocation.ts";
import { buildGroup, buildJob, buildTask } from "../../../support/build-job.ts";
import { buildNode } from "../../../support/build-node.ts";

const none = { deployment: undefined, isPaused: false, isFailed: false };
const nodes = [buildNode("node-1"), buildNode("node-2")];
const on = (node: string, over: Partial<Allocation> = {}): Allocation =>
  buildAllocation({ ID: allocationId(`on-${node}`), NodeID: nodeId(node), ...over });

test("each feasible node gets one", () => {
  const group = buildGroup();
  const job = buildJob({ Type: "system", TaskGroups: [group] });
  const decision = reconcileSystemGroup(
    jobState(job, [on("node-1")], { nodes }),
    none,
    group,
    nodes,
  );
  expect(decision.place.map((p) => [p.onNode, p.name])).toEqual([["node-2", "shop.web[0]"]]);
  expect(decision.updates).toMatchObject({ Place: 1, Ignore: 1 });
});

test("a destructive change counts as a placement too", () => {
  const group = buildGroup({ Tasks: [buildTask({ Env: { A: "1" } })] });
  const job = buildJob({ Type: "system", Version: 1, TaskGroups: [group] });
  const old = buildJob({ Type: "system" });
  const one = nodes.slice(0, 1);
  const state = jobState(job, [on("node-1")], { nodes: one, versions: [old] });
  const decision = reconcileSystemGroup(state, none, group, one);
  expect(decision.updates).toMatchObject({ Place: 1, DestructiveUpdate: 1, Ignore: 0 });
  expect(decision.startDeployment).toMatchObject({ DesiredTotal: 1 });
});

test("a drained node loses its allocation without a replacement", () => {
  const group = buildGroup();
  const job = buildJob({ Type: "system", TaskGroups: [group] });
  const draining = on("node-1", {
    DesiredTransition: { ...buildAllocation().DesiredTransition, Migrate: true },
  });
  const decision = reconcileSystemGroup(jobState(job, [draining], { nodes }), none, group, []);
  expect(decision.updates).toMatchObject({ Migrate: 1, Place: 0, Stop: 0 });
  expect(decision.stop[0]?.description).toBe("alloc not needed as node is tainted");
});

test("finished sysbatch work stays finished until the job changes", () => {
  const group = buildGroup({ Update: null });
  const job = buildJob({ Type: "sysbatch", TaskGroups: [group] });
  const done = on("node-1", { ClientStatus: "complete" });
  const one = nodes.slice(0, 1);
  const placed = (version: number): number =>
    reconcileSystemGroup(
      jobState({ ...job, Version: version }, [done], { nodes: one }),
      none,
      group,
      one,
    ).place.length;
  expect(placed(0)).toBe(0);
  expect(placed(1)).toBe(1);
});
