import { ResponseError } from "../../sdk/client.ts";
import type { ValidateAnswer } from "../../sdk/wire.ts";
import { CommandFailure, defineCommand, messageOf, oneWord } from "../command.ts";
import { flag } from "../../lib/flags.ts";
import { inJobsPlace, jobFileFlags, printWarnings, readJobFile } from "../job-file.ts";

export const jobValidate = defineCommand({
  usage: "[options] <path>",
  description:
    "Checks a job file. The agent checks what the drivers say about their configuration; without an agent only the text is checked.",
  flags: { ...jobFileFlags, "vault-namespace": flag.text("Vault namespace of the job.") },
  run: async (context, { flags, words }) => {
    const { body } = await readJobFile(context, oneWord(words, "path"), flags);
    const here = inJobsPlace(context, body);
    let answer: ValidateAnswer;
    try {
      answer = (await here.client.put<ValidateAnswer>("/v1/validate/job", { Job: body })).value;
    } catch (thrown) {
      if (thrown instanceof ResponseError)
        throw new CommandFailure(`Error validating job: ${messageOf(thrown)}`, undefined, thrown);
      // Nobody answered: the text was read without a complaint, and that much can be said.
      answer = { DriverConfigValidated: false };
    }
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
