import type { NodeListStub } from "../../sdk/wire.ts";
import { defineCommand, orFail, UsageFailure, type CommandContext } from "../command.ts";
import { flag, type FlagValues } from "../../lib/flags.ts";
import { pageFlags, pageQuery, pageNotice } from "../pages.ts";
import { formatList } from "../core/table.ts";
import { shortId } from "../core/values.ts";
import { formatAnswer, formatFlags, refuseBoth } from "../format-answer.ts";
import { showHint } from "../hints.ts";
import { lookupNode, selfNodeId } from "../node-lookup.ts";
import { printNode } from "../node-text.ts";
import { runningAllocations } from "../node-usage-text.ts";

const flags = {
  ...formatFlags,
  ...pageFlags,
  self: flag.bool("Show the node of the agent that answers."),
  short: flag.bool("Only the facts and the allocations."),
  allocs: flag.bool("In the list: how many allocations run on each node."),
  os: flag.bool("In the list: the operating system."),
  quiet: flag.bool("In the list: only ids."),
  stats: flag.bool("Show the measured use of CPU, memory and disks in full."),
  verbose: flag.bool("Print whole ids, times and all attributes."),
  ui: flag.bool("Also open the web UI."),
};
type NodeFlags = FlagValues<typeof flags>;

export const nodeStatus = defineCommand({
  usage: "[options] <node>",
  description:
    "Without a node: the table of all nodes. With one, or -self: what it is, what it holds and what runs on it.",
  flags,
  run: async (context, { flags, words }) => {
    if (words.length > 1) throw new UsageFailure("This command takes either one or no arguments");
    refuseBoth({ json: flags.json, template: flags.t });
    const word = flags.self ? await selfNodeId(context) : words[0];
    return word === undefined ? listNodes(context, flags) : showNode(context, word, flags);
  },
});

async function listNodes(context: CommandContext, options: NodeFlags): Promise<number> {
  const { ui } = context;
  const answer = await orFail(
    "Error querying node status",
    context.client.get<readonly NodeListStub[] | null>("/v1/nodes", {
      ...pageQuery(options),
      ...(options.os ? { os: true } : {}),
    }),
  );
  const nodes = [...(answer.value ?? [])].sort((a, b) => b.CreateIndex - a.CreateIndex);
  const formatted = formatAnswer(nodes, { json: options.json, template: options.t });
  if (formatted !== undefined) {
    ui.output(formatted);
    return 0;
  }
  if (nodes.length === 0) {
    ui.output("No nodes registered");
    return 0;
  }
  if (options.quiet) {
    ui.output(nodes.map((node) => node.ID).join("\n"));
    return 0;
  }
  ui.output(await nodeTable(context, nodes, options));
  pageNotice(context, answer.nextToken, "node status");
  await showHint(context, "View and manage Nomad clients", "/clients", options.ui);
  return 0;
}

async function nodeTable(
  context: CommandContext,
  nodes: readonly NodeListStub[],
  options: NodeFlags,
): Promise<string> {
  const rows = await Promise.all(
    nodes.map(async (node) => [
      shortId(node.ID, options.verbose),
      node.NodePool,
      node.Datacenter,
      node.Name,
      node.NodeClass,
      ...(options.os ? [node.Attributes?.["os.name"] ?? ""] : []),
      ...(options.verbose ? [node.Address, node.Version] : []),
      String(node.Drain),
      node.SchedulingEligibility,
      node.Status,
      ...(options.allocs ? [String((await runningAllocations(context, node.ID)).length)] : []),
    ]),
  );
  return formatList([
    [
      "ID",
      "Node Pool",
      "DC",
      "Name",
      "Class",
      ...(options.os ? ["OS"] : []),
      ...(options.verbose ? ["Address", "Version"] : []),
      "Drain",
      "Eligibility",
      "Status",
      ...(options.allocs ? ["Running Allocs"] : []),
    ],
    ...rows,
  ]);
}

/** Also the answer of `nomad status` for an id that belongs to a node. */
export async function showNode(
  context: CommandContext,
  word: string,
  options: NodeFlags,
): Promise<number> {
  const node = await lookupNode(context, word, {
    failure: "Error querying node info",
    noneFound: (id) => `No node(s) with prefix "${id}" found`,
  });
  const formatted = formatAnswer(node, { json: options.json, template: options.t });
  if (formatted !== undefined) {
    context.ui.output(formatted);
    return 0;
  }
  await printNode(context, node, options);
  await showHint(context, "View client details and metrics", `/clients/${node.ID}`, options.ui);
  return 0;
}
