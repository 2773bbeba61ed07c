import type { Breather } from "../../lib/breather.ts";
import type { Json } from "../../lib/json.ts";
import { ValueBuilder, valuePieces } from "../../lib/value-pieces.ts";
import type { Job } from "../../model/job.ts";

/**
 * A job as JSON in pieces, so that neither writing nor reading it takes long at a stretch. The bytes are in memory
 * that threads share: handing a job of 5 MB over copies nothing.
 */
export interface JobText {
  readonly pieces: readonly Uint8Array[];
}

export function jobText(job: Job): JobText {
  const pieces: Uint8Array[] = [];
  for (const piece of piecesOf(job)) if (piece !== "") pieces.push(sharedBytes(piece));
  return { pieces };
}

/** The same on the main thread, which has other things to do in between. */
export async function jobTextInSteps(job: Job, breather: Breather): Promise<JobText> {
  const pieces: Uint8Array[] = [];
  for (const piece of piecesOf(job)) {
    if (piece !== "") pieces.push(sharedBytes(piece));
    await breather.breathe();
  }
  return { pieces };
}

export function jobOfText({ pieces }: JobText): Job {
  const builder = new ValueBuilder();
  for (const piece of pieces) builder.add(textOf(piece));
  return jobFrom(builder);
}

export async function jobOfTextInSteps({ pieces }: JobText, breather: Breather): Promise<Job> {
  const builder = new ValueBuilder();
  for (const piece of pieces) {
    builder.add(textOf(piece));
    await breather.breathe();
  }
  return jobFrom(builder);
}

/** A job is plain data, as JSON knows it. */
const piecesOf = (job: Job): Generator<string, void> => valuePieces(job as unknown as Json);
/** The pieces are those of a job. */
const jobFrom = (builder: ValueBuilder): Job => builder.finish() as unknown as Job;

function sharedBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(new SharedArrayBuffer(Buffer.byteLength(text, "utf8")));
  Buffer.from(bytes.buffer).write(text, "utf8");
  return bytes;
}

const textOf = ({ buffer, byteOffset, byteLength }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString("utf8");
