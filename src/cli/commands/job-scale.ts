import type { Job } from "../../model/job.ts";
import type { EvalAnswer } from "../../sdk/wire.ts";
import {
  CommandFailure,
  defineCommand,
  orFail,
  UsageFailure,
  type CommandContext,
} from "../command.ts";
import { flag, readInt } from "../../lib/flags.ts";
import { evaluationEnd } from "../evaluation-end.ts";
import { inNamespace } from "../job-file.ts";
import { jobPath, resolveJob } from "../resolve-job.ts";

export const jobScale = defineCommand({
  usage: "[options] <job> [<group>] <count>",
  description: "Changes how many of a group are wanted. A job with one group needs no group name.",
  flags: {
    "check-index": flag.int("Scale only if the job still has this modify index."),
    detach: flag.bool("Return after the change."),
    verbose: flag.bool("Print whole ids."),
  },
  run: async (context, { flags, given, words }) => {
    const [word, ...rest] = words;
    const countText = rest.at(-1);
    if (word === undefined || countText === undefined || rest.length > 2)
      throw new UsageFailure("This command requires at least two arguments and no more than three");
    const count = readInt(countText);
    if (count === undefined)
      throw new CommandFailure(
        `Failed to convert count string to int: ${JSON.stringify(countText)}`,
      );
    const found = await resolveJob(context, word);
    const here = inNamespace(context, found.namespace);
    const group = await groupOf(here, found.id, rest.length === 2 ? rest[0] : undefined);
    const { value } = await orFail(
      "Error submitting scaling request",
      here.client.put<EvalAnswer>(`${jobPath(found.id)}/scale`, {
        Count: count,
        Target: { Job: found.id, Group: group },
        Message: "submitted using the Nomad CLI",
        ...(given.has("check-index")
          ? { EnforceIndex: true, JobModifyIndex: flags["check-index"] }
          : {}),
      }),
    );
    return evaluationEnd(here, value.EvalID, { ...flags, said: "Job scale successful" });
  },
});

async function groupOf(
  context: CommandContext,
  id: string,
  named: string | undefined,
): Promise<string> {
  const { value: job } = await orFail("Error querying job", context.client.get<Job>(jobPath(id)));
  const names = job.TaskGroups.map((group) => group.Name);
  if (named !== undefined) {
    if (!names.includes(named)) throw new CommandFailure(`Group ${named} not found within job`);
    return named;
  }
  const [only, second] = names;
  if (only === undefined || second !== undefined) throw new CommandFailure("Group name required");
  return only;
}
