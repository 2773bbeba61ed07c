import { beforeEach, describe, expect, test } from "vitest";
import type { Allocation } from "../../../src/model/allocation.ts";
import type { DeploymentState } from "../../../src/model/deployment.ts";
import { allocationId, deploymentId, evaluationId, jobId, nodeId } from "../../../src/model/ids.ts";
import type { Job } from "../../../src/model/job.ts";
import { createTestState } from "../../support/state.ts";
import type { TestState } from "../../support/state.ts";
import { numberedAllocation } from "../../support/build-allocation.ts";
import { buildPlan, buildRegistration, buildReport } from "../../support/build-commands.ts";
import { numberedDeployment } from "../../support/build-deployment.ts";
import { buildEvaluation } from "../../support/build-evaluation.ts";
import { buildJob } from "../../support/build-job.ts";
import { numberedNode } from "../../support/build-node.ts";
import { uuid } from "../../support/uuid.ts";

let state: TestState;
let job: Job;
const key = { namespace: "default", id: jobId("shop") };
beforeEach(() => {
  state = createTestState();
  state.apply("job.register", buildRegistration(buildJob()));
  job = state.read.job(key) ?? buildJob();
});

const allocation = (n: number): Allocation => {
  const found = state.read.allocation(allocationId(uuid(n)));
  if (found === undefined) throw new Error(`no allocation ${n}`);
  return found;
};
const group = (): DeploymentState | undefined =>
  state.read.deployment(deploymentId(uuid(5)))?.TaskGroups["web"];
const place = (...allocations: readonly Allocation[]) =>
  state.apply("plan.apply", buildPlan({ place: allocations }));
const stop = (n: number, clientStatus: "lost" | "unknown" | null = null) =>
  state.apply(
    "plan.apply",
    buildPlan({
      stop: [
        {
          allocationId: allocationId(uuid(n)),
          desiredStatus: "stop",
          desiredDescription: "alloc not needed due to job update",
          clientStatus,
          followupEvalId: null,
        },
      ],
    }),
  );

describe("indexes", () => {
  test("a placement sets all of them, a report only ModifyIndex", () => {
    place(numberedAllocation(1, job));
    expect(allocation(1)).toMatchObject({ CreateIndex: 3, ModifyIndex: 3, AllocModifyIndex: 3 });
    state.apply("allocation.report", buildReport(1, "running"));
    expect(allocation(1)).toMatchObject({ CreateIndex: 3, ModifyIndex: 4, AllocModifyIndex: 3 });
  });

  test("a stop, a wish and a follow-up are the servers' changes", () => {
    place(numberedAllocation(1, job), numberedAllocation(2, job), numberedAllocation(3, job));
    stop(1);
    expect(allocation(1)).toMatchObject({ AllocModifyIndex: 4, ClientStatus: "pending" });
    const transition = { Migrate: true };
    state.apply("allocation.transition", {
      transitions: [{ allocationId: allocationId(uuid(2)), transition }],
      evaluations: [],
    });
    expect(allocation(2)).toMatchObject({ AllocModifyIndex: 5 });
    const followUps = [
      { allocationId: allocationId(uuid(3)), evaluationId: evaluationId(uuid(8)) },
    ];
    state.apply("plan.apply", buildPlan({ followUps }));
    expect(allocation(3)).toMatchObject({ AllocModifyIndex: 6, FollowupEvalID: uuid(8) });
  });

  test("wishes add up", () => {
    place(numberedAllocation(1, job));
    for (const transition of [{ Migrate: true }, { ForceReschedule: true }, { Migrate: false }])
      state.apply("allocation.transition", {
        transitions: [{ allocationId: allocationId(uuid(1)), transition }],
        evaluations: [],
      });
    expect(allocation(1).DesiredTransition).toEqual({
      Migrate: false,
      Reschedule: null,
      ForceReschedule: true,
      NoShutdownDelay: null,
    });
  });

  test("a successor is written on its predecessor without waking that one's node", () => {
    place(numberedAllocation(1, job));
    place(numberedAllocation(2, job, { PreviousAllocation: allocationId(uuid(1)) }));
    expect(allocation(1)).toMatchObject({
      NextAllocation: uuid(2),
      ModifyIndex: 4,
      AllocModifyIndex: 3,
    });
  });
});

