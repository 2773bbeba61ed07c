import { parentPort } from "node:worker_threads";
import type { Diagnostic } from "../../lib/diagnostic.ts";
import { assertNever } from "../../lib/errors.ts";
import { serveThread } from "../../lib/system/work-thread.ts";
import type { JobFinding } from "../job-findings.ts";
import { locateInJob } from "../locate-in-job.ts";
import type { LocateOptions } from "../locate-in-job.ts";
import { parseJobBody } from "../parse-job-body.ts";
import type { ParsedBody } from "../parse-job-body.ts";
import { parseJobFile } from "../parse-job-file.ts";
import { parseJob } from "../parse-job.ts";
import type { ParseJobOptions, ParseJobResult } from "../parse-job.ts";

/** What the thread does, by name: what crosses its border on the way in and on the way out. */
export interface ReaderWork {
  readonly parse: Work<"parse", ParseInput, ParseJobResult>;
  readonly file: Work<"file", ParseInput, ParseJobResult>;
  readonly body: Work<"body", ParseInput, ParsedBody>;
  readonly locate: Work<"locate", LocateInput, readonly Diagnostic[]>;
}
interface Work<Kind, Input, Output> {
  readonly request: { readonly kind: Kind; readonly input: Input };
  readonly output: Output;
}
interface ParseInput {
  readonly text: string;
  readonly options: ParseJobOptions;
}
interface LocateInput {
  readonly text: string;
  readonly findings: readonly JobFinding[];
  readonly options: LocateOptions;
}
export type ReaderRequest = ReaderWork[keyof ReaderWork]["request"];
export type ReaderOutput = ReaderWork[keyof ReaderWork]["output"];

if (parentPort !== null) serveThread(parentPort, outputOf, buffersOf);

function outputOf({ kind, input }: ReaderRequest): ReaderOutput {
  switch (kind) {
    case "parse":
      return parseJob(input.text, input.options);
    case "file":
      return parseJobFile(input.text, input.options);
    case "body":
      return parseJobBody(input.text, input.options);
    case "locate":
      return locateInJob(input.text, input.findings, input.options);
    default:
      return assertNever(kind);
  }
}

function buffersOf(output: ReaderOutput): readonly ArrayBuffer[] {
  return "bytes" in output ? [output.bytes.buffer] : [];
}
