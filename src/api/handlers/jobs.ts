import type { JobKey } from "../../model/ids.ts";
import type { Allocation } from "../../model/allocation.ts";
import type { Job } from "../../model/job.ts";
import type { ApiContext } from "../context.ts";
import { encodeAllocationStub } from "../encode/allocation.ts";
import { encodeEvaluation } from "../encode/evaluation.ts";
import { encodeJob, encodeJobStub } from "../encode/job.ts";
import { badRequest } from "../errors.ts";
import { found, missing } from "../http/answer.ts";
import type { Read, Watch } from "../http/answer.ts";
import type { ReadHandler } from "../http/handler.ts";
import { listBody } from "../http/list.ts";
import type { Listing } from "../http/list.ts";
import { boolOf } from "../http/request.ts";
import { jobKeyOf, watchJob } from "./keys.ts";

const jobTables = ["jobs", "job_summaries"] as const;
const noJob = "job not found";

export const listJobs: ReadHandler = ({ store }, request, options) => ({
  index: store.read.tableIndex(...jobTables),
  watch: jobTables.map((table) => ({ table })),
  body() {
    const meta = boolOf(request.query, "meta") ?? false;
    return listBody(
      {
        ...jobListing(store.read.jobs.bind(store.read)),
        encode: (job) =>
          encodeJobStub(job, store.read.jobSummary({ namespace: job.Namespace, id: job.ID }), {
            meta,
          }),
      },
      options,
    );
  },
});

export const jobListing = (fetch: Listing<Job>["fetch"]): Omit<Listing<Job>, "encode"> => ({
  fetch,
  token: (job) => `${job.Namespace}.${job.ID}`,
});

export const readJob: ReadHandler = (context, request, options) =>
  ofJob(context, jobKeyOf(request, options.namespace), encodeJob);

/** The job itself, or the table's index while there is none, so that a client can wait for its coming. */
function ofJob({ store }: ApiContext, key: JobKey, encode: (job: Job) => unknown): Read {
  const job = store.read.job(key);
  return job
    ? found(job.ModifyIndex, watchJob(key), () => encode(job))
    : missing(store.read.tableIndex("jobs"), watchJob(key), noJob);
}

export const jobSummary: ReadHandler = ({ store }, request, options) => {
  const key = jobKeyOf(request, options.namespace);
  const watch: readonly Watch[] = [{ table: "job_summaries", key: `${key.namespace}/${key.id}` }];
  const summary = store.read.jobSummary(key);
  return summary
    ? found(summary.ModifyIndex, watch, () => summary)
    : missing(store.read.tableIndex("job_summaries"), watch, noJob);
};

export const jobAllocations: ReadHandler = ({ store }, request, options) =>
  found(store.read.tableIndex("allocations"), [{ table: "allocations" }], () => {
    const key = jobKeyOf(request, options.namespace);
    const anyCreateIndex = boolOf(request.query, "all") ?? false;
    return store.read
      .allocationsByJob(key, { anyCreateIndex })
      .map((allocation) => plainStub(allocation, store.read.jobOfAllocation(allocation)));
  });

export const plainStub = (allocation: Allocation, job: Job | undefined): object =>
  encodeAllocationStub(allocation, job, { resources: false, taskStates: true });

export const jobEvaluations: ReadHandler = ({ store }, request, options) =>
  found(store.read.tableIndex("evaluations"), [{ table: "evaluations" }], () =>
    store.read
      .evaluationsByJob(jobKeyOf(request, options.namespace))
      .map((evaluation) => encodeEvaluation(evaluation)),
  );

export const jobDeployments: ReadHandler = ({ store }, request, options) =>
  found(store.read.tableIndex("deployments"), [{ table: "deployments" }], () => {
    const key = jobKeyOf(request, options.namespace);
    const all = boolOf(request.query, "all") ?? false;
    const createIndex = store.read.job(key)?.CreateIndex;
    return store.read
      .deploymentsByJob(key)
      .filter((deployment) => all || deployment.JobCreateIndex === createIndex);
  });

/** null, with 200, when there is none: clients take a 404 for a missing job. */
export const jobDeployment: ReadHandler = ({ store }, request, options) => {
  const key = jobKeyOf(request, options.namespace);
  const latest = store.read.latestDeployment(key);
  const index = latest?.ModifyIndex ?? store.read.tableIndex("deployments");
  return found(index, [{ table: "deployments" }], () => latest ?? null);
};

export const jobSubmission: ReadHandler = ({ store }, request, options) => {
  const version = Number(request.query.get("version") || "x");
  if (!Number.isInteger(version) || version < 0)
    throw badRequest("Unable to parse job submission version parameter");
  const key = jobKeyOf(request, options.namespace);
  const index = store.read.tableIndex("jobs");
  const submission = store.read.jobSubmission(key, version);
  return submission
    ? found(index, watchJob(key), () => ({
        ...submission,
        Namespace: key.namespace,
        JobID: key.id,
        Version: version,
      }))
    : missing(index, watchJob(key), "job source not found");
};
