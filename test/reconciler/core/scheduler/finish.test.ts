import { expect, test } from "vitest";
import { newEvaluation } from "../../../../src/model/build.ts";
import { allocationId, evaluationId } from "../../../../src/model/ids.ts";
import { evaluateOnce } from "../../../support/cluster-world.ts";
import { buildAllocation } from "../../../support/build-allocation.ts";
import { buildGroup, buildJob, buildResources, buildTask } from "../../../support/build-job.ts";
import { buildNode } from "../../../support/build-node.ts";

const nodes = [buildNode("node-1")];
const tooBig = buildJob({
  TaskGroups: [
    buildGroup({ Count: 2, Tasks: [buildTask({ Resources: buildResources({ MemoryMB: 9000 }) })] }),
  ],
});
const waiting = newEvaluation({
  id: evaluationId("waiting"),
  job: buildJob(),
  trigger: "queued-allocs",
  nowNs: 1,
  overrides: { Status: "blocked" },
});

test("what cannot be placed waits in an evaluation of its own", () => {
  const [done, blocked] = evaluateOnce(tooBig, { nodes }).evaluations;
  expect(done).toMatchObject({
    Status: "complete",
    BlockedEval: blocked?.ID,
    QueuedAllocations: { web: 2 },
    FailedTGAllocs: { web: { CoalescedFailures: 1 } },
  });
  expect(blocked).toMatchObject({
    Status: "blocked",
    TriggeredBy: "queued-allocs",
    PreviousEval: "e-now",
    DeploymentID: null,
    PlanAnnotations: null,
    QueuedAllocations: null,
    ClassEligibility: { "class-a": true },
  });
});

test("a blocked evaluation stays the same one until it succeeds", () => {
  const again = evaluateOnce(tooBig, {
    nodes,
    evaluation: { Status: "blocked", SnapshotIndex: 3 },
  });
  expect(again.evaluations).toMatchObject([{ ID: "e-now", Status: "blocked", SnapshotIndex: 100 }]);
  const done = evaluateOnce(buildJob(), { nodes, evaluation: { Status: "blocked" } });
  expect(done.evaluations).toMatchObject([
    { ID: "e-now", Status: "complete", StatusDescription: "" },
  ]);
});

test("one that waited before is cancelled by a success, or by a newer one that waits", () => {
  const texts = (job: typeof tooBig) =>
    evaluateOnce(job, { nodes, blocked: [waiting] })
      .evaluations.filter((e) => e.ID === "waiting")
      .map((e) => [e.Status, e.StatusDescription]);
  expect(texts(buildJob())).toEqual([["canceled", 'evaluation "e-now" successful']]);
  expect(texts(tooBig)).toEqual([
    ["canceled", 'existing blocked evaluation exists for job "shop"'],
  ]);
});

test("failures that are due later share a follow-up that waits", () => {
  const group = buildGroup({
    Count: 2,
    ReschedulePolicy: {
      Attempts: 0,
      Interval: 0,
      Delay: 30e9,
      DelayFunction: "constant",
      MaxDelay: 60e9,
      Unlimited: true,
    },
  });
  const failed = ["0", "1"].map((at) =>
    buildAllocation({
      ID: allocationId(`a-${at}`),
      Name: `shop.web[${at}]`,
      ClientStatus: "failed",
      ModifyTime: 1_700_000_000_000_000_000,
    }),
  );
  const output = evaluateOnce(buildJob({ TaskGroups: [group] }), { nodes, allocations: failed });
  expect(output.plan.createEvaluations).toMatchObject([
    {
      TriggeredBy: "alloc-reschedule",
      Status: "pending",
      StatusDescription: "created for delayed rescheduling",
      PreviousEval: "e-now",
      SnapshotIndex: 100,
    },
  ]);
  expect(output.plan.followUps.map((f) => f.allocationId)).toEqual(["a-0", "a-1"]);
  expect(output.evaluations[0]?.NextEval).toBe(output.plan.createEvaluations[0]?.ID);
  expect(output.updates["web"]).toMatchObject({ RescheduleLater: 2, Ignore: 2, Stop: 0, Place: 0 });
});
