import type { JobFinding } from "../../jobspec/job-findings.ts";
import type { Diagnostic } from "../../lib/diagnostic.ts";
import type { Job, TaskGroup } from "../../model/job.ts";
import type { ApiContext } from "../context.ts";
import { encodeEvaluation } from "../encode/evaluation.ts";
import { badRequest, failed } from "../errors.ts";
import { json } from "../http/answer.ts";
import type { ActionHandler } from "../http/handler.ts";
import type { Fields } from "../http/json-body.ts";
import { bodyOf, namespaceOf, optionalBodyOf } from "../http/request.ts";
import type { ApiRequest } from "../http/request.ts";
import {
  evaluationFor,
  refusal,
  refuseWhileDisabled,
  registered,
  writeJob,
} from "./job-register.ts";
import { jobKeyOf, param } from "./keys.ts";
import { admitBody, sentJobOf } from "./sent-job.ts";

export const parseJobText: ActionHandler = async ({ jobspec }, request) => {
  const body = await bodyOf(request);
  const source = body.text("JobHCL") ?? "";
  if (source === "") throw badRequest("Job spec is empty");
  const variables = body.text("Variables") ?? "";
  const parsed = await jobspec.parseJob(source, {
    file: "input.hcl",
    ...(variables === "" ? {} : { variableFiles: [{ file: "input.hcl", text: variables }] }),
  });
  if (!parsed.ok)
    throw badRequest(`Failed to parse job: ${diagnosticsText(jobspec, parsed.diagnostics)}`);
  const canonical = body.bool("Canonicalize") ?? false;
  return json(canonical ? jobspec.canonicalizeJobBody(parsed.body) : parsed.body);
};

/** So many faults are told in full; who has more has an editor to look for. */
const mostTold = 100;

/** One a line, so that a file is mended in one go; the first comes where clients look for it. */
function diagnosticsText(
  jobspec: ApiContext["jobspec"],
  diagnostics: readonly Diagnostic[],
): string {
  const errors = diagnostics.filter((one) => one.severity === "error");
  const told = errors.length > 0 ? errors : diagnostics;
  if (told.length === 0) return "no diagnostics";
  const lines = told.slice(0, mostTold).map((one) => jobspec.formatDiagnostic(one));
  const more = told.length - lines.length;
  return [...lines, ...(more > 0 ? [`and ${more} other diagnostic(s)`] : [])].join("\n");
}

export const validateJob: ActionHandler = async (context, request) => {
  const { body, check } = await sentJobOf(context, request);
  const checked = check();
  const errors = checked.ok ? [] : checked.errors;
  return json({
    DriverConfigValidated: true,
    ValidationErrors: errors.length === 0 ? null : errors,
    Error: errors.length === 0 ? "" : context.jobspec.multiErrorText(errors),
    Warnings: context.jobspec.warningsText(checked.warnings),
    // Our own field, for who asks: other programs get the answer that they know.
    ...((body.bool("Diagnostics") ?? false)
      ? { Diagnostics: checked.findings.map(encodeFinding) }
      : {}),
  });
};

const encodeFinding = ({ severity, summary, detail, path }: JobFinding): object => ({
  Severity: severity,
  Summary: summary,
  Detail: detail,
  Path: path,
});

export const planJob: ActionHandler = async (context, request) => {
  const { body, fields, check } = await sentJobOf(context, request);
  const id = fields.text("ID");
  if (id === undefined) throw badRequest("Job must have a valid ID");
  if (id !== param(request, "id")) throw badRequest("Job ID does not match");
  const checked = check();
  if (!checked.ok) throw refusal(context, checked.errors);
  const job = await checked.job();
  const { store, jobspec } = context;
  const stored = store.read.job({ namespace: job.Namespace, id: job.ID });
  const preview = await context.plan(job);
  const wantsDiff = body.bool("Diff") ?? false;
  const diff = wantsDiff ? await checked.diff(stored ?? null, preview.annotations) : null;
  const index = stored?.JobModifyIndex ?? 0;
  const created = preview.createdEvaluations.map((evaluation) => encodeEvaluation(evaluation));
  const before = {
    Annotations: { ...preview.annotations, PreemptedAllocs: null },
    FailedTGAllocs: Object.keys(preview.failedGroups).length === 0 ? null : preview.failedGroups,
    JobModifyIndex: index,
    CreatedEvals: created.length === 0 ? null : created,
  };
  const after = {
    NextPeriodicLaunch: preview.nextPeriodicLaunch ?? null,
    Warnings: jobspec.warningsText(checked.warnings),
    Index: index,
  };
  return diff instanceof Uint8Array
    ? { kind: "json-bytes", before, name: "Diff", inner: diff, after, index }
    : json({ ...before, Diff: diff, ...after }, index);
};

