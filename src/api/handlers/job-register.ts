import { newEvaluation } from "../../model/build.ts";
import type { Evaluation, EvaluationTrigger } from "../../model/evaluation.ts";
import { evaluationId } from "../../model/ids.ts";
import type { JobKey } from "../../model/ids.ts";
import type { Job, JobSubmission } from "../../model/job.ts";
import type { ApiContext } from "../context.ts";
import { HttpError, badRequest, failed, texts } from "../errors.ts";
import { json } from "../http/answer.ts";
import type { Answer } from "../http/answer.ts";
import type { ActionHandler } from "../http/handler.ts";
import type { Fields } from "../http/json-body.ts";
import { boolOf, intOf, namespaceOf } from "../http/request.ts";
import { jobKeyOf } from "./keys.ts";
import { sentJobOf } from "./sent-job.ts";

export const registerJob: ActionHandler = async (context, request) => {
  const { body, fields, check } = await sentJobOf(context, request);
  const id = fields.text("ID");
  if (id === undefined) throw badRequest("Job ID hasn't been provided");
  const wanted = request.params["id"];
  if (wanted !== undefined && wanted !== id) throw badRequest("Job ID does not match name");
  refuseWhileDisabled(context);
  const checked = check();
  if (!checked.ok) throw refusal(context, checked.errors);
  return writeJob(context, {
    job: await checked.job(),
    warnings: context.jobspec.warningsText(checked.warnings),
    submission: submissionOf(body.object("Submission")),
    enforceIndex:
      (body.bool("EnforceIndex") ?? false) ? (body.number("JobModifyIndex") ?? 0) : null,
    preserveCounts: body.bool("PreserveCounts") ?? false,
    preserveResources: body.bool("PreserveResources") ?? false,
    evalPriority: body.number("EvalPriority") ?? 0,
  });
};

/** One text holds all errors. */
export const refusal = ({ jobspec }: ApiContext, errors: readonly string[]): HttpError =>
  failed(jobspec.multiErrorText(errors));

export function refuseWhileDisabled(context: ApiContext): void {
  if (context.store.read.schedulerConfig().RejectJobRegistration)
    throw new HttpError(403, texts.registrationDisabled);
}

export interface Registration {
  readonly job: Job;
  readonly warnings: string;
  readonly submission: JobSubmission | null;
  readonly enforceIndex: number | null;
  readonly preserveCounts: boolean;
  readonly preserveResources?: boolean;
  /** 0: the job's own. */
  readonly evalPriority: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function writeJob(context: ApiContext, wanted: Registration): Promise<Answer> {
  const nowNs = context.clock.nowNs();
  const job: Job = { ...wanted.job, SubmitTime: nowNs };
  const evaluation = startsNothing(job)
    ? null
    : evaluationFor(context, job, "job-register", wanted.evalPriority);
  const { index, outcome } = await context.store.write("job.register", {
    job,
    submission: wanted.submission,
    enforceIndex: wanted.enforceIndex,
    evaluation,
    preserveCounts: wanted.preserveCounts,
    ...(wanted.preserveResources === true ? { preserveResources: true } : {}),
  });
  if ("refused" in outcome)
    throw failed(checkIndexText(wanted.enforceIndex ?? 0, outcome.jobModifyIndex));
  return {
    ...json(
      registered({
        evaluation,
        index,
        jobModifyIndex: outcome.jobModifyIndex,
        warnings: wanted.warnings,
      }),
      index,
    ),
    ...(wanted.headers ? { headers: wanted.headers } : {}),
  };
}

/** The words that the command line picks apart. */
export const checkIndexText = (wanted: number, stored: number | null): string => {
  const start = `Enforcing job modify index ${wanted}: `;
  if (stored === null) return `${start}job does not exist`;
  return wanted === 0
    ? `${start}job already exists`
    : `${start}job exists with conflicting job modify index: ${stored}`;
};

/** Periodic and parameterized jobs only wait for their children. */
export const startsNothing = (job: Job): boolean =>
  job.Periodic !== null || job.ParameterizedJob !== null;

export const evaluationFor = (
  context: ApiContext,
  job: Job,
  trigger: EvaluationTrigger,
  priority = 0,
): Evaluation =>
  newEvaluation({
    id: evaluationId(context.random.uuid()),
    job: priority > 0 ? { ...job, Priority: priority } : job,
    trigger,
    nowNs: context.clock.nowNs(),
  });

export const registered = (done: {
  readonly evaluation: Evaluation | null;
  readonly index: number;
  readonly jobModifyIndex: number;
  readonly warnings: string;
}): object => ({
  EvalID: done.evaluation?.ID ?? "",
  EvalCreateIndex: done.evaluation ? done.index : 0,
  JobModifyIndex: done.jobModifyIndex,
  Warnings: done.warnings,
  Index: done.index,
  LastContact: 0,
  KnownLeader: false,
  NextToken: "",
});

function submissionOf(fields: Fields | undefined): JobSubmission | null {
  const source = fields?.text("Source");
  if (!fields || source === undefined || source === "") return null;
  const format = fields.text("Format");
  return {
    Source: source,
    Format: format === "json" || format === "hcl1" ? format : "hcl2",
    VariableFlags: fields.textMap("VariableFlags") ?? null,
    Variables: fields.text("Variables") ?? "",
  };
}

/** Stopping a job that is not there is fine, and changes nothing. */
export const deleteJob: ActionHandler = async (context, request) => {
  const { store } = context;
  const purge = boolOf(request.query, "purge") ?? false;
  const noShutdownDelay = boolOf(request.query, "no_shutdown_delay") ?? false;
  const priority = intOf(request.query, "eval_priority") ?? 0;
  const key: JobKey = jobKeyOf(request, namespaceOf(request.query));
  const job = store.read.job(key);
  if (!job) return deregistered({ evaluation: null, index: 0, jobModifyIndex: 0 });
  const evaluation = startsNothing(job)
    ? null
    : // The wire's evaluations of a stop are of this type, whatever the job's is.
      { ...evaluationFor(context, job, "job-deregister", priority), Type: "service" as const };
  const { index, outcome } = await store.write("job.deregister", {
    key,
    purge,
    submitTime: context.clock.nowNs(),
    evaluation,
    noShutdownDelay,
  });
  return outcome.found
    ? deregistered({ evaluation, index, jobModifyIndex: outcome.jobModifyIndex })
    : deregistered({ evaluation: null, index, jobModifyIndex: 0 });
};

const deregistered = (done: {
  readonly evaluation: Evaluation | null;
  readonly index: number;
  readonly jobModifyIndex: number;
}): Answer =>
  json(
    {
      EvalID: done.evaluation?.ID ?? "",
      EvalCreateIndex: done.evaluation ? done.index : 0,
      JobModifyIndex: done.jobModifyIndex,
      VolumeEvalID: "",
      VolumeEvalIndex: 0,
      Index: done.index,
      LastContact: 0,
      KnownLeader: false,
      NextToken: "",
    },
    done.index,
  );
