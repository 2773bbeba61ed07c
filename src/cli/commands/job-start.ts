import type { Job } from "../../model/job.ts";
import type { RegisterAnswer, SubmissionAnswer } from "../../sdk/wire.ts";
import { CommandFailure, defineCommand, oneWord, orFail, type CommandContext } from "../command.ts";
import { flag } from "../../lib/flags.ts";
import { evaluationEnd } from "../evaluation-end.ts";
import { inNamespace } from "../job-file.ts";
import { nextLaunch } from "../next-launch.ts";
import { jobPath, resolveJob } from "../resolve-job.ts";

export const jobStart = defineCommand({
  usage: "[options] <job>",
  description: "Starts a stopped job again, as it last was.",
  flags: {
    detach: flag.bool("Return after the registration."),
    verbose: flag.bool("Print whole ids."),
  },
  run: async (context, { flags, words }) => {
    const found = await resolveJob(context, oneWord(words, "job"));
    const here = inNamespace(context, found.namespace);
    const { value: job } = await orFail(
      "Error retrieving job",
      here.client.get<Job>(jobPath(found.id)),
    );
    if (!job.Stop) throw new CommandFailure(`Job ${JSON.stringify(found.id)} has not been stopped`);
    const { value } = await orFail(
      "Error starting job",
      here.client.put<RegisterAnswer>("/v1/jobs", {
        // The server stamps its own time; the old one is only in the way.
        Job: { ...job, Stop: false, SubmitTime: 0 },
        Submission: await submissionOf(here, job),
      }),
    );
    if (job.Periodic && !job.ParameterizedJob) {
      here.ui.output("Job start successful");
      const next = nextLaunch(here, job);
      if (next !== "") here.ui.output(`Approximate next launch time: ${next}`);
      return 0;
    }
    return evaluationEnd(here, value.EvalID, { ...flags, said: "Job start successful" });
  },
});

/** The text the job came from goes along; a job registered without one has none. */
async function submissionOf(
  context: CommandContext,
  job: Job,
): Promise<SubmissionAnswer | undefined> {
  try {
    const { value } = await context.client.get<SubmissionAnswer>(`${jobPath(job.ID)}/submission`, {
      version: job.Version,
    });
    return value;
  } catch {
    // The job can start without its text, so no answer is as good as none kept.
    return undefined;
  }
}