export const evaluateJob: ActionHandler = async (context, request) => {
  const body = await optionalBodyOf(request);
  if (body) checkJobId(body, request);
  const { store } = context;
  const key = jobKeyOf(request, namespaceOf(request.query));
  const job = store.read.job(key);
  if (!job) throw failed("job not found");
  if (job.Periodic !== null) throw failed("can't evaluate periodic job");
  if (job.ParameterizedJob !== null) throw failed("can't evaluate parameterized job");
  const force = body?.object("EvalOptions")?.bool("ForceReschedule") ?? false;
  const evaluation = evaluationFor(context, job, "job-register");
  const { index } = force
    ? await store.write("allocation.transition", {
        transitions: failedAllocations(context, job).map((allocationId) => ({
          allocationId,
          transition: { ForceReschedule: true },
        })),
        evaluations: [evaluation],
      })
    : await store.write("evaluation.upsert", { evaluations: [evaluation] });
  return json(
    registered({ evaluation, index, jobModifyIndex: job.JobModifyIndex, warnings: "" }),
    index,
  );
};

/** Failed and not replaced yet, in a group that may be rescheduled: those that a forced evaluation tries again. */
const failedAllocations = ({ store }: ApiContext, job: Job) =>
  store.read
    .allocationsByJob({ namespace: job.Namespace, id: job.ID })
    .filter(
      (one) =>
        one.ClientStatus === "failed" &&
        one.DesiredStatus === "run" &&
        one.NextAllocation === null &&
        mayReschedule(job.TaskGroups.find((group) => group.Name === one.TaskGroup)),
    )
    .map((one) => one.ID);

const mayReschedule = (group: TaskGroup | undefined): boolean =>
  group?.ReschedulePolicy?.Unlimited === true ||
  ((group?.ReschedulePolicy?.Attempts ?? 0) > 0 && (group?.ReschedulePolicy?.Interval ?? 0) > 0);

export const setStable: ActionHandler = async ({ store }, request) => {
  const body = await bodyOf(request);
  checkJobId(body, request);
  const key = jobKeyOf(request, namespaceOf(request.query));
  const version = body.number("JobVersion") ?? 0;
  if (!store.read.job(key)) throw failed(`job "${key.id}" not found`);
  const { index, outcome } = await store.write("job.stability", {
    key,
    version,
    stable: body.bool("Stable") ?? false,
  });
  if (!outcome.found)
    throw failed(`job "${key.id}" in namespace "${key.namespace}" at version ${version} not found`);
  return json({ Index: index }, index);
};

export const revertJob: ActionHandler = async (context, request) => {
  const body = await bodyOf(request);
  checkJobId(body, request);
  refuseWhileDisabled(context);
  const { store } = context;
  const key = jobKeyOf(request, namespaceOf(request.query));
  const version = body.number("JobVersion") ?? 0;
  const enforce = body.number("EnforcePriorVersion");
  const present = store.read.job(key);
  if (!present) throw failed(`job "${key.id}" not found`);
  if (present.Version === version) throw failed("can't revert to current version");
  const older = store.read.jobVersion(key, version, present.CreateIndex);
  if (!older)
    throw failed(`job "${key.id}" in namespace "${key.namespace}" at version ${version} not found`);
  if (enforce !== undefined && present.Version !== enforce)
    throw failed(`Current job has version ${present.Version}; enforcing version ${enforce}`);
  const admitted = admitBody(context, older, key.namespace);
  if (!admitted.ok) throw refusal(context, admitted.errors);
  return writeJob(context, {
    job: { ...older, VersionTag: null },
    warnings: context.jobspec.warningsText(admitted.warnings),
    submission: store.read.jobSubmission(key, version) ?? null,
    enforceIndex: enforce === undefined ? null : present.JobModifyIndex,
    preserveCounts: false,
    evalPriority: 0,
    headers: { "X-Nomad-KnownLeader": "false", "X-Nomad-LastContact": "0" },
  });
};

function checkJobId(body: Fields, request: ApiRequest): void {
  const id = body.text("JobID") ?? "";
  if (id === "") throw badRequest("JobID must be specified");
  if (id !== param(request, "id")) throw badRequest("Job ID does not match");
}
