import type { AllocationAnswer, FileInfo } from "../../sdk/wire.ts";
import { allocIdTooShort, anyAllocationOf, lookupAllocation } from "../alloc-lookup.ts";
import {
  CommandFailure,
  defineCommand,
  messageOf,
  UsageFailure,
  type CommandContext,
} from "../command.ts";
import { flag, type FlagValues } from "../../lib/flags.ts";
import { lastLines } from "../core/line-tail.ts";
import { formatList } from "../core/table.ts";
import { formatBytes } from "../core/values.ts";
import { readFrames } from "../frame-stream.ts";
import { untilInterrupted } from "../interrupt.ts";

const flags = {
  H: flag.bool("Sizes as plain numbers of bytes."),
  stat: flag.bool("Facts about the path instead of its content."),
  f: flag.bool("Go on with what is appended to the file."),
  tail: flag.bool("Only the end; ten lines unless -n or -c says otherwise."),
  n: flag.int("How many lines of the end to show.", -1),
  c: flag.int("How many bytes of the end to show.", -1),
  job: flag.bool("The id is a job's; any of its allocations is looked at."),
  group: flag.text("With -job: only allocations of this group."),
  verbose: flag.bool("Print whole ids."),
};
type FsFlags = FlagValues<typeof flags>;

const bytesPerLine = 120;
const defaultTail = 10;

export const allocFs = defineCommand({
  usage: "[options] <allocation> [<path>]",
  description: "Lists a folder of an allocation, or prints a file of it.",
  flags,
  run: async (context, { flags, words }) => {
    const [id, path = "/", tooMany] = words;
    if (id === undefined)
      throw new UsageFailure(flags.job ? "A job ID is required" : "An allocation ID is required");
    if (tooMany !== undefined)
      throw new UsageFailure("This command takes one or two arguments: <allocation> [<path>]");
    if (flags.n >= 0 && flags.c >= 0) throw new CommandFailure("Both -n and -c are not allowed");
    const allocation = flags.job
      ? await anyAllocationOf(context, id, flags.group)
      : await lookupAllocation(context, id, { verbose: flags.verbose, tooShort: allocIdTooShort });
    try {
      return await show({ context, allocation, path, flags });
    } catch (thrown) {
      throw new CommandFailure(messageOf(thrown), undefined, thrown);
    }
  },
});

interface Look {
  readonly context: CommandContext;
  readonly allocation: AllocationAnswer;
  readonly path: string;
  readonly flags: FsFlags;
}

async function show(look: Look): Promise<number> {
  const { context, path, flags } = look;
  const query = { namespace: look.allocation.Namespace, path };
  const { value: file } = await context.client.get<FileInfo>(pathOf(look, "stat"), query);
  if (flags.stat) {
    context.ui.output(
      formatList([
        ["Mode", "Size", "Modified Time", "Content Type", "Name"],
        [
          file.FileMode,
          size(file, flags),
          context.time.text(file.ModTime),
          file.ContentType ?? "",
          nameOf(file),
        ],
      ]),
    );
    return 0;
  }
  if (file.IsDir) {
    const { value } = await context.client.get<readonly FileInfo[] | null>(
      pathOf(look, "ls"),
      query,
    );
    context.ui.output(
      formatList([
        ["Mode", "Size", "Modified Time", "Name"],
        ...(value ?? []).map((inside) => [
          inside.FileMode,
          size(inside, flags),
          context.time.text(inside.ModTime),
          nameOf(inside),
        ]),
      ]),
    );
    return 0;
  }
  await printFile(look, file);
  return 0;
}

const pathOf = (look: Look, action: string): string =>
  `/v1/client/fs/${action}/${look.allocation.ID}`;
const nameOf = (file: FileInfo): string => (file.IsDir ? `${file.Name}/` : file.Name);
const size = (file: FileInfo, flags: FsFlags): string =>
  flags.H ? String(file.Size) : formatBytes(file.Size);

async function printFile(look: Look, file: FileInfo): Promise<void> {
  const { context, path, flags } = look;
  const base = { namespace: look.allocation.Namespace, path };
  const lines = flags.n >= 0 ? flags.n : flags.tail && flags.c < 0 ? defaultTail : -1;
  const bytes = flags.c >= 0 ? flags.c : lines * bytesPerLine;
  const isPart = lines >= 0 || flags.c >= 0;
  if (flags.f) {
    const query = {
      ...base,
      origin: isPart ? "end" : "start",
      offset: isPart ? bytes : 0,
      follow: true,
    };
    await follow(look, query, lines);
    return;
  }
  const action = isPart ? "readat" : "cat";
  const part = isPart ? { offset: Math.max(0, file.Size - bytes), limit: bytes } : {};
  const stream = await context.client.stream({
    method: "GET",
    path: pathOf(look, action),
    query: { ...base, ...part },
  });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    if (lines >= 0) chunks.push(chunk);
    else context.ui.raw(chunk);
  }
  if (lines >= 0) context.ui.raw(lastLines(Buffer.concat(chunks).toString("utf8"), lines));
}

async function follow(
  look: Look,
  query: { readonly [name: string]: string | number | boolean },
  lines: number,
): Promise<void> {
  const { context } = look;
  let cut = lines < 0;
  await untilInterrupted(context.ports, async (signal) => {
    const stream = await context.client.stream({
      method: "GET",
      path: pathOf(look, "stream"),
      query,
      signal,
    });
    for await (const data of readFrames(stream)) {
      context.ui.raw(cut ? data : lastLines(data.toString("utf8"), lines));
      cut = true;
    }
  });
}
