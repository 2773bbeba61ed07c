/** S4: what one decision may never ask for, whatever the allocations, the deployment and the job look like. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Allocation } from "../../../../src/model/allocation.ts";
import type { Deployment, DeploymentStatus } from "../../../../src/model/deployment.ts";
import { allocationId, deploymentId, nodeId } from "../../../../src/model/ids.ts";
import type { Job } from "../../../../src/model/job.ts";
import { reconcileJob } from "../../../../src/reconciler/core/cluster/reconcile-job.ts";
import type { GroupDecision } from "../../../../src/reconciler/core/cluster/types.ts";
import { jobState } from "../../../support/job-state.ts";
import { buildAllocation } from "../../../support/build-allocation.ts";
import { buildGroup, buildJob, buildTask, buildUpdate } from "../../../support/build-job.ts";
import { buildNode } from "../../../support/build-node.ts";
import { buildDeployment, buildDeploymentState } from "../../../support/build-deployment.ts";

const versionOf = (version: number, count: number, canary: number): Job =>
  buildJob({
    Version: version,
    TaskGroups: [
      buildGroup({
        Count: count,
        Update: buildUpdate({ MaxParallel: 2, Canary: canary }),
        ReschedulePolicy: {
          Attempts: 0,
          Interval: 0,
          Delay: 5e9,
          DelayFunction: "constant",
          MaxDelay: 60e9,
          Unlimited: true,
        },
        // Every other version differs in a way that needs new allocations.
        Tasks: [buildTask({ Env: { RELEASE: String(Math.floor(version / 2)) } })],
      }),
    ],
  });

const allocation = fc.record({
  index: fc.integer({ min: 0, max: 5 }),
  version: fc.integer({ min: 0, max: 3 }),
  ClientStatus: fc.constantFrom("pending", "running", "complete", "failed", "lost" as const),
  DesiredStatus: fc.constantFrom("run", "run", "stop" as const),
  healthy: fc.constantFrom(true, false, null),
  inDeployment: fc.boolean(),
  canary: fc.boolean(),
  migrate: fc.boolean(),
  reschedule: fc.boolean(),
  node: fc.constantFrom("node-1", "node-2", "gone"),
  age: fc.integer({ min: 0, max: 20 }),
});
const world = fc.record({
  count: fc.integer({ min: 0, max: 5 }),
  canary: fc.integer({ min: 0, max: 2 }),
  isStopped: fc.boolean(),
  status: fc.constantFrom<DeploymentStatus | undefined>(
    undefined,
    "running",
    "paused",
    "failed",
    "successful",
  ),
  promoted: fc.boolean(),
  allocations: fc.array(allocation, { maxLength: 8 }),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

const nowNs = 1_700_000_000_000_000_000;
const id = deploymentId("d");

function allocationsOf(given: World): Allocation[] {
  return given.allocations.map((a, at) =>
    buildAllocation({
      ID: allocationId(`a-${at}`),
      Name: `shop.web[${a.index}]`,
      NodeID: nodeId(a.node),
      JobVersion: a.version,
      ClientStatus: a.ClientStatus,
      DesiredStatus: a.DesiredStatus,
      CreateIndex: at,
      ModifyTime: nowNs - a.age * 1e9,
      DeploymentID: a.inDeployment && a.version === 3 ? id : null,
      DeploymentStatus: {
        Healthy: a.healthy,
        Timestamp: null,
        Canary: a.canary && a.inDeployment && a.version === 3,
        ModifyIndex: 1,
      },
      DesiredTransition: {
        ...buildAllocation().DesiredTransition,
        Migrate: a.migrate ? true : null,
        Reschedule: a.reschedule ? true : null,
      },
    }),
  );
}

function deploymentOf(given: World, allocations: readonly Allocation[]): Deployment | undefined {
  if (given.status === undefined) return undefined;
  const canaries = allocations.filter((a) => a.DeploymentStatus?.Canary === true).map((a) => a.ID);
  return buildDeployment({
    ID: id,
    JobVersion: 3,
    TaskGroups: {
      web: buildDeploymentState({
        ProgressDeadline: 0,
        Promoted: given.promoted,
        PlacedCanaries: canaries,
        DesiredCanaries: given.canary,
        DesiredTotal: given.count,
      }),
    },
    Status: given.status,
  });
}

function decide(given: World, allocations: readonly Allocation[]): GroupDecision {
  const job = { ...versionOf(3, given.count, given.canary), Stop: given.isStopped };
  const state = jobState(job, allocations, {
    nowNs,
    versions: [0, 1, 2].map((version) => versionOf(version, given.count, given.canary)),
    nodes: [buildNode("node-1"), buildNode("node-2")],
    deployment: deploymentOf(given, allocations),
  });
  const decision = reconcileJob(state, () => []).groups.find((group) => group.group === "web");
  if (!decision) throw new Error("nothing was decided about the group");
  return decision;
}

test("a decision stays within the count, touches nothing twice, and a stopped or failed one starts nothing", () => {
  fc.assert(
    fc.property(world, (given) => {
      const allocations = allocationsOf(given);
      const decision = decide(given, allocations);
      const { updates } = decision;
      const fresh = decision.place.filter((p) => !p.isCanary);
      const stopped = new Set(
        [...decision.stop, ...decision.replace.map((r) => r.stop)].map((s) => s.allocation.ID),
      );
      const living = allocations.filter(
        (a) =>
          a.DesiredStatus === "run" &&
          (a.ClientStatus === "running" || a.ClientStatus === "pending") &&
          a.NodeID !== nodeId("gone"),
      );
      const staying = living.filter(
        (a) => !stopped.has(a.ID) && a.DeploymentStatus?.Canary !== true,
      );
      expect(staying.length + decision.replace.length + fresh.length).toBeLessThanOrEqual(
        Math.max(given.count, living.length),
      );
      expect(stopped.size).toBe(decision.stop.length + decision.replace.length);
      expect(decision.inPlace.filter((a) => stopped.has(a.ID))).toEqual([]);
      expect(updates.Canary).toBeLessThanOrEqual(given.canary);
      expect(updates.DestructiveUpdate).toBeLessThanOrEqual(2);
      expect(updates.DestructiveUpdate + updates.InPlaceUpdate).toBeLessThanOrEqual(
        allocations.length,
      );
      expect(Math.min(...Object.values(updates))).toBeGreaterThanOrEqual(0);
      const names = [...staying.map((a) => a.Name), ...fresh.map((p) => p.name)];
      expect(new Set(names).size, names.join(" ")).toBe(names.length);
      if (given.isStopped || given.count === 0) {
        expect([fresh, decision.replace, decision.followUps].map((list) => list.length)).toEqual([
          0, 0, 0,
        ]);
      }
      if (given.isStopped) expect(staying).toEqual([]);
      if (given.status === "failed") expect(decision.startDeployment).toBeUndefined();
      if (given.status === "failed" || given.status === "paused")
        expect([updates.DestructiveUpdate, updates.Canary]).toEqual([0, 0]);
    }),
    { numRuns: 500 },
  );
});
