import type { Diagnostic } from "../lib/diagnostic.ts";
import type { JsonObject } from "../lib/json.ts";
import { Faults } from "./core/hcl/source.ts";
import { decodeJobText } from "./core/decode/job-text.ts";
import type { Places } from "./core/decode/places.ts";
import { functionsFor } from "./functions/table.ts";
import type { JobBody } from "./job-body.ts";

export { formatDiagnostic } from "../lib/diagnostic.ts";

export interface ParseJobOptions {
  /** The name that places are told with: "input.hcl" for the API, the base name for the CLI and the folder. */
  readonly file: string;
  readonly variableFiles?: readonly { readonly name: string; readonly text: string }[];
  /** Values of `-var`. */
  readonly variableFlags?: { readonly [name: string]: string };
  /** Values of `NOMAD_VAR_*`, without that prefix. */
  readonly environment?: { readonly [name: string]: string };
  /** Whether values nobody declared are faults, as on the command line, or ignored, as in the API. */
  readonly strictVariables?: boolean;
  /** The folder that file functions may read in, on the command line only; without it they are refused. */
  readonly folder?: string;
}
export type ParseJobResult =
  | {
      readonly ok: true;
      readonly body: JobBody;
      readonly warnings: readonly Diagnostic[];
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Reads a job file. The body holds exactly what is written, before any defaults. */
export function parseJob(text: string, options: ParseJobOptions): ParseJobResult {
  const faults = new Faults();
  const body = decodeText(text, options, { faults });
  if (body === undefined || faults.list.length > 0) return { ok: false, diagnostics: faults.list };
  return { ok: true, body: body, warnings: [] };
}

/** The same, with the places of what is decoded where they are wanted. */
export const decodeText = (
  text: string,
  options: ParseJobOptions,
  into: { readonly faults: Faults; readonly places?: Places },
): JsonObject | undefined =>
  decodeJobText(
    {
      file: options.file,
      text,
      variableFiles: options.variableFiles ?? [],
      variableFlags: options.variableFlags ?? {},
      environment: options.environment ?? {},
      strictVariables: options.strictVariables ?? false,
      functions: functionsFor(options.folder),
    },
    into.faults,
    into.places,
  );
