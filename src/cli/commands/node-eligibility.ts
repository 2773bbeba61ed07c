import { defineCommand, orFail, UsageFailure } from "../command.ts";
import { flag } from "../../lib/flags.ts";
import { lookupNode, noNodeFound, selfNodeId } from "../node-lookup.ts";

export const nodeEligibility = defineCommand({
  usage: "(-enable|-disable) [options] <node>",
  description: "Opens a node for new allocations, or closes it. What runs there goes on.",
  flags: {
    enable: flag.bool("New allocations may be placed here."),
    disable: flag.bool("No new allocations here."),
    self: flag.bool("The node of the agent that answers."),
  },
  run: async (context, { flags, words }) => {
    if (flags.enable === flags.disable)
      throw new UsageFailure("Either the '-enable' or '-disable' flag must be set");
    const word = flags.self ? await selfNodeId(context) : words[0];
    if (word === undefined || words.length > (flags.self ? 0 : 1))
      throw new UsageFailure("Node ID must be specified if -self isn't being used");
    const node = await lookupNode(context, word, {
      failure: "Error toggling scheduling eligibility",
      noneFound: noNodeFound,
    });
    await orFail(
      "Error updating scheduling eligibility",
      context.client.put(`/v1/node/${node.ID}/eligibility`, {
        NodeID: node.ID,
        Eligibility: flags.enable ? "eligible" : "ineligible",
      }),
    );
    const what = flags.enable ? "eligible" : "ineligible";
    context.ui.output(`Node "${node.ID}" scheduling eligibility set: ${what} for scheduling`);
    return 0;
  },
});
