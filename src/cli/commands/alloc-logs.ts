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

const flags = {
  f: flag.bool("Go on with what is written from now."),
  tail: flag.bool("Show only the end; ten lines unless -n or -c says otherwise."),
  n: flag.int("How many lines of the end to show.", -1),
  c: flag.int("How many bytes of the end to show.", -1),
  stdout: flag.bool("Show the standard output. This is the default."),
  stderr: flag.bool("Show the standard error."),
  task: flag.text("The task whose output to show."),
  group: flag.text("With -job: only allocations of this group."),
  job: flag.bool("The id is a job's; any of its allocations is shown."),
  verbose: flag.bool("Print whole ids."),
};
type LogFlags = FlagValues<typeof flags>;
type LogType = "stdout" | "stderr";

const bytesPerLine = 120;
const defaultTail = 10;

export const allocLogs = defineCommand({
  usage: "[options] <allocation> [<task>]",
  description:
    "Prints what a task wrote. An allocation with a single task needs no task name. -f alone follows both streams from now.",
  flags,
  run: async (context, { flags, words }) => {
    const [id, taskWord, tooMany] = words;
    if (id === undefined)
      throw new UsageFailure(flags.job ? "A job ID is required" : "An allocation ID is required");
    if (tooMany !== undefined)
      throw new UsageFailure("This command takes one or two arguments: <allocation> [<task>]");
    if (flags.stdout && flags.stderr)
      throw new CommandFailure("Unable to support both stdout and stderr");
    const allocation = flags.job
      ? await anyAllocationOf(context, id, flags.group)
      : await lookupAllocation(context, id, { verbose: flags.verbose, tooShort: allocIdTooShort });
    const named = flags.task || taskWord || "";
    const task = chooseTask(allocation, named, "Failed to validate task: ");
    return showLogs(context, { allocation, task, flags });
  },
});

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
