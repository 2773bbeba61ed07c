import type { JobBody } from "../../jobspec/job-body.ts";
import type { PlanAnswer, PreemptedAllocation } from "../../sdk/wire.ts";
import {
  CommandFailure,
  defineCommand,
  messageOf,
  oneWord,
  type CommandContext,
} from "../command.ts";
import { flag, type FlagValues } from "../../lib/flags.ts";
import { failedPlacementTitle, metricLines } from "../core/metrics.ts";
import { planDiff } from "../core/plan-diff.ts";
import { formatList } from "../core/table.ts";
import { byText, instantMs, sortedEntries } from "../core/values.ts";
import { formatDuration } from "../../lib/duration.ts";
import { formatAnswer } from "../format-answer.ts";
import {
  inJobsPlace,
  inOtherNamespaces,
  jobFileFlags,
  printWarnings,
  readJobFile,
  type JobFile,
} from "../job-file.ts";
import { explainRefusal } from "../job-refusal.ts";
import { launchText } from "../next-launch.ts";
import { jobPath } from "../resolve-job.ts";

const flags = {
  ...jobFileFlags,
  diff: flag.bool("Show what differs from the registered job.", true),
  verbose: flag.bool("Show unchanged and whole added parts too."),
  "json-output": flag.bool("Print the server's answer as JSON."),
  t: flag.text("Print the server's answer through a template."),
  "policy-override": flag.bool("Accepted for compatibility; there are no policies to override."),
  "vault-namespace": flag.text("Vault namespace of the job."),
};
type PlanFlags = FlagValues<typeof flags>;

export const jobPlan = defineCommand({
  usage: "[options] <path>",
  description:
    "Asks the scheduler what would happen if a job file were run, and changes nothing.\n\nThe exit code is 0 when nothing would be created or destroyed, 1 when something would, and 255 after an error.",
  flags,
  errorCode: 255,
  run: async (context, { flags, words }) => {
    const path = oneWord(words, "path");
    if (flags["json-output"] && flags.t !== "")
      throw new CommandFailure("Both -json-output and -t formatting are not allowed");
    const file = await readJobFile(context, path, flags);
    const body = inOtherNamespaces(file.body, flags);
    const here = inJobsPlace(context, body);
    const plan = await askForPlan(here, { file, body }, flags["policy-override"]);
    const formatted = formatAnswer(plan, { json: flags["json-output"], template: flags.t });
    if (formatted !== undefined) here.ui.output(formatted);
    else {
      printPlan(here, plan, flags, body.Type ?? "service");
      context.ui.output(footer(context, plan.JobModifyIndex, path, flags));
    }
    return changesSomething(plan) ? 1 : 0;
  },
});

async function askForPlan(
  context: CommandContext,
  job: { readonly file: JobFile; readonly body: JobBody },
  policyOverride: boolean,
): Promise<PlanAnswer> {
  try {
    const answer = await context.client.put<PlanAnswer>(`${jobPath(job.body.ID ?? "")}/plan`, {
      Job: job.body,
      Diff: true,
      PolicyOverride: policyOverride,
    });
    return answer.value;
  } catch (thrown) {
    throw await explainRefusal(context, job, thrown, `Error during plan: ${messageOf(thrown)}`);
  }
}

function changesSomething(plan: PlanAnswer): boolean {
  if (plan.Diff?.Type === "None") return false;
  return Object.values(plan.Annotations?.DesiredTGUpdates ?? {}).some(
    (group) =>
      group.Stop + group.Place + group.Migrate + group.DestructiveUpdate + group.Canary > 0,
  );
}

function printPlan(
  context: CommandContext,
  plan: PlanAnswer,
  options: PlanFlags,
  type: string,
): void {
  const { ui } = context;
  const { paint } = ui;
  if (options.diff && plan.Diff) ui.output(`${planDiff(plan.Diff, options.verbose, paint)}\n`);
  ui.output(paint.bold("Scheduler dry-run:"));
  ui.output(`${dryRunLines(context, plan, type).join("\n")}\n`);
  printWarnings(context, plan.Warnings);
  const preempted = plan.Annotations?.PreemptedAllocs ?? [];
  if (preempted.length > 0)
    ui.output(`${paint.bold("Preemptions:")}\n\n${preemptionTable(preempted)}\n`);
}

function dryRunLines(context: CommandContext, plan: PlanAnswer, type: string): readonly string[] {
  const { paint } = context.ui;
  const failed = sortedEntries(plan.FailedTGAllocs);
  const lines: string[] = [];
  if (failed.length === 0) lines.push(paint.green("- All tasks successfully allocated."));
  else {
    const isEverywhere = type === "system" || type === "sysbatch";
    const what = isEverywhere ? "allocations on all nodes" : "all allocations";
    lines.push(paint.yellow(`- WARNING: Failed to place ${what}.`));
    for (const [group, metrics] of failed)
      lines.push(`  ${failedPlacementTitle(group, metrics)}`, ...metricLines(metrics, "    "));
  }
  const rolling = plan.CreatedEvals?.find(
    (evaluation) => evaluation.TriggeredBy === "rolling-update",
  );
  if (rolling)
    lines.push(
      `- Rolling update, next evaluation will be in ${formatDuration(rolling.Wait ?? 0)}.`,
    );
  if (instantMs(plan.NextPeriodicLaunch) !== undefined)
    lines.push(
      `- If submitted now, next periodic launch would be at ${launchText(context, plan.NextPeriodicLaunch)}.`,
    );
  return lines;
}

/** Few are listed one by one, more are counted by job, many by type of job. */
function preemptionTable(preempted: readonly PreemptedAllocation[]): string {
  if (preempted.length < 10)
    return formatList([
      ["Alloc ID", "Job ID", "Task Group"],
      ...preempted.map((allocation) => [allocation.ID, allocation.JobID, allocation.TaskGroup]),
    ]);
  const byJob = countBy(preempted, (allocation) =>
    [allocation.JobID, allocation.Namespace, allocation.JobType].join("|"),
  );
  if (byJob.length < 10)
    return formatList([
      ["Job ID", "Namespace", "Job Type", "Preemptions"],
      ...byJob.map(([key, count]) => [...key.split("|"), String(count)]),
    ]);
  return formatList([
    ["Job Type", "Preemptions"],
    ...countBy(preempted, (allocation) => allocation.JobType).map(([key, count]) => [
      key,
      String(count),
    ]),
  ]);
}

function countBy<T>(
  items: readonly T[],
  key: (item: T) => string,
): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => byText(a, b));
}

function footer(context: CommandContext, index: number, path: string, options: PlanFlags): string {
  const namespace = context.env["NOMAD_NAMESPACE"] === context.namespace ? "" : context.namespace;
  const args = [
    ...options.var.map((text) => `-var=${JSON.stringify(text)} `),
    ...options["var-file"].map((text) => `-var-file=${JSON.stringify(text)} `),
    ...(namespace === "" ? [] : [`-namespace=${JSON.stringify(namespace)} `]),
    ...(options["hcl2-strict"] ? [] : ["-hcl2-strict=false "]),
  ].join("");
  return `${context.ui.paint.bold(`Job Modify Index: ${index}`)}
To submit the job with version verification run:

nomad job run -check-index ${index} ${args}${path}

When running the job with the check-index flag, the job will only be run if the
job modify index given matches the server-side version. If the index has
changed, another user has modified the job and the plan's results are
potentially invalid.`;
}
