import type { EvalAnswer } from "../../sdk/wire.ts";
import { defineCommand, oneWord, orFail } from "../command.ts";
import { flag } from "../../lib/flags.ts";
import { evaluationEnd } from "../evaluation-end.ts";
import { inNamespace } from "../job-file.ts";
import { jobPath, resolveJob } from "../resolve-job.ts";

export const jobPeriodicForce = defineCommand({
  usage: "[options] <job>",
  description: "Launches a periodic job now, whatever its schedule says.",
  flags: {
    detach: flag.bool("Return after the launch."),
    verbose: flag.bool("Print whole ids."),
  },
  run: async (context, { flags, words }) => {
    const found = await resolveJob(context, oneWord(words, "job id"), {
      word: "periodic ",
      filter: "Periodic is not nil",
    });
    const here = inNamespace(context, found.namespace);
    const { value } = await orFail(
      "Error forcing periodic job",
      here.client.put<EvalAnswer>(`${jobPath(found.id)}/periodic/force`),
    );
    return evaluationEnd(here, value.EvalID, { ...flags, said: "Force periodic successful" });
  },
});