describe("reports", () => {
  test("of another node's, of unknown and of unchanged allocations change nothing", () => {
    place(numberedAllocation(1, job));
    state.apply("allocation.report", { ...buildReport(1, "failed"), nodeId: nodeId(uuid(2)) });
    state.apply("allocation.report", buildReport(77, "failed"));
    expect(allocation(1)).toMatchObject({ ClientStatus: "pending", ModifyIndex: 3 });
    state.apply("allocation.report", buildReport(1, "running"));
    const after = allocation(1);
    state.apply("allocation.report", buildReport(1, "running"));
    expect(allocation(1)).toEqual(after);
    expect(state.read.tableIndex("allocations")).toBe(after.ModifyIndex);
  });

  test("keep what the servers own", () => {
    place(numberedAllocation(1, job));
    stop(1);
    state.apply("allocation.report", buildReport(1, "complete"));
    expect(allocation(1)).toMatchObject({
      DesiredStatus: "stop",
      DesiredDescription: "alloc not needed due to job update",
      ClientStatus: "complete",
      ModifyTime: state.nextAtNs() - 1e9,
    });
  });

  test("an allocation that was lost from sight and came back shows both times", () => {
    place(numberedAllocation(1, job));
    stop(1, "unknown");
    state.apply("allocation.report", buildReport(1, "running"));
    expect(allocation(1).AllocStates).toEqual([
      { Field: "ClientStatus", Value: "unknown", Time: "2023-11-14T22:13:24Z" },
      { Field: "ClientStatus", Value: "running", Time: "2023-11-14T22:13:25Z" },
    ]);
  });

  test("note on the node that it reported, without changing the node for its watchers", () => {
    state.apply("node.register", { node: numberedNode(1), evaluations: [] });
    place(numberedAllocation(1, job));
    state.apply("allocation.report", buildReport(1, "running"));
    expect(state.read.node(nodeId(uuid(1)))).toMatchObject({
      LastAllocUpdateIndex: 5,
      ModifyIndex: 3,
    });
    expect(state.read.tableIndex("nodes")).toBe(3);
  });
});

