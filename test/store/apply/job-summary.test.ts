import { assert, integer, property } from "fast-check";
import { expect, test } from "vitest";
import { jobId } from "../../../src/model/ids.ts";
import type { Job, JobSummary } from "../../../src/model/job.ts";
import { bucketOf } from "../../../src/store/apply/job-summary.ts";
import { applyRandomCommand } from "../../support/random-commands.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { createTestState } from "../../support/state.ts";
import type { TestState } from "../../support/state.ts";
import { numberedAllocation } from "../../support/build-allocation.ts";
import { buildPlan, buildRegistration, buildReport } from "../../support/build-commands.ts";
import { buildEvaluation } from "../../support/build-evaluation.ts";
import { buildGroup, buildJob } from "../../support/build-job.ts";

const key = { namespace: "default", id: jobId("shop") };

test("counts where allocations are and what an evaluation could not place", () => {
  const state = createTestState();
  const groups = [buildGroup(), buildGroup({ Name: "side" })];
  state.apply("job.register", buildRegistration(buildJob({ TaskGroups: groups })));
  const job = state.read.job(key) ?? buildJob();
  const none = { Queued: 0, Complete: 0, Failed: 0, Running: 0, Starting: 0, Lost: 0, Unknown: 0 };
  expect(state.read.jobSummary(key)).toEqual({
    JobID: "shop",
    Namespace: "default",
    Summary: { web: none, side: none },
    Children: { Pending: 0, Running: 0, Dead: 0 },
    CreateIndex: 2,
    ModifyIndex: 2,
  });
  state.apply("plan.apply", {
    ...buildPlan({ place: [numberedAllocation(1, job), numberedAllocation(2, job)] }),
    evaluations: [buildEvaluation(1, job, { QueuedAllocations: { web: 3, gone: 1 } })],
  });
  expect(state.read.jobSummary(key)?.Summary).toEqual({
    web: { ...none, Queued: 3, Starting: 2 },
    side: none,
  });
  state.apply("allocation.report", buildReport(1, "running"));
  state.apply("allocation.report", buildReport(2, "failed"));
  expect(state.read.jobSummary(key)).toMatchObject({
    Summary: { web: { ...none, Queued: 3, Running: 1, Failed: 1 } },
    ModifyIndex: state.index(),
  });
});

test("what was collected stays counted", () => {
  const state = createTestState();
  state.apply("job.register", buildRegistration(buildJob()));
  const job = state.read.job(key) ?? buildJob();
  const allocation = numberedAllocation(1, job);
  state.apply("plan.apply", buildPlan({ place: [allocation] }));
  state.apply("allocation.report", buildReport(1, "complete"));
  const none = { evaluations: [], deployments: [], jobs: [], nodes: [] };
  state.apply("garbage.collect", { ...none, allocations: [allocation.ID] });
  expect(state.read.allocations({})).toEqual([]);
  expect(state.read.jobSummary(key)?.Summary["web"]?.Complete).toBe(1);
});

test("after any commands the summaries are what counting anew gives", () => {
  assert(
    property(integer({ min: 1, max: 1e9 }), (seed) => {
      const state = createTestState();
      const random = seededRandom(seed);
      for (let n = 1; n <= 60; n++) {
        applyRandomCommand(state, random, n);
        for (const job of state.read.jobs({})) expectRecount(state, job);
      }
    }),
    { numRuns: 60 },
  );
});

function expectRecount(state: TestState, job: Job): void {
  const jobKey = { namespace: job.Namespace, id: job.ID };
  const summary = state.read.jobSummary(jobKey);
  const counted: Record<string, Record<string, number>> = {};
  for (const allocation of state.read.allocationsByJob(jobKey)) {
    const group = (counted[allocation.TaskGroup] ??= {});
    const bucket = bucketOf(allocation.ClientStatus);
    group[bucket] = (group[bucket] ?? 0) + 1;
  }
  expect(withoutQueued(summary)).toEqual(counted);
  const children = { Pending: 0, Running: 0, Dead: 0 };
  const buckets = { pending: "Pending", running: "Running", dead: "Dead" } as const;
  for (const child of state.read.jobChildren(jobKey)) children[buckets[child.Status]] += 1;
  expect(summary?.Children).toEqual(children);
}

/** Only what is not zero, so that groups without allocations compare as absent. */
function withoutQueued(summary: JobSummary | undefined): Record<string, Record<string, number>> {
  const groups = Object.entries(summary?.Summary ?? {}).map(([name, counts]) => [
    name,
    Object.fromEntries(
      Object.entries(counts).filter(([bucket, count]) => bucket !== "Queued" && count !== 0),
    ),
  ]);
  return Object.fromEntries(
    groups.filter(([, counts]) => Object.keys(counts ?? {}).length > 0),
  ) as Record<string, Record<string, number>>;
}
