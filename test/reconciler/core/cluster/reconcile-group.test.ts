import { expect, test } from "vitest";
import type { Allocation } from "../../../../src/model/allocation.ts";
import { allocationId, deploymentId, nodeId } from "../../../../src/model/ids.ts";
import type { Job } from "../../../../src/model/job.ts";
import { reconcileGroup } from "../../../../src/reconciler/core/cluster/reconcile-group.ts";
import type {
  DeploymentContext,
  GroupDecision,
} from "../../../../src/reconciler/core/cluster/types.ts";
import { jobState } from "../../../support/job-state.ts";
import { buildAllocation } from "../../../support/build-allocation.ts";
import { buildGroup, buildJob, buildTask, buildUpdate } from "../../../support/build-job.ts";
import { buildNode } from "../../../support/build-node.ts";
import { buildDeployment } from "../../../support/build-deployment.ts";

const none: DeploymentContext = { deployment: undefined, isPaused: false, isFailed: false };
const jobOf = (version: number, count: number, env = "one", canary = 0): Job =>
  buildJob({
    Version: version,
    TaskGroups: [
      buildGroup({
        Count: count,
        Update: buildUpdate({ MaxParallel: 2, Canary: canary }),
        Tasks: [buildTask({ Env: { RELEASE: env } })],
      }),
    ],
  });
const many = (count: number, over: Partial<Allocation> = {}): Allocation[] =>
  Array.from({ length: count }, (_, index) =>
    buildAllocation({ ID: allocationId(`a-${index}`), Name: `shop.web[${index}]`, ...over }),
  );

function decide(
  job: Job,
  allocations: readonly Allocation[],
  context: DeploymentContext = none,
  over: Parameters<typeof jobState>[2] = {},
): GroupDecision {
  const group = job.TaskGroups[0] ?? buildGroup();
  const state = jobState(job, allocations, { versions: [jobOf(0, 1)], ...over });
  return reconcileGroup(state, context, job, group);
}
const counts = (decision: GroupDecision): Record<string, number> =>
  Object.fromEntries(Object.entries(decision.updates).filter(([, count]) => count > 0));

test("a new job places its count and starts a deployment", () => {
  const decision = decide(jobOf(0, 2), []);
  expect(counts(decision)).toEqual({ Place: 2 });
  expect(decision.place.map((p) => p.name)).toEqual(["shop.web[0]", "shop.web[1]"]);
  expect(decision.startDeployment).toMatchObject({ DesiredTotal: 2, DesiredCanaries: 0 });
});

test("nothing to do is nothing to do", () => {
  const decision = decide(jobOf(0, 2), many(2));
  expect(counts(decision)).toEqual({ Ignore: 2 });
  expect(decision.startDeployment).toBeUndefined();
});

test("a destructive change replaces max_parallel at a time", () => {
  const decision = decide(jobOf(1, 6, "two"), many(6));
  expect(counts(decision)).toEqual({ Ignore: 4, DestructiveUpdate: 2 });
  expect(decision.replace.map((r) => r.place.previous?.ID)).toEqual(["a-0", "a-1"]);
  expect(decision.replace[0]?.stop.description).toBe("alloc is being updated due to job update");
});

test("a lower count updates the rest in place", () => {
  const decision = decide(jobOf(1, 1), many(3));
  expect(counts(decision)).toEqual({ Stop: 2, InPlaceUpdate: 1 });
  expect(decision.stop.map((s) => s.allocation.ID).toSorted()).toEqual(["a-1", "a-2"]);
});

test("canaries are placed beside the old ones, which stay until promotion", () => {
  const decision = decide(jobOf(1, 3, "two", 1), many(3));
  expect(counts(decision)).toEqual({ Ignore: 3, Canary: 1 });
  expect(decision.place[0]).toMatchObject({ name: "shop.web[0]", isCanary: true });
  expect(decision.startDeployment).toMatchObject({ DesiredCanaries: 1, DesiredTotal: 3 });
});

test("an allocation on a dead node is lost and replaced under its name", () => {
  const nodes = [buildNode("node-1"), buildNode("node-2", { Status: "down" })];
  const [first, second] = many(2);
  const allocations = [
    ...(first ? [first] : []),
    ...(second ? [{ ...second, NodeID: nodeId("node-2") }] : []),
  ];
  const decision = decide(jobOf(0, 2), allocations, none, { nodes });
  expect(counts(decision)).toEqual({ Ignore: 1, Place: 1, Stop: 1 });
  expect(decision.stop[0]).toMatchObject({ clientStatus: "lost" });
  expect(decision.place[0]).toMatchObject({ name: "shop.web[1]" });
  expect(decision.startDeployment).toBeUndefined();
});

test("unproven and unhealthy ones use up the budget of a rolling update", () => {
  const id = deploymentId("d");
  const inDeployment = (healthy: boolean | null): Partial<Allocation> => ({
    JobVersion: 1,
    DeploymentID: id,
    DeploymentStatus: { Healthy: healthy, Timestamp: null, Canary: false, ModifyIndex: 1 },
  });
  const started = decide(jobOf(1, 6, "two"), many(6)).startDeployment;
  const deployment = buildDeployment({
    ID: id,
    JobVersion: 1,
    TaskGroups: started ? { web: started } : {},
  });
  const context = { deployment, isPaused: false, isFailed: false };
  const [head, ...rest] = many(6);
  const mixed = (healthy: boolean | null): Allocation[] => [
    ...(head ? [{ ...head, ...inDeployment(healthy) }] : []),
    ...rest,
  ];
  const destructive = (healthy: boolean | null, c: DeploymentContext = context): number =>
    decide(jobOf(1, 6, "two"), mixed(healthy), c).updates.DestructiveUpdate;
  expect(destructive(true)).toBe(2);
  expect(destructive(null)).toBe(1);
  expect(destructive(false)).toBe(0);
  expect(destructive(true, { ...context, isPaused: true })).toBe(0);
  expect(destructive(true, { ...context, isFailed: true })).toBe(0);
});
