import type { AllocationAnswer } from "../../sdk/wire.ts";
import { allocIdTooShort, anyAllocationOf, chooseTask, lookupAllocation } from "../alloc-lookup.ts";
import {
  CommandFailure,
  defineCommand,
  messageOf,
  UsageFailure,
  type CommandContext,
} from "../command.ts";
import { flag, type FlagValues } from "../../lib/flags.ts";
import { untilInterrupted } from "../interrupt.ts";
import { lastLines } from "../core/line-tail.ts";
import { showJobLogs } from "../job-logs.ts";
import { AmbiguousId } from "../resolve-id.ts";
import { jobPath, resolveJob, type ResolvedJob } from "../resolve-job.ts";
import type { LogType } from "../task-log.ts";
import { linearPattern, type LinearPattern } from "../../lib/system/regexp.ts";
import type { Job } from "../../model/job.ts";

export const logFlags = {
  f: flag.bool(
    "Go on with what is written from now; for a job, with what new instances write too.",
  ),
  tail: flag.bool("Show only the end; ten lines unless -n or -c says otherwise."),
  n: flag.int("How many lines of the end to show.", -1),
  c: flag.int("How many bytes of the end to show.", -1),
  stdout: flag.bool(
    "Show the standard output. This is the default for an allocation; a job shows both.",
  ),
  stderr: flag.bool("Show the standard error."),
  task: flag.text("The task whose output to show."),
  group: flag.text("Of a job: only allocations of this group."),
  since: flag.duration(
    "For a job: leave out tasks that ended, and log files that were last written, longer ago than this. Lines have no times of their own.",
  ),
  grep: flag.text("For a job: only lines in which this regular expression is found."),
  verbose: flag.bool("Print whole ids."),
};
const flags = {
  ...logFlags,
  job: flag.bool(
    "The id is a job's: with -f, -since or -grep all of its instances are shown, otherwise any one of them.",
  ),
};
type LogFlags = FlagValues<typeof flags>;

const bytesPerLine = 120;
const defaultTail = 10;

export const allocLogs = defineCommand({
  usage: "[options] <allocation> [<task>]",
  description:
    "Prints what a task wrote. An allocation with a single task needs no task name. -f alone follows both streams from now.\n\nWhere no allocation has the id and a job does, all instances of the job are shown, as job logs does.",
  flags,
  run: async (context, { flags, given, words }) => {
    const [id, taskWord, tooMany] = words;
    if (id === undefined)
      throw new UsageFailure(flags.job ? "A job ID is required" : "An allocation ID is required");
    if (tooMany !== undefined)
      throw new UsageFailure("This command takes one or two arguments: <allocation> [<task>]");
    if (flags.stdout && flags.stderr)
      throw new CommandFailure("Unable to support both stdout and stderr");
    const named = flags.task || taskWord || "";
    const wantsAll = flags.f || given.has("since") || flags.grep !== "";
    const found = flags.job
      ? wantsAll
        ? { job: await resolveJob(context, id) }
        : { allocation: await anyAllocationOf(context, id, flags.group) }
      : await allocationOrJob(context, id, flags.verbose);
    if (found.job) return showLogsOfJob(context, found.job, { flags, given, task: named });
    const { allocation } = found;
    if (given.has("since") || flags.grep !== "")
      throw new CommandFailure("-since and -grep need a job, not an allocation");
    const task = chooseTask(allocation, named, "Failed to validate task: ");
    return showLogs(context, { allocation, task, flags });
  },
});

type Found =
  | { readonly allocation: AllocationAnswer; readonly job?: undefined }
  | { readonly job: ResolvedJob };

async function allocationOrJob(
  context: CommandContext,
  id: string,
  verbose: boolean,
): Promise<Found> {
  try {
    return {
      allocation: await lookupAllocation(context, id, { verbose, tooShort: allocIdTooShort }),
    };
  } catch (thrown) {
    if (!(thrown instanceof CommandFailure) || thrown instanceof AmbiguousId) throw thrown;
    const job = await jobNamed(context, id);
    if (job) return { job };
    throw thrown;
  }
}

/** The job of exactly this name; undefined where it cannot be had, because the words were first about allocations. */
async function jobNamed(context: CommandContext, id: string): Promise<ResolvedJob | undefined> {
  try {
    const { value } = await context.client.get<Pick<Job, "ID" | "Namespace">>(jobPath(id));
    return { id: value.ID, namespace: value.Namespace };
  } catch {
    // Why no allocation was found is what the person is told.
    return undefined;
  }
}

