import type { Job } from "../../model/job.ts";
import { CommandFailure, defineCommand, oneWord, orFail, type Command } from "../command.ts";
import { flag, readInt } from "../../lib/flags.ts";
import { inNamespace } from "../job-file.ts";
import { jobPath, resolveJob } from "../resolve-job.ts";

const noName = (name: string): void => {
  if (name === "")
    throw new CommandFailure("A version tag name must be specified using the -name flag");
};

export const jobTagApply: Command = defineCommand({
  usage: "-name <tag> [options] <job>",
  description: "Names a version of a job, so that it is kept and can be gone back to by that name.",
  flags: {
    name: flag.text("The tag."),
    description: flag.text("What it stands for."),
    version: flag.text("The version; the newest unless given."),
  },
  run: async (context, { flags, words }) => {
    const word = oneWord(words, "job");
    noName(flags.name);
    const found = await resolveJob(context, word);
    const here = inNamespace(context, found.namespace);
    const version =
      flags.version === ""
        ? (await orFail("Error retrieving job", here.client.get<Job>(jobPath(found.id)))).value
            .Version
        : readInt(flags.version);
    if (version === undefined)
      throw new CommandFailure(`Error parsing job version ${JSON.stringify(flags.version)}`);
    await orFail(
      "Error tagging job version",
      here.client.put(`${jobPath(found.id)}/versions/${encodeURIComponent(flags.name)}/tag`, {
        Version: version,
        Description: flags.description,
      }),
    );
    here.ui.output(`Job version ${version} tagged with name "${flags.name}"`);
    return 0;
  },
});

export const jobTagUnset: Command = defineCommand({
  usage: "-name <tag> [options] <job>",
  description: "Takes the name away from a version of a job.",
  flags: { name: flag.text("The tag.") },
  run: async (context, { flags, words }) => {
    const word = oneWord(words, "job");
    noName(flags.name);
    const found = await resolveJob(context, word);
    const here = inNamespace(context, found.namespace);
    await orFail(
      "Error tagging job version",
      here.client.delete(`${jobPath(found.id)}/versions/${encodeURIComponent(flags.name)}/tag`),
    );
    here.ui.output(`Tag "${flags.name}" removed from job "${found.id}"`);
    return 0;
  },
});