describe("deployment progress", () => {
  const deploy = (state_: Partial<DeploymentState> = {}, ...allocations: readonly Allocation[]) =>
    state.apply(
      "plan.apply",
      buildPlan({ createDeployment: numberedDeployment(5, job, state_), place: allocations }),
    );
  const member = (n: number, canary = false): Allocation =>
    numberedAllocation(n, job, {
      DeploymentID: deploymentId(uuid(5)),
      DeploymentStatus: canary
        ? { Healthy: null, Timestamp: null, Canary: true, ModifyIndex: 0 }
        : null,
    });

  test("the first placement starts the clock, healthy allocations push it, placements do not", () => {
    deploy({}, member(1), member(2));
    const started = group()?.RequireProgressBy;
    expect(group()).toMatchObject({ PlacedAllocs: 2, HealthyAllocs: 0 });
    expect(started).toBe("2023-11-14T22:23:23Z");
    place(member(3));
    expect(group()).toMatchObject({ PlacedAllocs: 3, RequireProgressBy: started });
    state.apply("allocation.report", buildReport(1, "running", true, "2023-11-14T22:15:00.25Z"));
    expect(group()).toMatchObject({
      HealthyAllocs: 1,
      RequireProgressBy: "2023-11-14T22:25:00.25Z",
    });
    expect(allocation(1).DeploymentStatus).toEqual({
      Healthy: true,
      Timestamp: "2023-11-14T22:15:00.25Z",
      Canary: false,
      ModifyIndex: state.index(),
    });
  });

  test("an earlier health time does not pull the deadline back", () => {
    deploy({}, member(1));
    const started = group()?.RequireProgressBy;
    state.apply("allocation.report", buildReport(1, "running", true, "2023-11-14T22:00:00Z"));
    expect(group()?.RequireProgressBy).toBe(started);
  });

  test("without a progress deadline there is no clock", () => {
    deploy({ ProgressDeadline: 0 }, member(1));
    state.apply("allocation.report", buildReport(1, "running", true));
    expect(group()).toMatchObject({ HealthyAllocs: 1, RequireProgressBy: null });
  });

  test("health that turns is counted over", () => {
    deploy({}, member(1), member(2));
    state.apply("allocation.report", buildReport(1, "running", true));
    state.apply("allocation.report", buildReport(2, "failed", false));
    expect(group()).toMatchObject({ HealthyAllocs: 1, UnhealthyAllocs: 1 });
    state.apply("deployment.health", {
      deploymentId: deploymentId(uuid(5)),
      healthy: [allocationId(uuid(2))],
      unhealthy: [allocationId(uuid(1))],
      at: "2023-11-14T22:16:00Z",
      update: null,
      evaluations: [],
    });
    expect(group()).toMatchObject({ HealthyAllocs: 1, UnhealthyAllocs: 1 });
    expect(allocation(1).DeploymentStatus?.Healthy).toBe(false);
  });

  test("health without a time has none", () => {
    deploy({}, member(1));
    const [report] = buildReport(1, "running", true).reports;
    state.apply("allocation.report", {
      ...buildReport(1, "running", true),
      reports: report ? [{ ...report, health: { healthy: true, at: "" } }] : [],
    });
    expect(allocation(1).DeploymentStatus).toMatchObject({ Healthy: true, Timestamp: null });
  });

  test("an in-place update joins the new deployment and loses its old health", () => {
    place(numberedAllocation(1, job, { DeploymentID: deploymentId(uuid(4)) }));
    const updateInPlace = [
      {
        allocationId: allocationId(uuid(1)),
        jobVersion: 0,
        deploymentId: deploymentId(uuid(5)),
        allocatedResources: allocation(1).AllocatedResources,
      },
    ];
    const createDeployment = numberedDeployment(5, job);
    state.apply("plan.apply", buildPlan({ createDeployment, updateInPlace }));
    expect(allocation(1)).toMatchObject({ DeploymentID: uuid(5), DeploymentStatus: null });
    expect(group()).toMatchObject({ PlacedAllocs: 1 });
  });

  describe("promotion", () => {
    const promote = (groups: readonly string[] | null = null) =>
      state.apply("deployment.promote", {
        deploymentId: deploymentId(uuid(5)),
        groups,
        evaluations: [buildEvaluation(70, job)],
      });

    test("waits for healthy canaries, then they are canaries no more", () => {
      expect(promote()).toMatchObject({ refused: "not-found" });
      deploy({ DesiredCanaries: 1 });
      expect(promote()).toMatchObject({ refused: "no-canaries" });
      place(member(1, true));
      expect(group()?.PlacedCanaries).toEqual([uuid(1)]);
      expect(promote()).toEqual({
        refused: "unhealthy-canaries",
        detail: 'Task group "web" has 0/1 healthy allocations',
      });
      expect(state.read.evaluation(evaluationId(uuid(70)))).toBeUndefined();
      state.apply("allocation.report", buildReport(1, "running", true));
      expect(promote(["other"])).toMatchObject({ refused: "no-canaries" });
      expect(promote()).toEqual({ ok: true });
      expect(group()?.Promoted).toBe(true);
      expect(allocation(1)).toMatchObject({
        DeploymentStatus: { Canary: false, Healthy: true },
        AllocModifyIndex: state.index(),
      });
      expect(state.read.evaluation(evaluationId(uuid(70)))).toBeDefined();
    });

    test("a finished deployment takes neither promotion, status nor health", () => {
      deploy({ DesiredCanaries: 1 }, member(1, true));
      const update = {
        deploymentId: deploymentId(uuid(5)),
        status: "failed" as const,
        statusDescription: "Deployment marked as failed",
      };
      const body = { update, job: null, markStable: false, evaluations: [] };
      expect(state.apply("deployment.status", body)).toEqual({ ok: true });
      expect(state.apply("deployment.status", body)).toMatchObject({ refused: "terminal" });
      expect(promote()).toMatchObject({ refused: "terminal" });
    });
  });

  test("a rollback registers the older spec as a new version in the same entry", () => {
    state.apply("job.register", buildRegistration(buildJob({ Priority: 70 })));
    deploy();
    state.apply("deployment.status", {
      update: {
        deploymentId: deploymentId(uuid(5)),
        status: "failed",
        statusDescription: "Failed due to unhealthy allocations - rolling back to job version 0",
      },
      job: buildJob(),
      markStable: false,
      evaluations: [buildEvaluation(71, job, { JobModifyIndex: 0 })],
    });
    expect(state.read.job(key)).toMatchObject({ Version: 2, Priority: 50 });
    // A deployment moves on without a change of its job by anybody.
    expect(state.read.evaluation(evaluationId(uuid(71)))?.JobModifyIndex).toBe(0);
  });
});
