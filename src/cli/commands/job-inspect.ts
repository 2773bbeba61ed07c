import type { Job } from "../../model/job.ts";
import type { JobListStub, SubmissionAnswer, VersionsAnswer } from "../../sdk/wire.ts";
import {
  CommandFailure,
  defineCommand,
  orFail,
  UsageFailure,
  type CommandContext,
} from "../command.ts";
import { flag, readInt, type FlagValues } from "../../lib/flags.ts";
import { sortedJson } from "../core/json-text.ts";
import { sortedEntries } from "../core/values.ts";
import { wholeJob } from "../core/whole-job.ts";
import { formatAnswer, formatFlags, refuseBoth } from "../format-answer.ts";
import { inNamespace } from "../job-file.ts";
import { jobPath, resolveJob } from "../resolve-job.ts";

const flags = {
  ...formatFlags,
  hcl: flag.bool("Print the text that the job was registered from."),
  "with-vars": flag.bool("With -hcl: also say which variables it was registered with."),
  version: flag.text("This version instead of the newest; a number or a tag."),
};

export const jobInspect = defineCommand({
  usage: "[options] <job>",
  description: "Prints a job as the HTTP API knows it.",
  flags,
  run: async (context, { flags, words }) => {
    const [word, tooMany] = words;
    if (tooMany !== undefined || (word === undefined && !flags.json && flags.t === ""))
      throw new UsageFailure("This command takes either no arguments or one: <job>");
    if (flags.hcl && flags.json) throw new CommandFailure("can only use one of -hcl or -json");
    refuseBoth({ json: flags.json, template: flags.t });
    if (word === undefined) return listJobs(context, flags);
    const found = await resolveJob(context, word);
    const here = inNamespace(context, found.namespace);
    const job = await readJob(here, found.id, flags.version);
    if (flags.hcl) return printSource(here, job, flags["with-vars"]);
    const templated = formatAnswer(wholeJob(job), { json: false, template: flags.t });
    context.ui.output(templated ?? sortedJson({ Job: wholeJob(job) }));
    return 0;
  },
});

async function listJobs(
  context: CommandContext,
  options: Pick<FlagValues<typeof flags>, "json" | "t">,
): Promise<number> {
  const { value } = await orFail(
    "Error querying jobs",
    context.client.get<readonly JobListStub[] | null>("/v1/jobs"),
  );
  context.ui.output(formatAnswer(value ?? [], { json: options.json, template: options.t }) ?? "");
  return 0;
}

/** A version is named by its number or its tag; without one the newest is meant. */
async function readJob(context: CommandContext, id: string, version: string): Promise<Job> {
  if (version === "")
    return (await orFail("Error inspecting job", context.client.get<Job>(jobPath(id)))).value;
  const { value } = await orFail(
    "Error inspecting job",
    context.client.get<VersionsAnswer>(`${jobPath(id)}/versions`),
  );
  const job = findVersion(value.Versions ?? [], version);
  if (!job)
    throw new CommandFailure(
      `Error inspecting job: job ${JSON.stringify(id)} with version ${version} couldn't be found`,
    );
  return job;
}

export function findVersion(versions: readonly Job[], text: string): Job | undefined {
  const number = readInt(text);
  return versions.find((job) =>
    number === undefined ? job.VersionTag?.Name === text : job.Version === number,
  );
}

async function printSource(
  context: CommandContext,
  job: Job,
  withVariables: boolean,
): Promise<number> {
  const { value } = await orFail(
    "Unable to find original submission",
    context.client.get<SubmissionAnswer>(`${jobPath(job.ID)}/submission`, { version: job.Version }),
  );
  context.ui.output(value.Source);
  if (withVariables) {
    const given = sortedEntries(value.VariableFlags).map(
      ([name, text]) => `-var="${name}=${text}"`,
    );
    if (given.length > 0) context.ui.warn(`\nRegistered with: ${given.join(" ")}`);
    if (value.Variables)
      context.ui.warn(`\nRegistered with these variable files:\n${value.Variables}`);
  }
  return 0;
}
