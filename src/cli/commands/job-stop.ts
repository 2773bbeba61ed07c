import type { Job } from "../../model/job.ts";
import type { EvalAnswer } from "../../sdk/wire.ts";
import {
  CommandFailure,
  defineCommand,
  messageOf,
  UsageFailure,
  type CommandContext,
} from "../command.ts";
import { flag, type FlagValues } from "../../lib/flags.ts";
import { confirm } from "../confirm.ts";
import { inNamespace } from "../job-file.ts";
import { monitorEvaluation } from "../monitor-evaluation.ts";
import { jobPath, resolveJob } from "../resolve-job.ts";

const flags = {
  detach: flag.bool("Print the evaluation id and return."),
  purge: flag.bool("Forget the job altogether."),
  global: flag.bool("Stop a job in all its regions."),
  yes: flag.bool("Do not ask."),
  "no-shutdown-delay": flag.bool("Ignore the shutdown delay of groups and tasks."),
  "eval-priority": flag.int("Priority of the evaluation; 0 means the job's."),
  verbose: flag.bool("Print whole ids."),
};

export const jobStop = defineCommand({
  usage: "[options] <job> ...",
  description: "Stops jobs and follows what the scheduler does about it.",
  flags,
  run: async (context, { flags, words }) => {
    if (words.length === 0)
      throw new UsageFailure("This command takes at least one argument: <job>");
    const codes = await Promise.all(
      words.map((word) =>
        stopOne(context, word, flags, words.length === 1).catch((thrown: unknown) => {
          context.ui.error(messageOf(thrown));
          return 1;
        }),
      ),
    );
    return codes.find((code) => code !== 0) ?? 0;
  },
});

async function stopOne(
  context: CommandContext,
  word: string,
  options: FlagValues<typeof flags>,
  mayAsk: boolean,
): Promise<number> {
  const found = await resolveJob(context, word);
  const here = inNamespace(context, found.namespace);
  const failure = (thrown: unknown): CommandFailure =>
    new CommandFailure(
      `Error deregistering job with id ${found.id} err: ${messageOf(thrown)}`,
      undefined,
      thrown,
    );
  const { value: job } = await here.client.get<Job>(jobPath(found.id)).catch((thrown: unknown) => {
    throw failure(thrown);
  });
  const isUnclear = found.id !== word || (Boolean(job.Multiregion) && !options.global);
  if (isUnclear && mayAsk && !options.yes) {
    const question = `Are you sure you want to stop job ${JSON.stringify(found.id)}? [y/N]`;
    const code = await confirm(context, question, "Cancelling job stop");
    if (code !== undefined) return code;
  }
  const { value } = await here.client
    .delete<EvalAnswer>(jobPath(found.id), {
      purge: options.purge,
      global: options.global,
      no_shutdown_delay: options["no-shutdown-delay"],
      ...(options["eval-priority"] === 0 ? {} : { eval_priority: options["eval-priority"] }),
    })
    .catch((thrown: unknown) => {
      throw failure(thrown);
    });
  if (!value.EvalID) return 0;
  if (options.detach) {
    context.ui.output(value.EvalID);
    return 0;
  }
  return monitorEvaluation(here, value.EvalID, options.verbose);
}
