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
import { holdSession, type SessionOptions } from "../exec-session.ts";
import type { Query } from "../../sdk/client.ts";

export const sessionFlags = {
  i: flag.bool("Pass what is typed on to the command. On by default.", true),
  t: flag.bool("Give the command a terminal; on by default where input and output are one."),
  e: flag.text('The character that, with a dot behind it, leaves; "none" knows none.', "~"),
};
const flags = {
  ...sessionFlags,
  it: flag.bool("-i and -t together."),
  ti: flag.bool("-t and -i together."),
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
    const wantsTty = flags.it || flags.ti || (given.has("t") ? flags.t : undefined);
    const session = sessionOf(context, flags, wantsTty);
    const allocation = await allocationOf(context, id, flags);
    const task = chooseTask(allocation, flags.task);
    return runIn(context, allocation, { task, command, session });
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

/** How to talk with the command, by the flags and by where the person sits. */
export function sessionOf(
  context: CommandContext,
  flags: FlagValues<typeof sessionFlags>,
  wantsTty: boolean | undefined,
): SessionOptions {
  const tty = wantsTty ?? context.ui.interactive;
  if (tty && !flags.i) throw new CommandFailure("-i must be enabled if running with tty");
  if (flags.e !== "none" && flags.e.length !== 1)
    throw new CommandFailure("-e requires 'none' or a single character");
  return { tty, escape: flags.e === "none" ? "" : flags.e, takesInput: flags.i };
}

interface Asked {
  readonly task: string;
  readonly command: readonly string[];
  readonly session: SessionOptions;
}

const runIn = (
  context: CommandContext,
  allocation: AllocationAnswer,
  { task, command, session }: Asked,
): Promise<number> =>
  runSession(context, session, {
    path: `/v1/client/allocation/${allocation.ID}/exec`,
    query: {
      namespace: allocation.Namespace,
      task,
      tty: session.tty,
      command: JSON.stringify(command),
    },
  });

/** Opens the conversation and holds it; gives the command's exit code. */
export async function runSession(
  context: CommandContext,
  session: SessionOptions,
  at: { readonly path: string; readonly query: Query },
): Promise<number> {
  try {
    return await holdSession(context, await context.client.websocket(at), session);
  } catch (thrown) {
    throw new CommandFailure(`failed to exec into task: ${messageOf(thrown)}`, undefined, thrown);
  }
}
