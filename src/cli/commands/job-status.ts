import type { Job, JobSummary } from "../../model/job.ts";
import type { Deployment } from "../../model/deployment.ts";
import type { AllocationListStub, EvaluationAnswer, JobListStub } from "../../sdk/wire.ts";
import { defineCommand, orFail, UsageFailure, type CommandContext } from "../command.ts";
import { flag, type FlagValues } from "../../lib/flags.ts";
import { formatAnswer, formatFlags, refuseBoth } from "../format-answer.ts";
import { showHint } from "../hints.ts";
import { inNamespace } from "../job-file.ts";
import { jobTable } from "../job-list.ts";
import { printJob } from "../job-text.ts";
import { troubledSources } from "../job-sources.ts";
import { jobPath, resolveJob } from "../resolve-job.ts";
import { newestFirst } from "../allocation-table.ts";

const flags = {
  ...formatFlags,
  short: flag.bool("Only the facts about the job itself."),
  evals: flag.bool("Show the evaluations too."),
  "all-allocs": flag.bool("Show allocations of an earlier job of the same name too."),
  verbose: flag.bool("Print whole ids, times and evaluations."),
  ui: flag.bool("Also open the web UI."),
};
type StatusFlags = FlagValues<typeof flags>;

export const jobStatus = defineCommand({
  usage: "[options] <job>",
  description:
    "Without a job: the table of all jobs. With one: what it is, its groups, its latest deployment and its allocations.",
  flags,
  helpName: "status",
  run: (context, { flags, words }) => {
    if (words.length > 1)
      throw new UsageFailure("This command takes either no arguments or one: <job>");
    return showJobStatus(context, words[0], flags);
  },
});

/** Also the answer of `nomad status`. */
export async function showJobStatus(
  context: CommandContext,
  word: string | undefined,
  options: StatusFlags,
): Promise<number> {
  refuseBoth({ json: options.json, template: options.t });
  if (word === undefined) return listJobs(context, options);
  const found = await resolveJob(context, word);
  const here = inNamespace(context, found.namespace);
  const { value: job } = await orFail(
    "Error querying job",
    here.client.get<Job>(jobPath(found.id)),
  );
  if (options.json || options.t !== "") {
    here.ui.output(format(options, [await jobAnswer(here, job, options)]));
    return 0;
  }
  await printJob(here, job, options);
  await showHint(
    here,
    "View job details and metrics",
    `/jobs/${job.ID}@${job.Namespace}`,
    options.ui,
  );
  return 0;
}

async function listJobs(context: CommandContext, options: StatusFlags): Promise<number> {
  const { ui, client } = context;
  const { value } = await orFail(
    "Error querying jobs",
    client.get<readonly JobListStub[] | null>("/v1/jobs"),
  );
  const jobs = value ?? [];
  if (options.json || options.t !== "") {
    const answers: unknown[] = [];
    for (const stub of jobs) {
      const here = inNamespace(context, stub.JobSummary?.Namespace ?? stub.Namespace);
      const { value: job } = await orFail(
        "Error querying job",
        here.client.get<Job>(jobPath(stub.ID)),
      );
      answers.push(await jobAnswer(here, job, options));
    }
    ui.output(format(options, answers));
    return 0;
  }
  ui.output(jobs.length === 0 ? "No running jobs" : jobTable(context, jobs));
  const trouble = await troubledSources(context);
  if (trouble !== "") ui.output(`\n${trouble}`);
  await showHint(context, "View and manage Nomad jobs", "/jobs", options.ui);
  return 0;
}

const format = (options: StatusFlags, value: unknown): string =>
  formatAnswer(value, {
    json: options.json,
    template: options.t,
    type: "[]command.JobJson",
  }) ?? "";

async function jobAnswer(
  context: CommandContext,
  job: Job,
  options: StatusFlags,
): Promise<unknown> {
  const path = jobPath(job.ID);
  const [summary, allocations, evaluations, deployment] = await orFail(
    "Error querying job",
    Promise.all([
      context.client.get<JobSummary>(`${path}/summary`),
      context.client.get<readonly AllocationListStub[] | null>(`${path}/allocations`, {
        all: options["all-allocs"],
      }),
      context.client.get<readonly EvaluationAnswer[] | null>(`${path}/evaluations`),
      context.client.get<Deployment | null>(`${path}/deployment`),
    ]),
  );
  return {
    Summary: summary.value,
    Allocations: newestFirst(allocations.value ?? []),
    LatestDeployment: deployment.value,
    Evaluations: newestFirst(evaluations.value ?? []),
  };
}
