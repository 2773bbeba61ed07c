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
import { flag } from "../../lib/flags.ts";
import {
  inJobsPlace,
  inOtherNamespaces,
  jobFileFlags,
  printWarnings,
  readJobFile,
} from "../job-file.ts";

export const jobValidate = defineCommand({
  usage: "[options] <path>",
  description:
    "Checks a job file. The agent checks what the drivers say about their configuration; without an agent only what the file itself says is checked.",
  flags: { ...jobFileFlags, "vault-namespace": flag.text("Vault namespace of the job.") },
  run: async (context, { flags, words }) => {
    const { body } = await readJobFile(context, oneWord(words, "path"), flags);
    const here = inJobsPlace(context, body);
    const answer = await check(here, inOtherNamespaces(body, flags));
    if (!answer.DriverConfigValidated)
      context.ui.output(
        "Driver configuration not validated since connection to Nomad agent couldn't be established.\n",
      );
    if (answer.Error) throw new CommandFailure(`Job validation errors:\n${answer.Error.trimEnd()}`);
    printWarnings(context, answer.Warnings);
    context.ui.output("Job validation successful");
    return 0;
  },
});

async function check(context: CommandContext, job: JobBody): Promise<ValidateAnswer> {
  try {
    return (await context.client.put<ValidateAnswer>("/v1/validate/job", { Job: job })).value;
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
    Error: admission.ok ? "" : multiErrorText(admission.errors),
    Warnings: warningsText(admission.warnings),
  };
}
