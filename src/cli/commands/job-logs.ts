import { CommandFailure, defineCommand, UsageFailure } from "../command.ts";
import { resolveJob } from "../resolve-job.ts";
import { logFlags, showLogsOfJob } from "./alloc-logs.ts";

export const jobLogs = defineCommand({
  usage: "[options] <job> [<task>]",
  description:
    "Prints the last lines that each task of a job wrote, each with the allocation and the task that it comes from. With -f it goes on, across restarts and with the instances of new versions.",
  flags: logFlags,
  run: async (context, { flags, given, words }) => {
    const [id, taskWord, tooMany] = words;
    if (id === undefined || tooMany !== undefined)
      throw new UsageFailure("This command takes one or two arguments: <job> [<task>]");
    if (flags.stdout && flags.stderr)
      throw new CommandFailure("Unable to support both stdout and stderr");
    const job = await resolveJob(context, id);
    return showLogsOfJob(context, job, { flags, given, task: flags.task || taskWord || "" });
  },
});
