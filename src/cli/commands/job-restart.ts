import { flag } from "../../lib/flags.ts";
import type { Job } from "../../model/job.ts";
import type { AllocationListStub } from "../../sdk/wire.ts";
import { CommandFailure, defineCommand, messageOf, oneWord, orFail } from "../command.ts";
import type { CommandContext } from "../command.ts";
import { batchesOf, parseBatchSize } from "../core/restart-batches.ts";
import { shortId } from "../core/values.ts";
import { inNamespace } from "../job-file.ts";
import { jobPath, resolveJob } from "../resolve-job.ts";
import { goOnAfterFailure, goOnToNextBatch, readBatchWait } from "../restart-questions.ts";
import { restartAllocation, type RestartOptions } from "../restart-allocation.ts";

export const jobRestart = defineCommand({
  usage: "[options] <job>",
  description:
    "Restarts the tasks of a job's allocations where they are, one batch after the other, or with -reschedule puts new allocations in their place.",
  flags: {
    "all-tasks": flag.bool("Restart ended tasks too."),
    "batch-size": flag.text("How many at a time, as a number or a share like 25%.", "1"),
    "batch-wait": flag.text("How long to wait between batches, or ask.", "0s"),
    group: flag.list("Only allocations of this group."),
    task: flag.list("Only this task."),
    "no-shutdown-delay": flag.bool("Ignore the shutdown delay of group and tasks."),
    "on-error": flag.text("What to do when one fails: ask or fail.", "ask"),
    reschedule: flag.bool("Stop each allocation and wait for the one in its place."),
    yes: flag.bool("Ask nothing: go on after failures and from batch to batch."),
    verbose: flag.bool("Print whole ids."),
  },
  run: async (context, { flags, given, words }) => {
    const word = oneWord(words, "job");
    const asksOnError = flags["on-error"] === "ask" && !flags.yes;
    const size = parseBatchSize(flags["batch-size"]);
    if (size === undefined)
      throw new CommandFailure(
        `Invalid -batch-size value ${JSON.stringify(flags["batch-size"])}: a number above 0 or a share of 1% to 100% is expected`,
      );
    const wait = readBatchWait(context, flags["batch-wait"]);
    checkOnError(context, flags["on-error"], asksOnError);
    if (flags.reschedule && (flags["all-tasks"] || flags.task.length > 0))
      throw new CommandFailure("-reschedule cannot be used together with -all-tasks or -task");
    const found = await resolveJob(context, word);
    const here = inNamespace(context, found.namespace);
    const { value: job } = await orFail(
      "Error retrieving job",
      here.client.get<Job>(jobPath(found.id)),
    );
    if (flags.reschedule && (job.Type === "system" || job.Type === "sysbatch"))
      throw new CommandFailure(`Allocations of a job of type ${job.Type} cannot be rescheduled`);
    checkNames(job, flags);
    const allocations = await chosenAllocations(here, job, flags);
    if (allocations.length === 0) {
      context.ui.output("No allocations to restart");
      return 0;
    }
    return restartAll(here, batchesOf(allocations, size), {
      options: { ...flags, verbose: flags.verbose },
      // Told to ask nothing, it goes on, unless it was told to fail.
      onError: asksOnError ? "ask" : flags["on-error"] === "fail" ? "fail" : "go-on",
      wait: flags.yes && !given.has("batch-wait") ? 0 : wait,
    });
  },
});

function checkOnError(context: CommandContext, value: string, asks: boolean): void {
  if (value !== "ask" && value !== "fail")
    throw new CommandFailure(
      `Invalid -on-error value ${JSON.stringify(value)}: valid options are "ask" and "fail"`,
    );
  if (asks && !context.ui.interactive)
    throw new CommandFailure(
      'Invalid -on-error value "ask": "ask" cannot be used when terminal is not interactive',
    );
}

interface Chosen {
  readonly group: readonly string[];
  readonly task: readonly string[];
}

function checkNames(job: Job, { group, task }: Chosen): void {
  for (const name of group)
    if (!job.TaskGroups.some((one) => one.Name === name))
      throw new CommandFailure(`Group ${JSON.stringify(name)} not found in job`);
  for (const name of task)
    if (!job.TaskGroups.some((one) => one.Tasks.some(({ Name }) => Name === name)))
      throw new CommandFailure(`Task ${JSON.stringify(name)} not found in job`);
}

async function chosenAllocations(
  context: CommandContext,
  job: Job,
  chosen: Chosen,
): Promise<readonly AllocationListStub[]> {
  const { value } = await orFail(
    "Error querying allocations",
    context.client.get<readonly AllocationListStub[] | null>(`${jobPath(job.ID)}/allocations`),
  );
  const hasTask = (group: string): boolean =>
    chosen.task.length === 0 ||
    job.TaskGroups.some(
      (one) => one.Name === group && one.Tasks.some(({ Name }) => chosen.task.includes(Name)),
    );
  return (value ?? []).filter(
    (one) =>
      one.DesiredStatus === "run" &&
      // One that is being restarted is pending.
      (one.ClientStatus === "running" || one.ClientStatus === "pending") &&
      (chosen.group.length === 0 || chosen.group.includes(one.TaskGroup)) &&
      hasTask(one.TaskGroup),
  );
}

interface Manner {
  readonly options: RestartOptions;
  readonly onError: "ask" | "fail" | "go-on";
  readonly wait: number | "ask";
}

async function restartAll(
  context: CommandContext,
  batches: readonly (readonly AllocationListStub[])[],
  { options, onError, wait }: Manner,
): Promise<number> {
  const { ui, time } = context;
  const count = batches.reduce((sum, batch) => sum + batch.length, 0);
  const failures: string[] = [];
  ui.info(`==> ${time.now()}: Restarting ${count} allocation${count === 1 ? "" : "s"}`);
  for (const [at, batch] of batches.entries()) {
    if (at > 0 && !(await goOnToNextBatch(context, wait))) break;
    const ends = await Promise.allSettled(
      batch.map((allocation) => restartAllocation(context, allocation, options)),
    );
    const failed = ends.flatMap((end, index) => {
      const id = shortId(batch[index]?.ID, options.verbose);
      return end.status === "fulfilled"
        ? []
        : [`Error restarting allocation "${id}": ${messageOf(end.reason)}`];
    });
    failures.push(...failed);
    if (failed.length === 0 || at === batches.length - 1) continue;
    if (onError === "fail" || (onError === "ask" && !(await goOnAfterFailure(context, failed))))
      break;
  }
  if (failures.length === 0) {
    ui.info(`==> ${time.now()}: Job restart finished`);
    ui.output("\nJob restarted successfully!");
    return 0;
  }
  ui.error(
    [
      `==> ${time.now()}: Job restart finished with errors`,
      ...failures.map((one) => `  * ${one}`),
    ].join("\n"),
  );
  return 1;
}
