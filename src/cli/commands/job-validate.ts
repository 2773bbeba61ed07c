import { ResponseError } from "../../sdk/client.ts";
import type { JobBody } from "../../jobspec/job-body.ts";
import type { ValidateAnswer } from "../../sdk/wire.ts";
import {
  CommandFailure,
  defineCommand,
  messageOf,
  oneWord,
  type CommandContext,
} from "../command.ts";
import type { Diagnostic } from "../../lib/diagnostic.ts";
import { flag } from "../../lib/flags.ts";
import { diagnosticsData } from "../core/diagnostic-data.ts";
import { FaultyText } from "../faulty-text.ts";
import { askToValidate, findingsIn, refusalOf } from "../job-refusal.ts";
import {
  inJobsPlace,
  inOtherNamespaces,
  jobFileFlags,
  printWarnings,
  readJobFile,
  type JobFile,
  type JobFileFlags,
} from "../job-file.ts";

export const jobValidate = defineCommand({
  usage: "[options] <path>",
  description:
    "Checks a job file. The agent checks what the drivers say about their configuration; without an agent only what the file itself says is checked. With -json a file that is no JSON gets its answer as data for editors: a list of faults with file, line, column and byte.",
  flags: { ...jobFileFlags, "vault-namespace": flag.text("Vault namespace of the job.") },
  run: async (context, { flags, words }) => {
    const path = oneWord(words, "path");
    const file = await readOrTell(context, path, { ...flags, isJsonForAnswer: true });
    if (file === undefined) return 1;
    const here = inJobsPlace(context, file.body);
    const answer = await check(here, inOtherNamespaces(file.body, flags));
    if (flags.json && file.submission.Format !== "json")
      return tellAsData(context, { path, file }, answer);
    if (!answer.DriverConfigValidated)
      context.ui.output(
        "Driver configuration not validated since connection to Nomad agent couldn't be established.\n",
      );
    if (answer.Error)
      throw await refusalOf(
        `Job validation errors:\n${answer.Error.trimEnd()}`,
        file,
        findingsIn(answer),
      );
    printWarnings(context, answer.Warnings);
    context.ui.output("Job validation successful");
    return 0;
  },
});

/** Undefined when the file has faults and they were told as data. */
async function readOrTell(
  context: CommandContext,
  path: string,
  flags: JobFileFlags,
): Promise<JobFile | undefined> {
  try {
    return await readJobFile(context, path, flags);
  } catch (thrown) {
    if (!flags.json || !(thrown instanceof FaultyText)) throw thrown;
    printData(context, thrown.diagnostics, path, thrown.texts);
    return undefined;
  }
}

async function check(context: CommandContext, job: JobBody): Promise<ValidateAnswer> {
  try {
    return await askToValidate(context, job);
  } catch (thrown) {
    if (thrown instanceof ResponseError)
      throw new CommandFailure(`Error validating job: ${messageOf(thrown)}`, undefined, thrown);
    // Nobody answered: what can be said without a cluster and its drivers is said here.
    return checkAlone(job);
  }
}

/** Which namespaces and node pools there are only the cluster knows. */
async function checkAlone(job: JobBody): Promise<ValidateAnswer> {
  const { admitJob, multiErrorText, warningsText } = await import("../../jobspec/admit-job.ts");
  const admission = admitJob(job, {
    namespace: "default",
    region: "global",
    namespaceExists: () => true,
    nodePoolExists: () => true,
  });
  return {
    DriverConfigValidated: false,
    ValidationErrors: admission.ok ? [] : admission.errors,
    Error: admission.ok ? "" : multiErrorText(admission.errors),
    Warnings: warningsText(admission.warnings),
    Diagnostics: admission.findings.map(({ severity, summary, detail, path }) => ({
      Severity: severity,
      Summary: summary,
      Detail: detail,
      Path: path,
    })),
  };
}

/** What an agent says that names no places is about the job as a whole: it never saw the file. */
async function tellAsData(
  context: CommandContext,
  { path, file }: { readonly path: string; readonly file: JobFile },
  answer: ValidateAnswer,
): Promise<number> {
  const errors = answer.ValidationErrors ?? (answer.Error ? [answer.Error] : []);
  const about = (
    severity: Diagnostic["severity"],
    summary: string,
    detail: string,
  ): Diagnostic => ({
    severity,
    summary,
    detail: detail.trim(),
  });
  const findings = findingsIn(answer);
  if (findings.length > 0) {
    const { faults, texts } = await file.locate(findings);
    printData(context, faults, path, texts);
    return errors.length > 0 ? 1 : 0;
  }
  const warnings = answer.Warnings?.trim() ? [answer.Warnings] : [];
  printData(
    context,
    [
      ...errors.map((text) => about("error", "Invalid job", text)),
      ...warnings.map((text) => about("warning", "Job warnings", text)),
    ],
    path,
    new Map(),
  );
  return errors.length > 0 ? 1 : 0;
}

function printData(
  context: CommandContext,
  diagnostics: readonly Diagnostic[],
  path: string,
  texts: ReadonlyMap<string, string>,
): void {
  context.ui.output(JSON.stringify(diagnosticsData(diagnostics, path, texts), undefined, 2));
}
