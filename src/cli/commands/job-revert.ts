import type { EvalAnswer, VersionsAnswer } from "../../sdk/wire.ts";
import {
  CommandFailure,
  defineCommand,
  orFail,
  UsageFailure,
  type CommandContext,
} from "../command.ts";
import { flag, readInt } from "../../lib/flags.ts";
import { inNamespace } from "../job-file.ts";
import { monitorEvaluation } from "../monitor-evaluation.ts";
import { jobPath, resolveJob } from "../resolve-job.ts";

export const jobRevert = defineCommand({
  usage: "[options] <job> <version|tag>",
  description: "Registers an earlier version of a job again, named by its number or its tag.",
  flags: {
    detach: flag.bool("Print the evaluation id and return."),
    verbose: flag.bool("Print whole ids."),
  },
  run: async (context, { flags, words }) => {
    const [word, versionText, tooMany] = words;
    if (word === undefined || versionText === undefined || tooMany !== undefined)
      throw new UsageFailure("This command takes two arguments: <job> <version|tag>");
    const found = await resolveJob(context, word);
    const here = inNamespace(context, found.namespace);
    const version = readInt(versionText) ?? (await taggedVersion(here, found.id, versionText));
    const { value } = await orFail(
      "Error retrieving job versions",
      here.client.put<EvalAnswer>(`${jobPath(found.id)}/revert`, {
        JobID: found.id,
        JobVersion: version,
      }),
    );
    if (!value.EvalID) return 0;
    if (!flags.detach) return monitorEvaluation(here, value.EvalID, flags.verbose);
    context.ui.output(`Evaluation ID: ${value.EvalID}`);
    return 0;
  },
});

async function taggedVersion(context: CommandContext, id: string, tag: string): Promise<number> {
  const { value } = await orFail(
    "Error retrieving job versions",
    context.client.get<VersionsAnswer>(`${jobPath(id)}/versions`),
  );
  const job = value.Versions?.find((one) => one.VersionTag?.Name === tag);
  if (!job)
    throw new CommandFailure(
      `Error retrieving job versions: tag ${JSON.stringify(tag)} not found on job ${JSON.stringify(id)}`,
    );
  return job.Version;
}
