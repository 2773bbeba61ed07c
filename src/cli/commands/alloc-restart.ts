import { allocIdTooShort, chooseTask, lookupAllocation } from "../alloc-lookup.ts";
import { CommandFailure, defineCommand, messageOf, UsageFailure } from "../command.ts";
import { flag } from "../../lib/flags.ts";

export const allocRestart = defineCommand({
  usage: "[options] <allocation> [<task>]",
  description:
    "Restarts the running tasks of an allocation where it is, or one of them, or with -all-tasks also those that have ended.",
  flags: {
    "all-tasks": flag.bool("Restart ended tasks too."),
    task: flag.text("The only task to restart."),
    verbose: flag.bool("Print whole ids."),
  },
  run: async (context, { flags, words }) => {
    const [id, word, tooMany] = words;
    if (id === undefined || tooMany !== undefined)
      throw new UsageFailure("This command takes one or two arguments: <alloc-id> <task>");
    const named = flags.task || word || "";
    if (flags["all-tasks"] && named !== "")
      throw new CommandFailure(
        "The -all-tasks option is not allowed when restarting a specific task.",
      );
    const allocation = await lookupAllocation(context, id, {
      verbose: flags.verbose,
      tooShort: allocIdTooShort,
    });
    const task = named === "" ? "" : chooseTask(allocation, named);
    try {
      await context.client.put(
        `/v1/client/allocation/${allocation.ID}/restart`,
        { TaskName: task, AllTasks: flags["all-tasks"] },
        { namespace: allocation.Namespace },
      );
    } catch (thrown) {
      const what = task === "" ? "allocation" : task;
      throw new CommandFailure(`Failed to restart ${what}:\n\n${messageOf(thrown)}`, 1, thrown);
    }
    return 0;
  },
});
