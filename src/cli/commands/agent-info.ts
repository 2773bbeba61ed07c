import type { AgentSelf } from "../../sdk/wire.ts";
import { defineCommand, noWords, orFail } from "../command.ts";
import { sortedEntries } from "../core/values.ts";
import { formatAnswer, formatFlags } from "../format-answer.ts";

export const agentInfo = defineCommand({
  usage: "[options]",
  description: "Shows the figures that the agent keeps about itself.",
  flags: formatFlags,
  run: async ({ client, ui }, { flags, words }) => {
    noWords(words);
    const { value } = await orFail(
      "Error querying agent info",
      client.get<AgentSelf>("/v1/agent/self"),
    );
    const formatted = formatAnswer(value, { json: flags.json, template: flags.t });
    const lines = sortedEntries(value.stats).flatMap(([section, figures]) => [
      section,
      ...sortedEntries(figures).map(([name, figure]) => `  ${name} = ${figure}`),
    ]);
    ui.output(formatted ?? lines.join("\n"));
    return 0;
  },
});
