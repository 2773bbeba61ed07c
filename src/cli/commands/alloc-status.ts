import type { AllocationAnswer, AllocationListStub } from "../../sdk/wire.ts";
import { lookupAllocation } from "../alloc-lookup.ts";
import { printAllocation } from "../alloc-text.ts";
import { newestFirst } from "../allocation-table.ts";
import { defineCommand, orFail, UsageFailure, type CommandContext } from "../command.ts";
import { flag, type FlagValues } from "../../lib/flags.ts";
import { wholeAllocation } from "../core/whole-answer.ts";
import { formatAnswer, formatFlags, refuseBoth } from "../format-answer.ts";
import { showHint } from "../hints.ts";
import { AmbiguousId } from "../resolve-id.ts";

const flags = {
  ...formatFlags,
  short: flag.bool("Only the states of the tasks."),
  stats: flag.bool("Show the measured use of memory and CPU in full."),
  verbose: flag.bool("Print whole ids, times and how the node was chosen."),
  ui: flag.bool("Also open the web UI."),
};

export const allocStatus = defineCommand({
  usage: "[options] <allocation>",
  description:
    "Shows an allocation: where it runs, its tasks, what they use and what happened to them.",
  flags,
  run: async (context, { flags, words }) => {
    const [word, tooMany] = words;
    refuseBoth({ json: flags.json, template: flags.t });
    if (tooMany !== undefined || (word === undefined && !flags.json && flags.t === ""))
      throw new UsageFailure(
        "This command takes one of the following argument conditions:\n * A single <allocation>\n * No arguments, with output format specified",
      );
    if (word !== undefined) return showAllocation(context, word, flags);
    const { value } = await orFail(
      "Error querying allocations",
      context.client.get<readonly AllocationListStub[] | null>("/v1/allocations"),
    );
    const formatted = formatAnswer(newestFirst(value ?? []), {
      json: flags.json,
      template: flags.t,
    });
    context.ui.output(formatted ?? "");
    return 0;
  },
});

/** Also the answer of `nomad status` for an id that belongs to an allocation. */
export async function showAllocation(
  context: CommandContext,
  word: string,
  options: FlagValues<typeof flags>,
): Promise<number> {
  let allocation: AllocationAnswer;
  try {
    allocation = await lookupAllocation(context, word, options);
  } catch (thrown) {
    if (!(thrown instanceof AmbiguousId)) throw thrown;
    // Here alone several matches are an answer, not an error.
    context.ui.output(thrown.message);
    return 0;
  }
  const formatted = formatAnswer(wholeAllocation(allocation), {
    json: options.json,
    template: options.t,
  });
  if (formatted !== undefined) {
    context.ui.output(formatted);
    return 0;
  }
  await printAllocation(context, allocation, options);
  await showHint(context, "View allocation details", `/allocations/${allocation.ID}`, options.ui);
  return 0;
}
