import { assertNever } from "../../lib/errors.ts";
import type { ApiContext } from "../context.ts";
import { failed } from "../errors.ts";
import type { ActionHandler } from "../http/handler.ts";
import { bodyOf, namespaceOf } from "../http/request.ts";

const most = 20;

/** Contexts in the order in which an error names them. */
const contexts = [
  "allocs",
  "jobs",
  "nodes",
  "node_pools",
  "evals",
  "deployment",
  "plugins",
  "volumes",
  "scaling_policy",
  "vars",
  "namespaces",
  "host_volumes",
] as const;
type Context = (typeof contexts)[number];

/** Ids that begin with the prefix, at most 20 of each kind; an exact one stands first. */
export const searchPrefix: ActionHandler = async (context, request) => {
  const body = await bodyOf(request);
  const prefix = body.text("Prefix") ?? "";
  const wanted = body.text("Context") || "all";
  const asked = contexts.filter((one) => wanted === "all" || one === wanted);
  if (asked.length === 0)
    throw failed(
      `context must be one of [${contexts.join(" ")}] or 'all' for all contexts; got "${wanted}"`,
    );
  const namespace = namespaceOf(request.query);
  const matches: Record<string, readonly string[] | null> = {};
  const truncations: Record<string, boolean> = {};
  for (const one of asked) {
    const ids = idsOf(context, one, { prefix, namespace });
    if (ids === undefined) continue;
    const exactFirst = [...ids.filter((id) => id === prefix), ...ids.filter((id) => id !== prefix)];
    matches[one] = exactFirst.slice(0, most);
    truncations[one] = ids.length > most;
  }
  const index = context.store.read.tableIndex();
  return {
    kind: "json",
    index,
    headers: { "X-Nomad-KnownLeader": "true", "X-Nomad-LastContact": "0" },
    value: {
      Matches: matches,
      Truncations: truncations,
      Index: index,
      LastContact: 0,
      KnownLeader: true,
      NextToken: "",
    },
  };
};

/** undefined for what a prefix cannot be, or what this cluster does not keep. */
function idsOf(
  { store }: ApiContext,
  context: Context,
  asked: { readonly prefix: string; readonly namespace: string },
): readonly string[] | undefined {
  const { read } = store;
  const query = { ...asked, limit: most + 2 };
  const isHex = /^[0-9a-fA-F-]*$/.test(asked.prefix);
  const byId = (rows: () => readonly { readonly ID: string }[]): readonly string[] | undefined =>
    isHex ? rows().map((row) => row.ID) : undefined;
  switch (context) {
    case "allocs":
      return byId(() => read.allocations(query));
    case "evals":
      return byId(() => read.evaluations(query));
    case "deployment":
      return byId(() => read.deployments(query));
    case "nodes":
      return byId(() => read.nodes(query));
    case "jobs":
      return read.jobs(query).map((job) => job.ID);
    case "node_pools":
      return read.nodePools(query).map((pool) => pool.Name);
    case "namespaces":
      return read.namespaces(query).map((namespace) => namespace.Name);
    case "plugins":
    case "volumes":
    case "scaling_policy":
    case "vars":
    case "host_volumes":
      return undefined;
    default:
      return assertNever(context);
  }
}
