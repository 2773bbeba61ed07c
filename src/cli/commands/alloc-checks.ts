import type { CheckResult } from "../../sdk/wire.ts";
import { allocIdTooShort, lookupAllocation } from "../alloc-lookup.ts";
import { defineCommand, oneWord, orFail } from "../command.ts";
import { flag } from "../../lib/flags.ts";
import { formatKeyValues } from "../core/table.ts";
import { sortedEntries } from "../core/values.ts";
import { formatAnswer, formatFlags, refuseBoth } from "../format-answer.ts";

type Check = CheckResult & { readonly StatusCode?: number };

export const allocChecks = defineCommand({
  usage: "[options] <allocation>",
  description: "Shows how the checks of an allocation's services last ended.",
  flags: { ...formatFlags, verbose: flag.bool("Print whole ids.") },
  run: async (context, { flags, words }) => {
    const word = oneWord(words, "allocation");
    refuseBoth({ json: flags.json, template: flags.t });
    const allocation = await lookupAllocation(context, word, {
      verbose: flags.verbose,
      tooShort: allocIdTooShort,
    });
    const { value } = await orFail(
      "Error querying checks",
      context.client.get<{ readonly [id: string]: Check } | null>(
        `/v1/client/allocation/${allocation.ID}/checks`,
        { namespace: allocation.Namespace },
      ),
    );
    const formatted = formatAnswer(value ?? {}, { json: flags.json, template: flags.t });
    if (formatted !== undefined) {
      context.ui.output(formatted);
      return 0;
    }
    const checks = sortedEntries(value);
    context.ui.output(`Status of ${checks.length} Nomad Service Checks\n`);
    for (const [, check] of checks)
      context.ui.output(
        `${formatKeyValues(facts(check, context.time.absolute(check.Timestamp * 1000)), "  =  ")}\n`,
      );
    return 0;
  },
});

const facts = (check: Check, at: string): readonly (readonly [string, string])[] => [
  ["ID", check.ID],
  ["Name", check.Check],
  ["Group", check.Group],
  ["Task", check.Task || "(group)"],
  ["Service", check.Service],
  ["Status", check.Status],
  ...(check.StatusCode ? [["StatusCode", String(check.StatusCode)] as const] : []),
  ["Mode", check.Mode],
  ["Timestamp", at],
  ["Output", check.Output],
];
