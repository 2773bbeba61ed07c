import type { AllocationAnswer } from "../../sdk/wire.ts";
import { allocIdTooShort, anyAllocationOf, chooseTask, lookupAllocation } from "../alloc-lookup.ts";
import {
  CommandFailure,
  defineCommand,
  messageOf,
  UsageFailure,
  type CommandContext,
} from "../command.ts";
import { flag, type FlagValues } from "../../lib/flags.ts";
import { holdSession } from "../exec-session.ts";

const flags = {
  i: flag.bool("Pass what is typed on to the command. On by default.", true),
  t: flag.bool("Give the command a terminal; on by default where input and output are one."),
  it: flag.bool("-i and -t together."),
  ti: flag.bool("-t and -i together."),
  e: flag.text('The character that, with a dot behind it, leaves; "none" knows none.', "~"),
  task: flag.text("The task in which to run."),
  group: flag.text("With -job: only allocations of this group."),
  job: flag.bool("The id is a job's; any of its allocations is taken."),
};
type ExecFlags = FlagValues<typeof flags>;

export const allocExec = defineCommand({
  usage: "[options] <allocation> <command> [<args>...]",
  description:
    "Runs a command inside a task, where it runs and as its user, and ends with its exit code. -it stands for -i -t.",
  flags,
  run: async (context, { flags, given, words }) => {
    const [id, ...command] = words;
    if (id === undefined)
      throw new UsageFailure(flags.job ? "A job ID is required" : "An allocation ID is required");
    if (command.length === 0) throw new UsageFailure("A command is required");
    const tty = flags.it || flags.ti || (given.has("t") ? flags.t : context.ui.interactive);
    if (tty && !flags.i) throw new CommandFailure("-i must be enabled if running with tty");
    const escape = flags.e === "none" ? "" : flags.e;
    if (flags.e !== "none" && flags.e.length !== 1)
      throw new CommandFailure("-e requires 'none' or a single character");
    const allocation = await allocationOf(context, id, flags);
    const task = chooseTask(allocation, flags.task);
    return runIn(context, allocation, { task, command, tty, escape, takesInput: flags.i });
  },
});

const allocationOf = (
  context: CommandContext,
  id: string,
  flags: ExecFlags,
): Promise<AllocationAnswer> =>
  flags.job
    ? anyAllocationOf(context, id, flags.group)
    : lookupAllocation(context, id, { verbose: false, tooShort: allocIdTooShort });

interface Asked {
  readonly task: string;
  readonly command: readonly string[];
  readonly tty: boolean;
  readonly escape: string;
  readonly takesInput: boolean;
}

async function runIn(
  context: CommandContext,
  allocation: AllocationAnswer,
  { task, command, tty, escape, takesInput }: Asked,
): Promise<number> {
  try {
    const socket = await context.client.websocket({
      path: `/v1/client/allocation/${allocation.ID}/exec`,
      query: { namespace: allocation.Namespace, task, tty, command: JSON.stringify(command) },
    });
    return await holdSession(context, socket, { tty, escape, takesInput });
  } catch (thrown) {
    throw new CommandFailure(`failed to exec into task: ${messageOf(thrown)}`, undefined, thrown);
  }
}
