import type { Diagnostic } from "../lib/diagnostic.ts";
import type { JobBody } from "../jobspec/job-body.ts";
import type { JobFinding } from "../jobspec/job-findings.ts";

/** What a command wants from a job file. */
export interface JobRequest {
  readonly text: string;
  /** As it was given; shown in complaints. */
  readonly file: string;
  readonly json: boolean;
  readonly strict: boolean;
  /** Values of `-var`. */
  readonly variableFlags: { readonly [name: string]: string };
  readonly variableFiles: readonly { readonly name: string; readonly text: string }[];
  /** Values of `NOMAD_VAR_*`, without that prefix. */
  readonly environment: { readonly [name: string]: string };
}
export type LoadedJob =
  | {
      readonly ok: true;
      readonly body: JobBody;
      /** Absent where the job has no text that a person could look at. */
      readonly locate?: LocateFindings;
    }
  | {
      readonly ok: false;
      readonly message: string;
      /** Where the text was read and has faults. */
      readonly faults?: readonly Diagnostic[];
      /** What was read, by the names that the faults are told with. */
      readonly texts?: ReadonlyMap<string, string>;
    };

/** Finds what the rules have against a job in the text that it was read from. */
export type LocateFindings = (findings: readonly JobFinding[]) => Promise<Located>;
export interface Located {
  readonly faults: readonly Diagnostic[];
  /** What was read, by the names that the faults are told with. */
  readonly texts: ReadonlyMap<string, string>;
}

/** A port: the parser is heavy and only some commands need it. */
export type JobLoader = (request: JobRequest) => Promise<LoadedJob>;
