import type { Breather } from "../../lib/breather.ts";
import { isSmall } from "../../lib/json-steps.ts";
import type { Job, Task, TaskGroup } from "../../model/job.ts";

/**
 * A job as JSON in pieces, so that neither writing nor reading it takes long at a stretch. The bytes are in memory
 * that threads share: handing a job of 5 MB over copies nothing.
 */
export interface JobText {
  /** Everything but the groups, whose place is kept by an empty list. */
  readonly head: Uint8Array;
  /** Lists of entries, one behind the other. */
  readonly pieces: readonly Uint8Array[];
}
/** A group, or a task of the group before it: of a group that is large by itself the tasks come one by one. */
type Entry = { readonly group: TaskGroup } | { readonly task: Task };

/** As long as a piece gets, unless one entry alone is longer. */
const pieceLength = 64 * 1024;

export function jobText(job: Job): JobText {
  const writer = new PieceWriter();
  for (const entry of entriesOf(job)) writer.add(entry);
  return { head: headOf(job), pieces: writer.finish() };
}

/** The same on the main thread, which has other things to do in between. */
export async function jobTextInSteps(job: Job, breather: Breather): Promise<JobText> {
  const writer = new PieceWriter();
  for (const entry of entriesOf(job)) {
    await breather.breathe();
    writer.add(entry);
  }
  return { head: headOf(job), pieces: writer.finish() };
}

export function jobOfText({ head, pieces }: JobText): Job {
  const reader = new PieceReader();
  for (const piece of pieces) reader.add(piece);
  return reader.finish(head);
}

export async function jobOfTextInSteps(
  { head, pieces }: JobText,
  breather: Breather,
): Promise<Job> {
  const reader = new PieceReader();
  for (const piece of pieces) {
    await breather.breathe();
    reader.add(piece);
  }
  return reader.finish(head);
}

function* entriesOf(job: Job): Generator<Entry, void> {
  for (const group of job.TaskGroups) {
    if (isSmall(group)) yield { group };
    else {
      yield { group: { ...group, Tasks: [] } };
      for (const task of group.Tasks) yield { task };
    }
  }
}

const headOf = (job: Job): Uint8Array => sharedBytes(JSON.stringify({ ...job, TaskGroups: [] }));

class PieceWriter {
  readonly #pieces: Uint8Array[] = [];
  #open: string[] = [];
  #length = 0;

  add(entry: Entry): void {
    const text = JSON.stringify(entry);
    this.#open.push(text);
    this.#length += text.length;
    if (this.#length >= pieceLength) this.#close();
  }

  finish(): readonly Uint8Array[] {
    if (this.#open.length > 0) this.#close();
    return this.#pieces;
  }

  #close(): void {
    this.#pieces.push(sharedBytes(`[${this.#open.join(",")}]`));
    this.#open = [];
    this.#length = 0;
  }
}

class PieceReader {
  readonly #groups: TaskGroup[] = [];
  #tasks: Task[] = [];

  add(piece: Uint8Array): void {
    // What a writer wrote.
    for (const entry of JSON.parse(textOf(piece)) as readonly Entry[]) {
      if ("task" in entry) this.#tasks.push(entry.task);
      else {
        this.#closeGroup();
        this.#groups.push(entry.group);
      }
    }
  }

  finish(head: Uint8Array): Job {
    this.#closeGroup();
    return { ...(JSON.parse(textOf(head)) as Job), TaskGroups: this.#groups };
  }

  #closeGroup(): void {
    const last = this.#groups.pop();
    if (last === undefined) return;
    this.#groups.push(this.#tasks.length > 0 ? { ...last, Tasks: this.#tasks } : last);
    this.#tasks = [];
  }
}

function sharedBytes(text: string): Uint8Array {
  const length = Buffer.byteLength(text, "utf8");
  const bytes = new Uint8Array(new SharedArrayBuffer(length));
  Buffer.from(bytes.buffer).write(text, "utf8");
  return bytes;
}

const textOf = ({ buffer, byteOffset, byteLength }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString("utf8");
