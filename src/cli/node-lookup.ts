import type { AgentSelf, NodeAnswer, NodeListStub } from "../sdk/wire.ts";
import { CommandFailure, orFail, type CommandContext } from "./command.ts";
import { formatList } from "./core/table.ts";
import { shortId } from "./core/values.ts";
import { resolveId } from "./resolve-id.ts";

/** Finds one node by the beginning of its id and reads it whole. */
export async function lookupNode(
  context: CommandContext,
  id: string,
  texts: { readonly failure: string; readonly noneFound: (id: string) => string },
): Promise<NodeAnswer> {
  const stub = await resolveId<NodeListStub>(
    context,
    {
      path: "/v1/nodes",
      ...texts,
      manyFound: "Prefix matched multiple nodes",
      table: (nodes) => nodeMatchTable(nodes, false),
    },
    id,
  );
  const { value } = await orFail(
    texts.failure,
    context.client.get<NodeAnswer>(`/v1/node/${stub.ID}`),
  );
  return value;
}

export const nodeMatchTable = (nodes: readonly NodeListStub[], verbose: boolean): string =>
  formatList([
    ["ID", "DC", "Name", "Class", "Drain", "Eligibility", "Status"],
    ...nodes.map((node) => [
      shortId(node.ID, verbose),
      node.Datacenter,
      node.Name,
      node.NodeClass,
      String(node.Drain),
      node.SchedulingEligibility,
      node.Status,
    ]),
  ]);

/** The id of the node that the answering agent runs. */
export async function selfNodeId(context: CommandContext): Promise<string> {
  const { value } = await orFail(
    "Error querying agent info",
    context.client.get<AgentSelf>("/v1/agent/self"),
  );
  const id = value.stats?.["client"]?.["node_id"];
  if (!id) throw new CommandFailure("The agent at this address runs no node");
  return id;
}

export const noNodeFound = (id: string): string => `No node(s) with prefix or id "${id}" found`;
