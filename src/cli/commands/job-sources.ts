import type { JobSource } from "../../model/job-source.ts";
import { defineCommand, noWords, orFail } from "../command.ts";
import { formatAnswer, formatFlags } from "../format-answer.ts";
import { sourceTable } from "../job-sources.ts";

export const jobSources = defineCommand({
  usage: "[options]",
  description:
    "Lists the files of all watched job folders and what became of each: accepted, unchanged, rejected with line and column, in conflict, or held back.",
  flags: formatFlags,
  run: async ({ client, ui }, { flags, words }) => {
    noWords(words);
    const { value } = await orFail(
      "Error querying job sources",
      client.get<readonly JobSource[] | null>("/v1/jobs/sources"),
    );
    const sources = value ?? [];
    const formatted = formatAnswer(sources, { json: flags.json, template: flags.t });
    ui.output(formatted ?? (sources.length === 0 ? "No job files" : sourceTable(sources)));
    return 0;
  },
});
