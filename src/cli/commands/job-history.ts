import type { Job } from "../../model/job.ts";
import type { JobDiff } from "../../model/job-diff.ts";
import type { VersionsAnswer } from "../../sdk/wire.ts";
import { CommandFailure, defineCommand, oneWord, orFail, type CommandContext } from "../command.ts";
import { flag, readInt, type FlagValues } from "../../lib/flags.ts";
import { sortedJson } from "../core/json-text.ts";
import { planDiff } from "../core/plan-diff.ts";
import { formatKeyValues } from "../core/table.ts";
import { wholeJob } from "../core/whole-job.ts";
import { formatAnswer, formatFlags, refuseBoth } from "../format-answer.ts";
import { inNamespace } from "../job-file.ts";
import { jobPath, resolveJob } from "../resolve-job.ts";
import { msOfNs } from "../time-format.ts";

const flags = {
  ...formatFlags,
  p: flag.bool("Show what each version changed."),
  full: flag.bool("Show each version's whole job."),
  version: flag.text("Only this version."),
  "diff-tag": flag.text("With -p: compare with the version of this tag."),
  "diff-version": flag.text("With -p: compare with this version."),
};
type HistoryFlags = FlagValues<typeof flags>;

export const jobHistory = defineCommand({
  usage: "[options] <job>",
  description: "Shows the versions of a job that are still known, the newest first.",
  flags,
  run: async (context, { flags, words }) => {
    const word = oneWord(words, "job");
    refuse(flags);
    const found = await resolveJob(context, word);
    const here = inNamespace(context, found.namespace);
    const { value } = await orFail(
      "Error retrieving job versions",
      here.client.get<VersionsAnswer>(`${jobPath(found.id)}/versions`, {
        diffs: flags.p,
        ...(flags["diff-tag"] ? { diff_tag: flags["diff-tag"] } : {}),
        ...(flags["diff-version"] ? { diff_version: flags["diff-version"] } : {}),
      }),
    );
    const versions = value.Versions ?? [];
    const diffs = value.Diffs ?? [];
    const at = flags.version === "" ? undefined : indexOf(versions, flags.version);
    const asked = (at === undefined ? versions : versions.slice(at, at + 1)).map(wholeJob);
    const formatted = formatAnswer(at === undefined ? asked : asked[0], {
      json: flags.json,
      template: flags.t,
    });
    const chosen = at === undefined ? versions.map((_, index) => index) : [at];
    const blocks = chosen.map((index) => block(here, versions[index], diffs[index], flags));
    context.ui.output(formatted ?? blocks.join("\n\n"));
    return 0;
  },
});

function refuse(options: HistoryFlags): void {
  refuseBoth({ json: options.json, template: options.t });
  if ((options.json || options.t !== "") && (options.p || options.full))
    throw new CommandFailure("-json and -t are exclusive with -p and -full");
  if ((options["diff-tag"] || options["diff-version"]) && !options.p)
    throw new CommandFailure("-diff-tag and -diff-version can only be used with -p");
  if (options["diff-tag"] && options["diff-version"])
    throw new CommandFailure("-diff-tag and -diff-version are mutually exclusive");
}

function indexOf(versions: readonly Job[], text: string): number {
  const version = readInt(text);
  if (version === undefined)
    throw new CommandFailure(
      `Error parsing version value ${JSON.stringify(text)}: not a whole number`,
    );
  const at = versions.findIndex((job) => job.Version === version);
  if (at < 0) throw new CommandFailure(`No version ${text} of this job is known`);
  return at;
}

function block(
  context: CommandContext,
  job: Job | undefined,
  diff: JobDiff | undefined,
  options: HistoryFlags,
): string {
  if (!job) return "";
  const facts = [
    ["Version", String(job.Version)],
    ["Stable", String(job.Stable)],
    ["Submit Date", context.time.absolute(msOfNs(job.SubmitTime))],
    ...(job.VersionTag
      ? [
          ["Tag Name", job.VersionTag.Name] as const,
          ["Tag Description", job.VersionTag.Description] as const,
        ]
      : []),
  ] as const;
  const width = Math.max(...facts.map(([name]) => name.length));
  return [
    formatKeyValues(facts),
    ...(diff && diff.Type !== "None"
      ? [`${"Diff".padEnd(width)} = \n${planDiff(diff, false, context.ui.paint)}`]
      : []),
    ...(options.full ? [`${"Full".padEnd(width)} = JSON Job:\n${sortedJson(wholeJob(job))}`] : []),
  ].join("\n");
}
