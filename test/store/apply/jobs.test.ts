import { beforeEach, describe, expect, test } from "vitest";
import { jobId } from "../../../src/model/ids.ts";
import type { Job } from "../../../src/model/job.ts";
import { createTestState } from "../../support/state.ts";
import type { TestState } from "../../support/state.ts";
import { deploymentId } from "../../../src/model/ids.ts";
import { numberedAllocation } from "../../support/build-allocation.ts";
import { buildPlan, buildRegistration, buildReport } from "../../support/build-commands.ts";
import { numberedDeployment } from "../../support/build-deployment.ts";
import { buildEvaluation } from "../../support/build-evaluation.ts";
import { buildGroup, buildJob, buildTask } from "../../support/build-job.ts";
import { uuid } from "../../support/uuid.ts";

let state: TestState;
beforeEach(() => {
  state = createTestState();
});
const key = { namespace: "default", id: jobId("shop") };
const stored = (id = "shop"): Job => {
  const job = state.read.job({ namespace: "default", id: jobId(id) });
  if (job === undefined) throw new Error(`no job ${id}`);
  return job;
};
const withCount = (count: number): Job => buildJob({ TaskGroups: [buildGroup({ Count: count })] });
const register = (job: Job, n?: number) =>
  state.apply(
    "job.register",
    buildRegistration(job, n === undefined ? null : buildEvaluation(n, job)),
  );
const deregister = (purge: boolean, noShutdownDelay = false) =>
  state.apply("job.deregister", {
    key,
    purge,
    submitTime: 5e9,
    evaluation: buildEvaluation(900, buildJob(), { TriggeredBy: "job-deregister" }),
    noShutdownDelay,
  });

describe("versions", () => {
  test("a new job starts at version 0 with the entry's index everywhere", () => {
    expect(register(buildJob(), 1)).toEqual({ version: 0, jobModifyIndex: 2, changed: true });
    expect(stored()).toMatchObject({ CreateIndex: 2, ModifyIndex: 2, JobModifyIndex: 2 });
    expect(state.read.evaluationsByJob(key)).toMatchObject([
      { CreateIndex: 2, ModifyIndex: 2, JobModifyIndex: 2 },
    ]);
  });

  test("an unchanged spec keeps the version but its evaluation is written", () => {
    register(buildJob(), 1);
    expect(register(buildJob({ SubmitTime: 9e9, Version: 7 }), 2)).toEqual({
      version: 0,
      jobModifyIndex: 2,
      changed: false,
    });
    expect(state.read.jobVersions(key)).toHaveLength(1);
    expect(state.read.evaluationsByJob(key).map((one) => one.JobModifyIndex)).toEqual([2, 0]);
  });

  test("a changed spec is the next version and keeps the CreateIndex", () => {
    register(buildJob());
    expect(register(withCount(2))).toEqual({ version: 1, jobModifyIndex: 3, changed: true });
    expect(stored()).toMatchObject({ Version: 1, CreateIndex: 2, JobModifyIndex: 3 });
    expect(state.read.jobVersions(key).map((job) => job.Version)).toEqual([1, 0]);
  });

  test("six versions are kept, and the newest stable one besides", () => {
    register(withCount(1));
    state.apply("job.stability", { key, version: 0, stable: true });
    for (let count = 2; count <= 9; count++) register(withCount(count));
    expect(state.read.jobVersions(key).map((job) => job.Version)).toEqual([8, 7, 6, 5, 4, 0]);
    state.apply("job.stability", { key, version: 7, stable: true });
    register(withCount(10));
    expect(state.read.jobVersions(key).map((job) => job.Version)).toEqual([9, 8, 7, 6, 5, 4]);
  });

  test("the enforced index must be the stored one; 0 means the job must not exist", () => {
    const enforce = (enforceIndex: number, count: number) =>
      state.apply("job.register", buildRegistration(withCount(count), null, { enforceIndex }));
    expect(enforce(4, 1)).toEqual({ refused: "check-index", jobModifyIndex: null });
    expect(enforce(0, 1)).toMatchObject({ changed: true });
    expect(enforce(0, 2)).toMatchObject({ refused: "check-index" });
    expect(enforce(stored().JobModifyIndex, 2)).toMatchObject({ version: 1 });
    expect(stored().TaskGroups[0]?.Count).toBe(2);
  });

  test("preserved counts win over the file's, new groups keep theirs", () => {
    register(withCount(7));
    const groups = [buildGroup({ Count: 1 }), buildGroup({ Name: "extra", Count: 4 })];
    const job = buildJob({ TaskGroups: groups });
    state.apply("job.register", buildRegistration(job, null, { preserveCounts: true }));
    expect(stored().TaskGroups.map((group) => group.Count)).toEqual([7, 4]);
  });

  test("preserved resources win over the file's, new tasks keep theirs", () => {
    const withCpu = (cpus: { readonly [name: string]: number }): Job => {
      const tasks = Object.entries(cpus).map(([Name, CPU]) =>
        buildTask({ Name, Resources: { ...buildTask().Resources, CPU } }),
      );
      return buildJob({ TaskGroups: [buildGroup({ Tasks: tasks })] });
    };
    const cpus = (): readonly number[] =>
      (stored().TaskGroups[0]?.Tasks ?? []).map((task) => task.Resources.CPU);
    register(withCpu({ a: 700 }));
    const job = withCpu({ a: 100, b: 200 });
    state.apply("job.register", buildRegistration(job, null, { preserveResources: true }));
    expect(cpus()).toEqual([700, 200]);
    state.apply("job.register", buildRegistration(job, null));
    expect(cpus()).toEqual([100, 200]);
  });

  test("submissions are kept beside their version", () => {
    const submission = {
      Source: "job {}",
      Format: "hcl2",
      VariableFlags: null,
      Variables: "",
    } as const;
    state.apply("job.register", buildRegistration(buildJob(), null, { submission }));
    expect(state.read.jobSubmission(key, 0)).toEqual({ ...submission, JobModifyIndex: 2 });
    expect(state.read.jobSubmission(key, 1)).toBeUndefined();
  });
});

