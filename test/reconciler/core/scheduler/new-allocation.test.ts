import { expect, test } from "vitest";
import { emptyMetric, newEvaluation } from "../../../../src/model/build.ts";
import { allocationId, evaluationId } from "../../../../src/model/ids.ts";
import { newAllocation } from "../../../../src/reconciler/core/scheduler/new-allocation.ts";
import { buildAllocation } from "../../../support/build-allocation.ts";
import { buildJob } from "../../../support/build-job.ts";
import { buildNode } from "../../../support/build-node.ts";

const job = buildJob();
const evaluation = newEvaluation({ id: evaluationId("e"), job, trigger: "job-register", nowNs: 5 });
const make = (over: {
  isReschedule?: boolean;
  isCanary?: boolean;
  previous?: ReturnType<typeof buildAllocation>;
}) =>
  newAllocation({
    placement: {
      group: "web",
      job,
      name: "shop.web[0]",
      previous: undefined,
      isCanary: false,
      isReschedule: false,
      rescheduleDelay: 7,
      onNode: undefined,
      ...over,
    },
    result: {
      node: buildNode(),
      resources: buildAllocation().AllocatedResources,
      metric: emptyMetric,
    },
    evaluation,
    deploymentId: null,
    nowNs: 5,
    id: "new",
  });

test("a new allocation is pending, wanted and owned by its evaluation", () => {
  expect(make({})).toMatchObject({
    ID: "new",
    EvalID: "e",
    NodeID: "node-1",
    ClientStatus: "pending",
    DesiredStatus: "run",
    PreviousAllocation: null,
    DeploymentStatus: null,
    RescheduleTracker: null,
  });
  expect(make({ isCanary: true }).DeploymentStatus).toMatchObject({ Canary: true, Healthy: null });
});

test("a rescheduled one remembers what was tried before", () => {
  const previous = buildAllocation({ ID: allocationId("old") });
  expect(make({ isReschedule: true, previous }).RescheduleTracker).toEqual({
    LastReschedule: "ok",
    Events: [{ RescheduleTime: 5, PrevAllocID: "old", PrevNodeID: "node-1", Delay: 7 }],
  });
  expect(make({ previous }).RescheduleTracker).toBeNull();
});
