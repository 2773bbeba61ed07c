import type { Namespace } from "../../model/namespace.ts";
import { defineCommand, noWords, orFail } from "../command.ts";
import { formatList } from "../core/table.ts";
import { byText } from "../core/values.ts";
import { formatAnswer, formatFlags } from "../format-answer.ts";

export const namespaceList = defineCommand({
  usage: "[options]",
  description: "Lists the namespaces.",
  flags: formatFlags,
  run: async ({ client, ui }, { flags, words }) => {
    noWords(words);
    const { value } = await orFail(
      "Error retrieving namespaces",
      client.get<readonly Namespace[] | null>("/v1/namespaces"),
    );
    const namespaces = value ?? [];
    const formatted = formatAnswer(namespaces, { json: flags.json, template: flags.t });
    ui.output(
      formatted ?? (namespaces.length === 0 ? "No namespaces found" : namespaceTable(namespaces)),
    );
    return 0;
  },
});

export const namespaceTable = (namespaces: readonly Namespace[]): string =>
  formatList([
    ["Name", "Description"],
    ...[...namespaces]
      .sort((a, b) => byText(a.Name, b.Name))
      .map((namespace) => [namespace.Name, namespace.Description]),
  ]);
