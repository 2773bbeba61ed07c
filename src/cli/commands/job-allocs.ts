import type { AllocationListStub } from "../../sdk/wire.ts";
import { allocationTable, newestFirst } from "../allocation-table.ts";
import { defineCommand, oneWord, orFail } from "../command.ts";
import { flag } from "../../lib/flags.ts";
import { formatAnswer, formatFlags, refuseBoth } from "../format-answer.ts";
import { inNamespace } from "../job-file.ts";
import { jobPath, resolveJob } from "../resolve-job.ts";

export const jobAllocs = defineCommand({
  usage: "[options] <job>",
  description: "Lists the allocations of a job, the newest first.",
  flags: {
    ...formatFlags,
    all: flag.bool("Allocations of an earlier job of the same name too."),
    verbose: flag.bool("Print whole ids and times."),
  },
  run: async (context, { flags, words }) => {
    const word = oneWord(words, "job");
    refuseBoth({ json: flags.json, template: flags.t });
    const found = await resolveJob(context, word);
    const here = inNamespace(context, found.namespace);
    const { value } = await orFail(
      "Error retrieving allocations",
      here.client.get<readonly AllocationListStub[] | null>(`${jobPath(found.id)}/allocations`, {
        all: flags.all,
      }),
    );
    const allocations = newestFirst(value ?? []);
    const formatted = formatAnswer(allocations, { json: flags.json, template: flags.t });
    const table =
      allocations.length === 0
        ? "No allocations placed"
        : allocationTable(here, allocations, { verbose: flags.verbose });
    context.ui.output(formatted ?? table);
    return 0;
  },
});
