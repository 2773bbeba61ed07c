import { expect, test } from "vitest";
import type { Allocation } from "../../../../src/model/allocation.ts";
import { allocationId, evaluationId, jobId } from "../../../../src/model/ids.ts";
import type { Job } from "../../../../src/model/job.ts";
import type { Evaluation } from "../../../../src/model/evaluation.ts";
import {
  decideGarbage,
  type GarbageInput,
  type JobRemains,
} from "../../../../src/reconciler/core/cluster/garbage.ts";
import { admittedJob } from "../../../support/admitted-job.ts";
import { numberedAllocation } from "../../../support/build-allocation.ts";
import { buildEvaluation } from "../../../support/build-evaluation.ts";
import { numberedNode } from "../../../support/build-node.ts";

const now = 1_000 * 3600e9;
const ages = {
  jobNs: 4 * 3600e9,
  evaluationNs: 3600e9,
  batchEvaluationNs: 24 * 3600e9,
  deploymentNs: 3600e9,
  nodeNs: 24 * 3600e9,
};

function remains(
  job: Partial<Job>,
  evaluation: Partial<Evaluation>,
  allocation: Partial<Allocation>,
): JobRemains {
  const stored = admittedJob({ ID: jobId("web"), SubmitTime: now - 5 * 3600e9, ...job });
  const its = buildEvaluation(1, stored, {
    Status: "complete",
    ModifyTime: now - 5 * 3600e9,
    ...evaluation,
  });
  const placed = numberedAllocation(1, stored, { EvalID: its.ID, ...allocation });
  return { job: stored, evaluations: [its], allocations: [placed], deployments: [] };
}
const collect = (job: JobRemains, change: Partial<GarbageInput> = {}) =>
  decideGarbage({
    jobs: [job],
    orphanedEvaluations: [],
    allocationsOf: () => [],
    nodes: [],
    hasAllocations: () => false,
    ages,
    nowNs: now,
    ...change,
  });

const over = { DesiredStatus: "stop", ClientStatus: "complete" } as const;

test("a stopped job that is old enough goes with all that belongs to it", () => {
  const garbage = collect(remains({ Stop: true, Status: "dead" }, {}, over));
  expect([garbage.jobs.length, garbage.evaluations.length, garbage.allocations.length]).toEqual([
    1, 1, 1,
  ]);
});

test("a running job stays, but its finished evaluations of old go", () => {
  const garbage = collect(remains({ Status: "running" }, {}, over));
  expect([garbage.jobs.length, garbage.evaluations.length]).toEqual([0, 1]);
});

test("nothing goes that still runs, is young, or is not finished", () => {
  const running = collect(
    remains({ Status: "running" }, {}, { DesiredStatus: "run", ClientStatus: "running" }),
  );
  const young = collect(remains({ Status: "running" }, { ModifyTime: now - 1 }, over));
  const pending = collect(remains({ Stop: true, Status: "dead" }, { Status: "pending" }, over));
  const stopping = collect(
    remains({ Stop: true, Status: "dead" }, {}, { DesiredStatus: "stop", ClientStatus: "running" }),
  );
  for (const garbage of [running, young, pending, stopping])
    expect([garbage.jobs.length, garbage.evaluations.length]).toEqual([0, 0]);
});

test("ages of zero take everything that is over", () => {
  const zero = { jobNs: 0, evaluationNs: 0, batchEvaluationNs: 0, deploymentNs: 0, nodeNs: 0 };
  const job = remains({ Stop: true, Status: "dead", SubmitTime: now }, { ModifyTime: now }, over);
  expect(collect(job).jobs).toHaveLength(0);
  expect(collect(job, { ages: zero }).jobs).toHaveLength(1);
});

test("a failed allocation that waits for its replacement is kept", () => {
  const failed = { DesiredStatus: "run", ClientStatus: "failed", NextAllocation: null } as const;
  expect(collect(remains({ Status: "running" }, {}, failed)).allocations).toHaveLength(0);
  const replaced = { ...failed, NextAllocation: allocationId("x") };
  expect(collect(remains({ Status: "running" }, {}, replaced)).allocations).toHaveLength(1);
});

test("one that ended before it could start is kept as long as the one whose place it was to have", () => {
  const link = { ...over, PreviousAllocation: allocationId("kept"), TaskStates: null } as const;
  const job = remains({ Status: "running" }, {}, link);
  const kept = (ClientStatus: Allocation["ClientStatus"]): JobRemains => {
    const NextAllocation = job.allocations[0]?.ID ?? null;
    const place = { DesiredStatus: "stop", ClientStatus, NextAllocation } as const;
    const before = numberedAllocation(2, job.job, { EvalID: evaluationId("e-2"), ...place });
    return { ...job, allocations: [before, ...job.allocations] };
  };
  expect(collect(kept("running")).allocations).toEqual([]);
  expect(collect(kept("complete")).allocations).toEqual(job.allocations.map(({ ID }) => ID));
});

test("evaluations of purged jobs go once their allocations are gone", () => {
  const { evaluations, allocations } = remains({}, {}, over);
  const none = {
    job: admittedJob({ Status: "running" }),
    evaluations: [],
    allocations: [],
    deployments: [],
  };
  const garbage = collect(none, {
    orphanedEvaluations: evaluations,
    allocationsOf: (id) => (id === evaluationId(evaluations[0]?.ID ?? "") ? allocations : []),
  });
  expect([garbage.evaluations.length, garbage.allocations.length]).toEqual([1, 1]);
});

test("a node that is long down and holds nothing goes", () => {
  const job = remains({ Status: "running" }, { Status: "pending" }, over);
  const down = {
    ...numberedNode(1),
    Status: "down" as const,
    StatusUpdatedAt: now / 1e9 - 25 * 3600,
  };
  const fresh = { ...numberedNode(2), Status: "down" as const, StatusUpdatedAt: now / 1e9 - 60 };
  expect(collect(job, { nodes: [down, fresh] }).nodes).toEqual([down.ID]);
  expect(collect(job, { nodes: [down], hasAllocations: () => true }).nodes).toEqual([]);
});