export interface JobLogWords {
  readonly flags: FlagValues<typeof logFlags>;
  readonly given: ReadonlySet<string>;
  readonly task: string;
}

/** All instances of a job, as `job logs` and `alloc logs` show them. */
export async function showLogsOfJob(
  context: CommandContext,
  job: ResolvedJob,
  { flags, given, task }: JobLogWords,
): Promise<number> {
  if (flags.c >= 0) throw new CommandFailure("-c needs an allocation, not a job");
  const types = flags.stdout
    ? (["stdout"] as const)
    : flags.stderr
      ? (["stderr"] as const)
      : (["stdout", "stderr"] as const);
  return showJobLogs(context, job, {
    follow: flags.f,
    lines: flags.n >= 0 ? flags.n : defaultTail,
    types,
    task,
    group: flags.group,
    sinceMs: given.has("since") ? flags.since / 1e6 : undefined,
    pattern: flags.grep === "" ? undefined : patternOf(flags.grep),
    verbose: flags.verbose,
  });
}

function patternOf(text: string): LinearPattern {
  try {
    return linearPattern(text);
  } catch (thrown) {
    throw new CommandFailure(`Invalid -grep: ${messageOf(thrown)}`, undefined, thrown);
  }
}

interface Reading {
  readonly allocation: AllocationAnswer;
  readonly task: string;
  readonly flags: LogFlags;
}

async function showLogs(context: CommandContext, reading: Reading): Promise<number> {
  const { flags } = reading;
  const both =
    flags.f && !flags.stdout && !flags.stderr && !flags.tail && flags.n < 0 && flags.c < 0;
  await untilInterrupted(context.ports, async (signal) => {
    await Promise.all(
      (both
        ? (["stdout", "stderr"] as const)
        : [flags.stderr ? ("stderr" as const) : ("stdout" as const)]
      ).map((type) => copyLog(context, reading, { type, fromNow: both, both, signal })),
    );
  });
  return 0;
}

interface Source {
  readonly type: LogType;
  readonly fromNow: boolean;
  readonly both: boolean;
  readonly signal: AbortSignal;
}

async function copyLog(context: CommandContext, reading: Reading, source: Source): Promise<void> {
  const { allocation, task, flags } = reading;
  const { lines, bytes } = windowOf(flags);
  const fromEnd = source.fromNow || bytes > 0;
  const write = (chunk: Uint8Array | string): void => {
    if (source.both && source.type === "stderr") context.ui.rawError(chunk);
    else context.ui.raw(chunk);
  };
  try {
    const stream = await context.client.stream({
      method: "GET",
      path: `/v1/client/fs/logs/${allocation.ID}`,
      query: {
        namespace: allocation.Namespace,
        task,
        type: source.type,
        follow: flags.f,
        plain: true,
        origin: fromEnd ? "end" : "start",
        offset: source.fromNow ? 0 : bytes,
      },
      signal: source.signal,
    });
    if (lines > 0) await copyLastLines(stream, lines, flags.f, write);
    else for await (const chunk of stream) write(chunk);
  } catch (thrown) {
    if (source.signal.aborted) return;
    throw new CommandFailure(
      `Failed to read ${source.type} file: ${messageOf(thrown)}`,
      undefined,
      thrown,
    );
  }
}

/** How much of the end to ask for; lines are asked for as a generous number of bytes. */
function windowOf(flags: LogFlags): { readonly lines: number; readonly bytes: number } {
  if (flags.c >= 0) return { lines: 0, bytes: flags.c };
  const lines = flags.n >= 0 ? flags.n : flags.tail ? defaultTail : 0;
  return { lines, bytes: lines * bytesPerLine };
}

async function copyLastLines(
  stream: AsyncIterable<Buffer>,
  lines: number,
  following: boolean,
  write: (chunk: Uint8Array | string) => void,
): Promise<void> {
  const chunks: Buffer[] = [];
  let cut = false;
  for await (const chunk of stream) {
    if (cut) write(chunk);
    else if (following) {
      // The window fits into the first piece; what comes after it is new.
      write(lastLines(chunk.toString("utf8"), lines));
      cut = true;
    } else chunks.push(chunk);
  }
  if (!cut) write(lastLines(Buffer.concat(chunks).toString("utf8"), lines));
}
