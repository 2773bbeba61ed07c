import { allocIdTooShort, chooseTask, lookupAllocation } from "../alloc-lookup.ts";
import { CommandFailure, defineCommand, orFail, UsageFailure } from "../command.ts";
import { flag } from "../../lib/flags.ts";

export const allocPause = defineCommand({
  usage: "[options] <allocation> [<task>]",
  description:
    "Holds the restarts of a task, or lets them go on. What runs goes on running; once it has ended it is not started again until it is resumed, and then at once.",
  flags: {
    state: flag.text(
      "What is wanted: pause or run. The third one of Nomad, scheduled, needs its Enterprise edition.",
    ),
    status: flag.bool("Only print the state: pause or run."),
    task: flag.text("The task; needed when there are several."),
    verbose: flag.bool("Print whole ids."),
  },
  run: async (context, { flags, words }) => {
    const [id, word, tooMany] = words;
    if (id === undefined || tooMany !== undefined)
      throw new UsageFailure("This command takes one or two arguments: <alloc-id> <task>");
    if (flags.status === (flags.state !== ""))
      throw new UsageFailure("This command needs either -state or -status");
    if (flags.state !== "" && !states.has(flags.state))
      throw new CommandFailure(
        `Invalid state ${JSON.stringify(flags.state)}: it must be pause, run or scheduled`,
      );
    const allocation = await lookupAllocation(context, id, {
      verbose: flags.verbose,
      tooShort: allocIdTooShort,
    });
    const task = chooseTask(allocation, flags.task || word || "");
    const path = `/v1/client/allocation/${allocation.ID}/pause`;
    const namespace = allocation.Namespace;
    if (!flags.status) {
      const asked = { Task: task, ScheduleState: flags.state };
      await orFail("Error setting pause state", context.client.put(path, asked, { namespace }));
      return 0;
    }
    const { value } = await orFail(
      "Error reading pause state",
      context.client.get<{ readonly ScheduleState: string }>(path, { namespace, task }),
    );
    context.ui.output(value.ScheduleState);
    return 0;
  },
});

const states: ReadonlySet<string> = new Set(["pause", "run", "scheduled"]);
