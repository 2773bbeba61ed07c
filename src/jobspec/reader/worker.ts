import { parentPort } from "node:worker_threads";
import { parseJobFile } from "../parse-job-file.ts";
import { parseJob } from "../parse-job.ts";
import type { ParseJobOptions, ParseJobResult } from "../parse-job.ts";

/** What the thread does, by name: what crosses its border on the way in and on the way out. */
export interface ReaderWork {
  readonly parse: { readonly input: ParseInput; readonly output: ParseJobResult };
  readonly file: { readonly input: ParseInput; readonly output: ParseJobResult };
}
export interface ParseInput {
  readonly text: string;
  readonly options: ParseJobOptions;
}
export type ReaderRequest = {
  readonly [K in keyof ReaderWork]: { readonly kind: K; readonly input: ReaderWork[K]["input"] };
}[keyof ReaderWork];
export type ReaderOutput = ReaderWork[keyof ReaderWork]["output"];
export type ReaderAnswer =
  | { readonly kind: "ready" }
  | { readonly kind: "done"; readonly output: ReaderOutput };

if (parentPort !== null) serve(parentPort);

function serve(port: NonNullable<typeof parentPort>): void {
  port.on("message", (request: ReaderRequest) => {
    port.postMessage({ kind: "done", output: outputOf(request) } satisfies ReaderAnswer);
  });
  port.postMessage({ kind: "ready" } satisfies ReaderAnswer);
}

function outputOf({ kind, input }: ReaderRequest): ReaderOutput {
  switch (kind) {
    case "parse":
      return parseJob(input.text, input.options);
    case "file":
      return parseJobFile(input.text, input.options);
    default:
      return kind satisfies never;
  }
}
