import type { Json } from "../../lib/json.ts";
import type { Namespace } from "../../model/namespace.ts";
import { CommandFailure, defineCommand, oneWord, orFail, type CommandContext } from "../command.ts";
import { formatKeyValues } from "../core/table.ts";
import { sortedEntries } from "../core/values.ts";
import { formatAnswer, formatFlags, refuseBoth } from "../format-answer.ts";
import { namespaceTable } from "./namespace-list.ts";

export const namespaceStatus = defineCommand({
  usage: "[options] <namespace>",
  description: "Shows a namespace and what may be used in it.",
  flags: formatFlags,
  run: async (context, { flags, words }) => {
    refuseBoth({ json: flags.json, template: flags.t });
    return showNamespace(context, oneWord(words, "namespace"), flags);
  },
});

/** Also the answer of `nomad status` for the name of a namespace. */
export async function showNamespace(
  context: CommandContext,
  name: string,
  options: { readonly json: boolean; readonly t: string },
): Promise<number> {
  const namespace = await findNamespace(context, name);
  const formatted = formatAnswer(namespace, { json: options.json, template: options.t });
  if (formatted === undefined) printNamespace(context, namespace);
  else context.ui.output(formatted);
  return 0;
}

async function findNamespace(context: CommandContext, name: string): Promise<Namespace> {
  const { value } = await orFail(
    "Error retrieving namespaces",
    context.client.get<readonly Namespace[] | null>("/v1/namespaces", { prefix: name }),
  );
  const found = value ?? [];
  const exact = found.find((namespace) => namespace.Name === name);
  const [first, second] = found;
  if (exact) return exact;
  if (!first)
    throw new CommandFailure(
      `Error retrieving namespaces: Namespace ${JSON.stringify(name)} matched no namespaces`,
    );
  if (second)
    throw new CommandFailure(`Prefix matched multiple namespaces\n\n${namespaceTable(found)}`);
  return first;
}

function printNamespace(context: CommandContext, namespace: Namespace): void {
  const { ui } = context;
  const can = namespace.Capabilities;
  ui.output(
    formatKeyValues([
      ["Name", namespace.Name],
      ["Description", namespace.Description],
      ["Quota", namespace.Quota],
      ["Enabled Drivers", names(can?.["EnabledTaskDrivers"]) || "*"],
      ["Disabled Drivers", names(can?.["DisabledTaskDrivers"])],
      ["Enabled Network Modes", names(can?.["EnabledNetworkModes"]) || "*"],
      ["Disabled Network Modes", names(can?.["DisabledNetworkModes"])],
    ]),
  );
  const meta = sortedEntries(namespace.Meta);
  if (meta.length > 0) ui.output(`\n${ui.paint.bold("Metadata")}\n${formatKeyValues(meta)}`);
  const rules = [
    ["Node Pool Configuration", namespace.NodePoolConfiguration],
    ["Vault Configuration", namespace.VaultConfiguration],
    ["Consul Configuration", namespace.ConsulConfiguration],
  ] as const;
  for (const [title, rule] of rules) {
    if (!rule) continue;
    const lines = (["Default", "Allowed", "Denied"] as const).map((key): [string, string] => [
      key,
      names(rule[key]),
    ]);
    ui.output(`\n${ui.paint.bold(title)}\n${formatKeyValues(lines)}`);
  }
}

const names = (value: Json | undefined): string =>
  Array.isArray(value) ? value.map(String).join(",") : typeof value === "string" ? value : "";
