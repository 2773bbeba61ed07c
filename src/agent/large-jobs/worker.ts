import { parentPort } from "node:worker_threads";
import { annotateDiff, diffJobs } from "../../jobspec/diff-jobs.ts";
import { assertNever } from "../../lib/errors.ts";
import { serveThread } from "../../lib/system/work-thread.ts";
import type { PlanAnnotations } from "../../model/plan.ts";
import { admitBody } from "./admit-body.ts";
import type { BodyPlace, ReadBody } from "./admit-body.ts";
import { jobOfText } from "./job-text.ts";
import type { JobText } from "./job-text.ts";

/** What the thread does: what crosses its border on the way in and on the way out. */
export type LargeJobRequest =
  | { readonly kind: "admit"; readonly bytes: ArrayBuffer; readonly place: BodyPlace }
  | { readonly kind: "diff"; readonly diff: DiffRequest };
export interface DiffRequest {
  readonly before: JobText | null;
  readonly after: JobText;
  readonly annotations: PlanAnnotations;
}
export type LargeJobOutput =
  | { readonly kind: "read"; readonly body: ReadBody }
  /** JSON in UTF-8. */
  | { readonly kind: "diffed"; readonly bytes: ArrayBuffer }
  | { readonly kind: "lost"; readonly why: string };

function outputOf(request: LargeJobRequest): LargeJobOutput {
  switch (request.kind) {
    case "admit":
      return { kind: "read", body: admitBody(new Uint8Array(request.bytes), request.place) };
    case "diff":
      return { kind: "diffed", bytes: diffBytes(request.diff) };
    default:
      return assertNever(request);
  }
}

function diffBytes({ before, after, annotations }: DiffRequest): ArrayBuffer {
  const diff = diffJobs(before === null ? null : jobOfText(before), jobOfText(after), {
    contextual: true,
  });
  const encoded = new TextEncoder().encode(JSON.stringify(annotateDiff(diff, annotations)));
  return encoded.buffer;
}

const buffersOf = (output: LargeJobOutput): readonly ArrayBuffer[] =>
  output.kind === "diffed" ? [output.bytes] : [];

if (parentPort !== null) serveThread(parentPort, outputOf, buffersOf);
