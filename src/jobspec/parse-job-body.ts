import type { Diagnostic } from "../lib/diagnostic.ts";
import { parseJobFile } from "./parse-job-file.ts";
import type { ParseJobOptions, ParseJobResult } from "./parse-job.ts";

/** Bytes, because taking over a body of thousands of objects would hold up the thread that asked. */
export type ParsedBody =
  | {
      readonly ok: true;
      /** `{"Job": body}` in UTF-8. */
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly warnings: readonly Diagnostic[];
    }
  | Extract<ParseJobResult, { readonly ok: false }>;

/** A file of the job folder as the body of a request. */
export function parseJobBody(text: string, options: ParseJobOptions): ParsedBody {
  const parsed = parseJobFile(text, options);
  if (!parsed.ok) return parsed;
  const { body: Job, warnings } = parsed;
  return { ok: true, bytes: new TextEncoder().encode(JSON.stringify({ Job })), warnings };
}
