import { parentPort } from "node:worker_threads";
import { parseJob } from "../parse-job.ts";
import type { ParseJobOptions, ParseJobResult } from "../parse-job.ts";

/** What crosses the thread border, both ways. */
export interface ParseRequest {
  readonly text: string;
  readonly options: ParseJobOptions;
}
export type ReaderAnswer = { readonly kind: "ready" } | ParsedAnswer;
export interface ParsedAnswer {
  readonly kind: "parsed";
  readonly result: ParseJobResult;
}

if (parentPort !== null) serve(parentPort);

function serve(port: NonNullable<typeof parentPort>): void {
  port.on("message", ({ text, options }: ParseRequest) => {
    port.postMessage({ kind: "parsed", result: parseJob(text, options) } satisfies ReaderAnswer);
  });
  port.postMessage({ kind: "ready" } satisfies ReaderAnswer);
}
