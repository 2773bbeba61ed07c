import type { Breather } from "../../lib/breather.ts";
import type { Job, TaskGroup } from "../../model/job.ts";

/** A job as JSON in pieces, so that neither writing nor reading it takes long at a stretch. */
export interface JobText {
  /** Everything but the groups, whose place is kept by an empty list. */
  readonly head: string;
  /** Lists of groups, one behind the other. */
  readonly groups: readonly string[];
}

/** As long as a piece gets, unless one group alone is longer. */
const pieceLength = 64 * 1024;

export function jobText(job: Job): JobText {
  const writer = new PieceWriter();
  for (const group of job.TaskGroups) writer.add(group);
  return { head: headOf(job), groups: writer.finish() };
}

/** The same on the main thread, which has other things to do in between. */
export async function jobTextInSteps(job: Job, breather: Breather): Promise<JobText> {
  const writer = new PieceWriter();
  for (const group of job.TaskGroups) {
    await breather.breathe();
    writer.add(group);
  }
  return { head: headOf(job), groups: writer.finish() };
}

export const jobOfText = ({ head, groups }: JobText): Job =>
  withGroups(head, groups.flatMap(groupsOf));

export async function jobOfTextInSteps(
  { head, groups }: JobText,
  breather: Breather,
): Promise<Job> {
  const all: TaskGroup[] = [];
  for (const piece of groups) {
    await breather.breathe();
    for (const group of groupsOf(piece)) all.push(group);
  }
  return withGroups(head, all);
}

const headOf = (job: Job): string => JSON.stringify({ ...job, TaskGroups: [] });

/** Both are what `jobText` wrote. */
const groupsOf = (piece: string): readonly TaskGroup[] => JSON.parse(piece) as TaskGroup[];
const withGroups = (head: string, groups: readonly TaskGroup[]): Job => ({
  ...(JSON.parse(head) as Job),
  TaskGroups: groups,
});

class PieceWriter {
  readonly #pieces: string[] = [];
  #open: string[] = [];
  #length = 0;

  add(group: TaskGroup): void {
    const text = JSON.stringify(group);
    this.#open.push(text);
    this.#length += text.length;
    if (this.#length >= pieceLength) this.#close();
  }

  finish(): readonly string[] {
    if (this.#open.length > 0) this.#close();
    return this.#pieces;
  }

  #close(): void {
    this.#pieces.push(`[${this.#open.join(",")}]`);
    this.#open = [];
    this.#length = 0;
  }
}
