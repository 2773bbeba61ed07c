import { extname } from "node:path";
import type { Clock } from "../lib/clock.ts";
import type { Diagnostic } from "../lib/diagnostic.ts";
import { assertNever } from "../lib/errors.ts";
import { WorkThread, type Loss } from "../lib/system/work-thread.ts";
import type { JobFinding } from "./job-findings.ts";
import type { LocateOptions } from "./locate-in-job.ts";
import type { ParsedBody } from "./parse-job-body.ts";
import type { ParseJobOptions, ParseJobResult } from "./parse-job.ts";
import type { ReaderOutput, ReaderRequest, ReaderWork } from "./reader/worker.ts";

/** Reads job files in a thread of its own, so that no text can hold up the agent or fill its memory. */
export interface JobReader {
  parse(text: string, options: ParseJobOptions): Promise<ParseJobResult>;
  /** The same for a file of the job folder, which may also hold JSON in the form of the HTTP API. */
  parseFile(text: string, options: ParseJobOptions): Promise<ParseJobResult>;
  /** The same with the body as JSON, which a large one is not worth being taken apart for. */
  parseBody(text: string, options: ParseJobOptions): Promise<ParsedBody>;
  /** What the rules have against a job, with the places in the text that it was read from. */
  locate(
    text: string,
    findings: readonly JobFinding[],
    options: LocateOptions,
  ): Promise<readonly Diagnostic[]>;
  close(): Promise<void>;
}
export interface JobReaderOptions {
  readonly clock: Clock;
  /** A text that takes more work is given up, counted in the processor's time. */
  readonly limitMs?: number;
  readonly limitMb?: number;
  /** An unused thread is ended after this: its memory is needed by others. */
  readonly idleMs?: number;
}

export function createJobReader({
  limitMs = 1000,
  limitMb = 256,
  ...options
}: JobReaderOptions): JobReader {
  // The thread's file has this file's ending: `.js` when built, `.ts` when the tests run the sources.
  const name = `./reader/worker${extname(new URL(import.meta.url).pathname)}`;
  const file = new URL(name, import.meta.url);
  const thread = new WorkThread<ReaderRequest, ReaderOutput>({
    ...options,
    file,
    name: "job reader",
    limitMs,
    limitMb,
  });
  /** The thread answers each request with the output of its kind. */
  const ask = <K extends keyof ReaderWork>(
    request: ReaderWork[K]["request"],
    givenUp: (loss: Loss) => ReaderWork[K]["output"],
  ): Promise<ReaderWork[K]["output"]> => thread.ask(request, givenUp);
  return {
    parse: (text, parseOptions) => {
      const input = { text, options: parseOptions };
      return ask<"parse">({ kind: "parse", input }, (loss) => refused(loss, parseOptions.file));
    },
    parseFile: (text, parseOptions) => {
      const input = { text, options: parseOptions };
      return ask<"file">({ kind: "file", input }, (loss) => refused(loss, parseOptions.file));
    },
    parseBody: (text, parseOptions) => {
      const input = { text, options: parseOptions };
      return ask<"body">({ kind: "body", input }, (loss) => refused(loss, parseOptions.file));
    },
    locate: (text, findings, locateOptions) => {
      const input = { text, findings, options: locateOptions };
      return ask<"locate">({ kind: "locate", input }, () => findings);
    },
    close: () => thread.close(),
  };
}

const refused = (loss: Loss, file: string): Extract<ParseJobResult, { readonly ok: false }> => ({
  ok: false,
  diagnostics: [{ severity: "error", ...lossText(loss), file }],
});

function lossText(loss: Loss): { readonly summary: string; readonly detail: string } {
  switch (loss.kind) {
    case "time":
      return {
        summary: "Too much work to read",
        detail: `Reading it was given up after ${loss.limitMs} ms of work. Look for deep nesting and large loops.`,
      };
    case "patience":
      return {
        summary: "Not read in time",
        detail: `This machine is so busy that reading it was given up after ${loss.patienceMs / 1000} s. The text itself may be right.`,
      };
    case "memory":
      return {
        summary: "Too much memory to read",
        detail: `Reading it takes more than ${loss.limitMb} MB. Look for large loops and long texts.`,
      };
    case "failure":
      return { summary: "The text cannot be read", detail: `Reading it failed: ${loss.text}.` };
    default:
      return assertNever(loss);
  }
}