describe("stopping", () => {
  test("is a version of its own that stays stable", () => {
    register(buildJob());
    state.apply("job.stability", { key, version: 0, stable: true });
    expect(deregister(false)).toEqual({ found: true, jobModifyIndex: 4 });
    expect(stored()).toMatchObject({ Stop: true, Version: 1, Stable: true, SubmitTime: 5e9 });
    expect(register(buildJob())).toMatchObject({ version: 2 });
    expect(stored()).toMatchObject({ Stop: false, Status: "pending" });
  });

  test("an unknown job is no error and its evaluation is written", () => {
    expect(deregister(false)).toEqual({ found: false, jobModifyIndex: 0 });
    expect(state.read.evaluation(buildEvaluation(900, buildJob()).ID)).toBeDefined();
  });

  test("purging removes the job, its versions, its summary and its text", () => {
    const submission = { Source: "x", Format: "hcl2", VariableFlags: null, Variables: "" } as const;
    state.apply("job.register", buildRegistration(buildJob(), null, { submission }));
    deregister(true);
    expect(state.read.job(key)).toBeUndefined();
    expect(state.read.jobVersions(key)).toEqual([]);
    expect(state.read.jobSummary(key)).toBeUndefined();
    expect(state.read.jobSubmission(key, 0)).toBeUndefined();
  });

  test("purging takes what has ended and the deployments along, and leaves what still runs", () => {
    register(buildJob());
    const place = [1, 2].map((n) => numberedAllocation(n, stored()));
    state.apply(
      "plan.apply",
      buildPlan({ place, createDeployment: numberedDeployment(5, stored()) }),
    );
    state.apply("allocation.report", buildReport(1, "complete"));
    deregister(true);
    const left = state.read.allocationsByJob(key, { anyCreateIndex: true });
    expect(left.map(({ ID }) => ID)).toEqual([place[1]?.ID]);
    expect(state.read.deployments({})).toEqual([]);
    expect(state.read.jobOfAllocation(left[0] ?? numberedAllocation(9, buildJob()))).toBeDefined();
  });

  test("an allocation of a purged job still finds its job until it is collected", () => {
    register(buildJob());
    const first = stored();
    const allocation = numberedAllocation(1, first);
    state.apply("plan.apply", buildPlan({ place: [allocation] }));
    deregister(true);
    register(withCount(3));
    expect(stored().Version).toBe(0);
    expect(state.read.jobOfAllocation(allocation)).toMatchObject({
      CreateIndex: first.CreateIndex,
    });
    expect(state.read.allocationsByJob(key)).toEqual([]);
    expect(state.read.allocationsByJob(key, { anyCreateIndex: true })).toHaveLength(1);
    const none = { evaluations: [], deployments: [], jobs: [], nodes: [] };
    state.apply("garbage.collect", { ...none, allocations: [allocation.ID] });
    expect(state.read.jobOfAllocation(allocation)).toBeUndefined();
    expect(stored().TaskGroups[0]?.Count).toBe(3);
  });

  test("without shutdown delay the running allocations are told so", () => {
    register(buildJob());
    state.apply("plan.apply", buildPlan({ place: [numberedAllocation(1, stored())] }));
    deregister(false, true);
    expect(state.read.allocationsByJob(key)[0]?.DesiredTransition.NoShutdownDelay).toBe(true);
  });
});

