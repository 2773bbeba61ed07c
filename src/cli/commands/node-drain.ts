import {
  CommandFailure,
  defineCommand,
  orFail,
  UsageFailure,
  type CommandContext,
} from "../command.ts";
import { confirm } from "../confirm.ts";
import { flag, type FlagValues } from "../../lib/flags.ts";
import { lookupNode, noNodeFound, selfNodeId } from "../node-lookup.ts";
import { lookAtNode, monitorDrain } from "../monitor-drain.ts";

const flags = {
  enable: flag.bool("Move everything away from the node."),
  disable: flag.bool("End a drain that is under way."),
  monitor: flag.bool("Only watch a drain that is under way."),
  deadline: flag.duration("After this long the rest is stopped.", 3600e9),
  force: flag.bool("Stop everything at once."),
  "no-deadline": flag.bool("Wait for as long as it takes."),
  "ignore-system": flag.bool("Leave system jobs running."),
  "keep-ineligible": flag.bool("With -disable: no new allocations yet."),
  self: flag.bool("The node of the agent that answers."),
  yes: flag.bool("Do not ask."),
  detach: flag.bool("Return without watching."),
  m: flag.text("A message to keep with the drain."),
  meta: flag.list("More to keep with the drain, key=value."),
};
type DrainFlags = FlagValues<typeof flags>;

export const nodeDrain = defineCommand({
  usage: "(-enable|-disable|-monitor) [options] <node>",
  description:
    "Moves the allocations of a node to others, within a deadline, and closes it for new ones; or ends that.",
  flags,
  run: async (context, { flags, given, words }) => {
    refuse(flags, given);
    const word = flags.self ? await selfNodeId(context) : words[0];
    if (word === undefined || words.length > (flags.self ? 0 : 1))
      throw new UsageFailure("Node ID must be specified if -self isn't being used");
    const { ID: id } = await lookupNode(context, word, {
      failure: "Error toggling drain mode",
      noneFound: noNodeFound,
    });
    const ignoreSystem = flags["ignore-system"];
    if (flags.monitor)
      return monitorDrain(context, id, { ignoreSystem, before: await lookAtNode(context, id) });
    if (!flags.self && !flags.yes) {
      const verb = flags.enable ? "enable" : "disable";
      const question = `Are you sure you want to ${verb} drain mode for node ${JSON.stringify(id)}? [y/N]`;
      const code = await confirm(context, question, "Canceling drain toggle");
      if (code !== undefined) return code;
    }
    const before = flags.enable && !flags.detach ? await lookAtNode(context, id) : undefined;
    await setDrain(context, id, flags);
    const said = `Node "${id}" drain strategy ${flags.enable ? "set" : "unset"}`;
    if (flags.disable || flags.detach) {
      context.ui.output(said);
      return 0;
    }
    context.ui.info(
      `${context.time.now()}: Ctrl-C to stop monitoring: will not cancel the node drain`,
    );
    context.ui.output(`${context.time.now()}: ${said}`);
    return monitorDrain(context, id, { ignoreSystem, before });
  },
});

function refuse(options: DrainFlags, given: ReadonlySet<string>): void {
  if (!options.monitor && options.enable === options.disable)
    throw new UsageFailure(
      "Either the '-enable' or '-disable' flag must be set, unless using '-monitor'",
    );
  if (options.disable && (given.has("deadline") || options.force || options["no-deadline"]))
    throw new UsageFailure("-disable can't be combined with flags configuring drain strategy");
  if (options.force && (given.has("deadline") || options["no-deadline"]))
    throw new UsageFailure("-force and -deadline or -no-deadline are mutually exclusive");
  if (given.has("deadline") && options["no-deadline"])
    throw new UsageFailure("-deadline and -no-deadline are mutually exclusive");
  if (given.has("deadline") && options.deadline <= 0)
    throw new UsageFailure("A positive drain duration must be given");
}

async function setDrain(context: CommandContext, id: string, options: DrainFlags): Promise<void> {
  const deadline = options.force ? -1 : options["no-deadline"] ? 0 : options.deadline;
  await orFail(
    "Error updating drain specification",
    context.client.put(`/v1/node/${id}/drain`, {
      NodeID: id,
      DrainSpec: options.enable
        ? { Deadline: deadline, IgnoreSystemJobs: options["ignore-system"] }
        : null,
      MarkEligible: options.disable && !options["keep-ineligible"],
      Meta: meta(options),
    }),
  );
}

function meta(options: DrainFlags): { readonly [key: string]: string } {
  const pairs = options.meta.map((text): [string, string] => {
    const at = text.indexOf("=");
    if (at <= 0)
      throw new CommandFailure(`Error parsing metadata: ${JSON.stringify(text)} is not key=value`);
    return [text.slice(0, at), text.slice(at + 1)];
  });
  return Object.fromEntries([...pairs, ...(options.m ? [["message", options.m]] : [])]);
}
