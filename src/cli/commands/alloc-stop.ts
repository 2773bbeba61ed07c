import type { EvalAnswer } from "../../sdk/wire.ts";
import { allocIdTooShort, lookupAllocation } from "../alloc-lookup.ts";
import { defineCommand, oneWord, orFail } from "../command.ts";
import { flag } from "../../lib/flags.ts";
import { inNamespace } from "../job-file.ts";
import { monitorEvaluation } from "../monitor-evaluation.ts";

export const allocStop = defineCommand({
  usage: "[options] <allocation>",
  description: "Stops an allocation; the scheduler places another one where its job wants it.",
  flags: {
    detach: flag.bool("Print the evaluation id and return."),
    "no-shutdown-delay": flag.bool("Ignore the shutdown delay of group and tasks."),
    verbose: flag.bool("Print whole ids."),
  },
  run: async (context, { flags, words }) => {
    const allocation = await lookupAllocation(context, oneWord(words, "alloc-id"), {
      verbose: flags.verbose,
      tooShort: allocIdTooShort,
    });
    const here = inNamespace(context, allocation.Namespace);
    const { value } = await orFail(
      "Error stopping allocation",
      here.client.put<EvalAnswer>(
        `/v1/allocation/${allocation.ID}/stop`,
        {},
        { no_shutdown_delay: flags["no-shutdown-delay"] },
      ),
    );
    if (!flags.detach) return monitorEvaluation(here, value.EvalID, flags.verbose);
    context.ui.output(value.EvalID);
    return 0;
  },
});
