import { formatDuration } from "../../lib/duration.ts";
import { flag } from "../../lib/flags.ts";
import type { JobListStub, NodeListStub, NodePoolAnswer } from "../../sdk/wire.ts";
import { CommandFailure, defineCommand, noWords, oneWord, orFail } from "../command.ts";
import type { CommandContext } from "../command.ts";
import { formatKeyValues, formatList } from "../core/table.ts";
import { byText, sortedEntries } from "../core/values.ts";
import { formatAnswer, formatFlags, refuseBoth } from "../format-answer.ts";
import { jobTable } from "../job-list.ts";
import { nodeMatchTable } from "../node-lookup.ts";
import { pageFlags, pageNotice, pageQuery } from "../pages.ts";

export const nodePoolList = defineCommand({
  usage: "[options]",
  description: "Lists the node pools.",
  flags: { ...formatFlags, ...pageFlags },
  run: async (context, { flags, words }) => {
    noWords(words);
    refuseBoth({ json: flags.json, template: flags.t });
    const answer = await orFail(
      "Error querying node pools",
      context.client.get<readonly NodePoolAnswer[] | null>("/v1/node/pools", pageQuery(flags)),
    );
    const pools = answer.value ?? [];
    const formatted = formatAnswer(pools, { json: flags.json, template: flags.t });
    context.ui.output(formatted ?? (pools.length === 0 ? "No node pools" : poolTable(pools)));
    if (formatted === undefined) pageNotice(context, answer.nextToken, "node pool list");
    return 0;
  },
});

export const nodePoolInfo = defineCommand({
  usage: "[options] <node-pool>",
  description: "Shows a node pool.",
  flags: formatFlags,
  run: async (context, { flags, words }) => {
    refuseBoth({ json: flags.json, template: flags.t });
    const pool = await lookupNodePool(context, oneWord(words, "node-pool"));
    const formatted = formatAnswer(pool, { json: flags.json, template: flags.t });
    if (formatted === undefined) printPool(context, pool);
    else context.ui.output(formatted);
    return 0;
  },
});

export const nodePoolNodes = defineCommand({
  usage: "[options] <node-pool>",
  description: "Lists the nodes of a node pool.",
  flags: { ...formatFlags, ...pageFlags, verbose: flag.bool("Print whole ids.") },
  run: async (context, { flags, words }) => {
    refuseBoth({ json: flags.json, template: flags.t });
    const { Name } = await lookupNodePool(context, oneWord(words, "node-pool"));
    const answer = await orFail(
      "Error querying nodes",
      context.client.get<readonly NodeListStub[] | null>(
        `${poolPath(Name)}/nodes`,
        pageQuery(flags),
      ),
    );
    const nodes = answer.value ?? [];
    const formatted = formatAnswer(nodes, { json: flags.json, template: flags.t });
    const table = (): string => nodeMatchTable(nodes, flags.verbose);
    context.ui.output(formatted ?? (nodes.length === 0 ? "No nodes" : table()));
    if (formatted === undefined) pageNotice(context, answer.nextToken, `node pool nodes ${Name}`);
    return 0;
  },
});

export const nodePoolJobs = defineCommand({
  usage: "[options] <node-pool>",
  description: "Lists the jobs of a node pool.",
  flags: { ...formatFlags, ...pageFlags },
  run: async (context, { flags, words }) => {
    refuseBoth({ json: flags.json, template: flags.t });
    const { Name } = await lookupNodePool(context, oneWord(words, "node-pool"));
    const answer = await orFail(
      "Error querying jobs",
      context.client.get<readonly JobListStub[] | null>(`${poolPath(Name)}/jobs`, pageQuery(flags)),
    );
    const jobs = answer.value ?? [];
    const formatted = formatAnswer(jobs, { json: flags.json, template: flags.t });
    context.ui.output(formatted ?? (jobs.length === 0 ? "No jobs" : jobTable(context, jobs)));
    if (formatted === undefined) pageNotice(context, answer.nextToken, `node pool jobs ${Name}`);
    return 0;
  },
});

export const poolPath = (name: string): string => `/v1/node/pool/${encodeURIComponent(name)}`;

/** Finds one pool by the beginning of its name; the exact name wins. */
async function lookupNodePool(context: CommandContext, word: string): Promise<NodePoolAnswer> {
  const { value } = await orFail(
    "Error retrieving node pool",
    context.client.get<readonly NodePoolAnswer[] | null>("/v1/node/pools", { prefix: word }),
  );
  const pools = value ?? [];
  const exact = pools.find((pool) => pool.Name === word);
  const [first, second] = pools;
  if (exact) return exact;
  if (!first) throw new CommandFailure(`No node pool with prefix ${JSON.stringify(word)} found`);
  if (second) throw new CommandFailure(`Prefix matched multiple node pools\n\n${poolTable(pools)}`);
  return first;
}

const poolTable = (pools: readonly NodePoolAnswer[]): string =>
  formatList([
    ["Name", "Description"],
    ...pools
      .toSorted((a, b) => byText(a.Name, b.Name))
      .map((pool) => [pool.Name, pool.Description]),
  ]);

function printPool(context: CommandContext, pool: NodePoolAnswer): void {
  const { ui } = context;
  const ttl = pool.NodeIdentityTTL;
  ui.output(
    formatKeyValues([
      ["Name", pool.Name],
      ["Description", pool.Description],
      ...(ttl === undefined ? [] : [["Node Identity TTL", formatDuration(ttl)] as const]),
    ]),
  );
  const meta = sortedEntries(pool.Meta);
  ui.output(`\n${ui.paint.bold("Metadata")}`);
  ui.output(meta.length === 0 ? "No metadata" : formatKeyValues(meta));
  const scheduler = pool.SchedulerConfiguration ?? {};
  const lines: (readonly [string, string])[] = [
    ["Scheduler Algorithm", scheduler.SchedulerAlgorithm ?? ""] as const,
    [
      "Memory Oversubscription Enabled",
      String(scheduler.MemoryOversubscriptionEnabled ?? ""),
    ] as const,
  ].filter(([, value]) => value !== "");
  ui.output(`\n${ui.paint.bold("Scheduler Configuration")}`);
  ui.output(lines.length === 0 ? "No scheduler configuration" : formatKeyValues(lines));
}
