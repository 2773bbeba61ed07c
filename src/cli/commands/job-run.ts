import type { JobBody } from "../../jobspec/job-body.ts";
import type { RegisterAnswer } from "../../sdk/wire.ts";
import {
  CommandFailure,
  defineCommand,
  messageOf,
  oneWord,
  type CommandContext,
} from "../command.ts";
import { flag, readInt, type FlagValues } from "../../lib/flags.ts";
import { showHint } from "../hints.ts";
import { explainRefusal } from "../job-refusal.ts";
import {
  inJobsPlace,
  inOtherNamespaces,
  jobFileFlags,
  printWarnings,
  readJobFile,
  type JobFile,
} from "../job-file.ts";
import { monitorEvaluation } from "../monitor-evaluation.ts";
import { nextLaunch } from "../next-launch.ts";

const flags = {
  ...jobFileFlags,
  "check-index": flag.text(
    "Register only if the job still has this modify index; 0 means it must not exist.",
  ),
  detach: flag.bool("Return after the registration instead of following the evaluation."),
  verbose: flag.bool("Print whole ids."),
  output: flag.bool("Print the job as JSON for the HTTP API and send nothing."),
  "eval-priority": flag.int("Priority of the evaluation; 0 means the job's."),
  "preserve-counts": flag.bool("Keep the counts that the running job has."),
  "preserve-resources": flag.bool("Keep the resources that the running job has."),
  "policy-override": flag.bool("Accepted for compatibility; there are no policies to override."),
  "consul-namespace": flag.text("Consul namespace of the job."),
  "vault-namespace": flag.text("Vault namespace of the job."),
  ui: flag.bool("Also open the job in the web UI."),
};

export const jobRun = defineCommand({
  usage: "[options] <path>",
  description:
    "Registers the job that a file describes and follows its evaluation and deployment to the end. The path may be - for the standard input or an http address.\n\nThe exit code is 0 when all went well, 1 after an error or a deployment that was not successful, and 2 when something could not be placed.",
  flags,
  run: async (context, { flags, given, words }) => {
    const path = oneWord(words, "path");
    const file = await readJobFile(context, path, flags);
    if (flags.output) {
      context.ui.output(JSON.stringify({ Job: file.body }, null, 4));
      return 0;
    }
    const checkIndex = given.has("check-index") ? readCheckIndex(flags["check-index"]) : undefined;
    const here = inJobsPlace(context, file.body);
    const answer = await register(here, file, flags, checkIndex);
    printWarnings(here, answer.Warnings);
    return afterRegistration(here, file.body, answer, flags);
  },
});

function readCheckIndex(text: string): number {
  const value = readInt(text);
  if (value === undefined || value < 0)
    throw new CommandFailure(
      `Error parsing check-index value ${JSON.stringify(text)}: not a whole number`,
    );
  return value;
}

async function register(
  context: CommandContext,
  file: JobFile,
  options: FlagValues<typeof flags>,
  checkIndex: number | undefined,
): Promise<RegisterAnswer> {
  const body = inOtherNamespaces(file.body, options);
  try {
    const answer = await context.client.put<RegisterAnswer>("/v1/jobs", {
      Job: body,
      EnforceIndex: checkIndex !== undefined,
      JobModifyIndex: checkIndex ?? 0,
      PolicyOverride: options["policy-override"],
      PreserveCounts: options["preserve-counts"],
      PreserveResources: options["preserve-resources"],
      EvalPriority: options["eval-priority"],
      Submission: file.submission,
    });
    return answer.value;
  } catch (thrown) {
    const enforced = /Enforcing job modify index [^)\n]*/.exec(messageOf(thrown));
    if (checkIndex !== undefined && enforced)
      throw new CommandFailure(`${enforced[0]}\nJob not updated`, undefined, thrown);
    const message = `Error submitting job: ${messageOf(thrown)}`;
    throw await explainRefusal(context, { file, body }, thrown, message);
  }
}

async function afterRegistration(
  context: CommandContext,
  job: JobBody,
  answer: RegisterAnswer,
  options: FlagValues<typeof flags>,
): Promise<number> {
  const { ui } = context;
  const hint = (): Promise<void> =>
    showHint(
      context,
      "View this job",
      `/jobs/${encodeURIComponent(job.ID ?? "")}@${job.Namespace || context.namespace || "default"}`,
      options.ui,
    );
  const waitsForItsTime = Boolean(job.Periodic) || Boolean(job.ParameterizedJob);
  if (!options.detach && !waitsForItsTime && answer.EvalID) {
    await hint();
    ui.rawError("\n");
    return monitorEvaluation(context, answer.EvalID, options.verbose);
  }
  ui.output("Job registration successful");
  if (job.Periodic && !job.ParameterizedJob) {
    const next = nextLaunch(context, job);
    if (next !== "") ui.output(`Approximate next launch time: ${next}`);
  } else if (!job.ParameterizedJob && answer.EvalID) ui.output(`Evaluation ID: ${answer.EvalID}`);
  await hint();
  return 0;
}
