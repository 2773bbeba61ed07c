import type { EvalAnswer } from "../../sdk/wire.ts";
import { defineCommand, oneWord, orFail } from "../command.ts";
import { flag } from "../../lib/flags.ts";
import { shortId } from "../core/values.ts";
import { inNamespace } from "../job-file.ts";
import { monitorEvaluation } from "../monitor-evaluation.ts";
import { jobPath, resolveJob } from "../resolve-job.ts";

export const jobEval = defineCommand({
  usage: "[options] <job>",
  description: "Has the scheduler look at a job again, as if it had been registered anew.",
  flags: {
    "force-reschedule": flag.bool("Replace failed allocations that have no attempts left."),
    detach: flag.bool("Print the evaluation id and return."),
    verbose: flag.bool("Print whole ids."),
  },
  run: async (context, { flags, words }) => {
    const found = await resolveJob(context, oneWord(words, "job"));
    const here = inNamespace(context, found.namespace);
    const { value } = await orFail(
      "Error evaluating job",
      here.client.put<EvalAnswer>(`${jobPath(found.id)}/evaluate`, {
        JobID: found.id,
        EvalOptions: { ForceReschedule: flags["force-reschedule"] },
      }),
    );
    if (!flags.detach) return monitorEvaluation(here, value.EvalID, flags.verbose);
    context.ui.output(`Created eval ID: "${shortId(value.EvalID, flags.verbose)}" `);
    return 0;
  },
});
