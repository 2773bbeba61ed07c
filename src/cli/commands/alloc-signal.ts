import { allocIdTooShort, chooseTask, lookupAllocation } from "../alloc-lookup.ts";
import { defineCommand, orFail, UsageFailure } from "../command.ts";
import { flag } from "../../lib/flags.ts";

export const allocSignal = defineCommand({
  usage: "[options] <allocation> [<task>]",
  description: "Sends a signal to all tasks of an allocation, or to one.",
  flags: {
    s: flag.text("The signal to send.", "SIGKILL"),
    task: flag.text("The only task to signal."),
    verbose: flag.bool("Print whole ids."),
  },
  run: async (context, { flags, words }) => {
    const [id, word, tooMany] = words;
    if (id === undefined || tooMany !== undefined)
      throw new UsageFailure("This command takes one or two arguments: <alloc-id> <task>");
    const allocation = await lookupAllocation(context, id, {
      verbose: flags.verbose,
      tooShort: allocIdTooShort,
    });
    const named = flags.task || word || "";
    await orFail(
      "Error signalling allocation",
      context.client.put(
        `/v1/client/allocation/${allocation.ID}/signal`,
        { Signal: flags.s, Task: named === "" ? "" : chooseTask(allocation, named) },
        { namespace: allocation.Namespace },
      ),
    );
    return 0;
  },
});