describe("status", () => {
  const status = (): string => stored().Status;

  test("a service goes from pending over running to dead as its parts do", () => {
    register(buildJob(), 1);
    expect(status()).toBe("pending");
    state.apply("plan.apply", {
      ...buildPlan({ place: [numberedAllocation(1, stored())] }),
      evaluations: [buildEvaluation(1, stored(), { Status: "complete" })],
    });
    expect(status()).toBe("running");
    state.apply("allocation.report", buildReport(1, "complete"));
    expect(status()).toBe("dead");
    expect(stored()).toMatchObject({ JobModifyIndex: 2, ModifyIndex: state.index() });
  });

  test("is the present version's too, and a replaced version keeps the one that it had last", () => {
    register(buildJob(), 1);
    state.apply("plan.apply", buildPlan({ place: [numberedAllocation(1, stored())] }));
    const statuses = () => state.read.jobVersions(key).map((job) => job.Status);
    expect(statuses()).toEqual(["running"]);
    expect(state.read.jobVersion(key, 0, 2)?.Status).toBe("running");
    register(withCount(2), 2);
    state.apply("allocation.report", buildReport(1, "failed"));
    expect(statuses()).toEqual(["pending", "running"]);
  });

  test("a dead job that is registered anew is pending again", () => {
    register(buildJob(), 1);
    state.apply("evaluation.upsert", {
      evaluations: [buildEvaluation(1, stored(), { Status: "complete" })],
    });
    expect(status()).toBe("dead");
    register(withCount(2), 2);
    expect(status()).toBe("pending");
  });

  test("an active deployment alone makes it running, a blocked evaluation alone pending", () => {
    register(buildJob(), 1);
    state.apply("plan.apply", buildPlan({ createDeployment: numberedDeployment(5, stored()) }));
    expect(status()).toBe("running");
    const modified = () => state.read.deployment(deploymentId(uuid(5)))?.ModifyTime;
    expect(modified()).toBe(0);
    state.apply("deployment.status", {
      update: {
        deploymentId: deploymentId(uuid(5)),
        status: "successful",
        statusDescription: "Deployment completed successfully",
      },
      job: null,
      markStable: true,
      evaluations: [buildEvaluation(1, stored(), { Status: "blocked" })],
    });
    expect(status()).toBe("pending");
    expect(modified()).toBeGreaterThan(0);
    expect(stored().Stable).toBe(true);
    expect(state.read.jobVersions(key)[0]?.Stable).toBe(true);
  });

  test.each([
    ["system", { Type: "system" as const }],
    [
      "periodic",
      {
        Periodic: {
          Enabled: true,
          Spec: "@daily",
          Specs: null,
          SpecType: "cron",
          ProhibitOverlap: false,
          TimeZone: "UTC",
        },
      },
    ],
    [
      "parameterized",
      { ParameterizedJob: { Payload: "", MetaRequired: null, MetaOptional: null } },
    ],
  ])("a %s job runs until it is stopped", (_, overrides) => {
    register(buildJob(overrides));
    expect(status()).toBe("running");
    deregister(false);
    expect(status()).toBe("dead");
  });

  test("collecting the evaluations of a dead job leaves it dead", () => {
    register(buildJob(), 1);
    const evaluation = buildEvaluation(1, stored(), { Status: "complete" });
    const allocation = numberedAllocation(1, stored());
    state.apply("plan.apply", { ...buildPlan({ place: [allocation] }), evaluations: [evaluation] });
    state.apply("allocation.report", buildReport(1, "complete"));
    expect(status()).toBe("dead");
    const none = { evaluations: [], allocations: [], deployments: [], jobs: [], nodes: [] };
    state.apply("garbage.collect", { ...none, evaluations: [evaluation.ID] });
    expect(status()).toBe("dead");
    state.apply("garbage.collect", { ...none, allocations: [allocation.ID] });
    expect(status()).toBe("dead");
  });

  test("allocations of a purged namesake do not keep a new job running", () => {
    register(buildJob(), 1);
    state.apply("plan.apply", buildPlan({ place: [numberedAllocation(1, stored())] }));
    deregister(true);
    register(withCount(2));
    expect(status()).toBe("pending");
  });
});

describe("children", () => {
  const child = (id: string): Job => buildJob({ ID: jobId(id), ParentID: "shop", Type: "batch" });
  const counts = () => state.read.jobSummary(key)?.Children;

  test("are counted by their status in the parent's summary", () => {
    register(
      buildJob({ ParameterizedJob: { Payload: "", MetaRequired: null, MetaOptional: null } }),
    );
    expect(counts()).toEqual({ Pending: 0, Running: 0, Dead: 0 });
    register(child("shop/dispatch-1"), 11);
    register(child("shop/dispatch-2"), 12);
    expect(counts()).toEqual({ Pending: 2, Running: 0, Dead: 0 });
    const first = stored("shop/dispatch-1");
    state.apply("plan.apply", buildPlan({ place: [numberedAllocation(1, first)] }));
    expect(counts()).toEqual({ Pending: 1, Running: 1, Dead: 0 });
    state.apply("evaluation.upsert", {
      evaluations: [buildEvaluation(11, first, { Status: "complete" })],
    });
    state.apply("allocation.report", buildReport(1, "complete"));
    expect(counts()).toEqual({ Pending: 1, Running: 0, Dead: 1 });
    expect(state.read.jobChildren(key).map((job) => job.ID)).toEqual([
      "shop/dispatch-1",
      "shop/dispatch-2",
    ]);
    const none = { evaluations: [], allocations: [], deployments: [], nodes: [] };
    state.apply("garbage.collect", {
      ...none,
      jobs: [{ namespace: "default", id: jobId("shop/dispatch-1") }],
    });
    expect(counts()).toEqual({ Pending: 1, Running: 0, Dead: 0 });
  });
});
