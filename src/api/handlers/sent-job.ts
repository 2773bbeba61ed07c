import type { JobBody } from "../../jobspec/job-body.ts";
import type { JobFinding } from "../../jobspec/job-findings.ts";
import type { Job } from "../../model/job.ts";
import type { JobDiff } from "../../model/job-diff.ts";
import type { PlanAnnotations } from "../../model/plan.ts";
import type { AdmittedJob, ApiContext, LargeJob } from "../context.ts";
import { badRequest, failed, texts } from "../errors.ts";
import { fieldsOf, fieldsOfJson, parseJson } from "../http/json-body.ts";
import type { Fields } from "../http/json-body.ts";
import type { ApiRequest } from "../http/request.ts";

/** A request that brings a job. */
export interface SentJob {
  readonly body: Fields;
  /** Fields of the job; of a large one only those that say which job it is. */
  readonly fields: Fields;
  /** Refuses what is no job at all, and a region that is not here. */
  readonly check: () => CheckedJob;
}
export type CheckedJob =
  | {
      readonly ok: true;
      readonly warnings: readonly string[];
      readonly findings: readonly JobFinding[];
      readonly job: () => Promise<Job>;
      /** The annotated difference to another version; that of a large job is JSON already. */
      readonly diff: (
        before: Job | null,
        annotations: PlanAnnotations,
      ) => Promise<JobDiff | Uint8Array>;
    }
  | {
      readonly ok: false;
      readonly errors: readonly string[];
      readonly warnings: readonly string[];
      readonly findings: readonly JobFinding[];
    };

/**
 * Bodies above this are read elsewhere: on a quiet machine the main thread would need about 0.3 ms for each KiB of
 * many small groups, and 20 ms count as a bug.
 */
const largeFrom = 32 * 1024;

export async function sentJobOf(context: ApiContext, request: ApiRequest): Promise<SentJob> {
  const bytes = await request.bytes();
  if (bytes.length === 0) throw badRequest(texts.emptyBody);
  const { large } = context.jobspec;
  if (large === undefined || bytes.length <= largeFrom) {
    const body = parseJson(bytes.toString("utf8"));
    const sent = jobIn(body);
    return { body, fields: sent, check: () => checkHere(context, request, body, sent) };
  }
  const { read } = context.store;
  const result = await large.read(bytes, {
    namespace: request.query.get("namespace") ?? "",
    region: context.region,
    namespaces: read.namespaces({}).map(({ Name }) => Name),
    nodePools: read.nodePools({}).map(({ Name }) => Name),
    namespaceCapabilities: Object.fromEntries(
      read.namespaces({}).map(({ Name, Capabilities }) => [Name, Capabilities]),
    ),
    memoryOversubscription: read.schedulerConfig().MemoryOversubscriptionEnabled,
  });
  if (result.kind === "broken") throw badRequest(result.message);
  const body = fieldsOfJson(result.body);
  const sent = jobIn(body);
  const { job } = result;
  return {
    body,
    fields: sent,
    check: () => {
      if (job === undefined) throw badRequest("Job must be specified");
      if (job.kind === "undecodable") throw badRequest(job.message);
      namespaceFor(context, request, body, sent);
      return checkedElsewhere(job);
    },
  };
}

function jobIn(body: Fields): Fields {
  const sent = body.object("Job");
  if (!sent) throw badRequest("Job must be specified");
  return sent;
}

/** Namespace: query, then body, then job, then default. Region: body, query, job; global means this one. */
function namespaceFor(
  context: ApiContext,
  request: ApiRequest,
  body: Fields,
  sent: Fields,
): string {
  const region =
    body.text("Region") || request.query.get("region") || sent.text("Region") || "global";
  if (region !== "global" && region !== context.region) throw failed(texts.noRegion);
  return (
    request.query.get("namespace") || body.text("Namespace") || sent.text("Namespace") || "default"
  );
}

function checkHere(
  context: ApiContext,
  request: ApiRequest,
  body: Fields,
  sent: Fields,
): CheckedJob {
  const { jobspec } = context;
  const decoded = jobspec.decodeJobBody(sent.raw);
  if (!decoded.ok) throw badRequest(decoded.message);
  const namespace = namespaceFor(context, request, body, fieldsOf(sent.raw));
  const admitted = admitBody(context, decoded.body, namespace);
  const { warnings, findings = [] } = admitted;
  if (!admitted.ok) return { ok: false, errors: admitted.errors, warnings, findings };
  const { job } = admitted;
  return {
    ok: true,
    warnings,
    findings,
    job: () => Promise.resolve(job),
    diff: (before, annotations) =>
      Promise.resolve(
        jobspec.annotateDiff(jobspec.diffJobs(before, job, { contextual: true }), annotations),
      ),
  };
}

const checkedElsewhere = (job: Exclude<LargeJob, { kind: "undecodable" }>): CheckedJob =>
  job.kind === "admitted" ? { ...job, ok: true } : { ...job, ok: false };

/** Where the request goes wins over what the job says of itself. */
export const admitBody = (context: ApiContext, body: JobBody, namespace: string): AdmittedJob =>
  context.jobspec.admitJob(
    { ...body, Namespace: namespace, Region: context.region },
    {
      namespace,
      region: context.region,
      namespaceExists: (name) => context.store.read.namespace(name) !== undefined,
      nodePoolExists: (name) => context.store.read.nodePool(name) !== undefined,
      namespaceCapabilities: (name) => context.store.read.namespace(name)?.Capabilities ?? null,
      memoryOversubscription: context.store.read.schedulerConfig().MemoryOversubscriptionEnabled,
    },
  );
