import type { JobBody } from "../jobspec/job-body.ts";

/** What a command wants from a job file. */
export interface JobRequest {
  readonly text: string;
  /** Shown in complaints. */
  readonly file: string;
  readonly json: boolean;
  readonly strict: boolean;
  /** `name=value` as given on the line. */
  readonly variableFlags: readonly string[];
  readonly variableFiles: readonly { readonly file: string; readonly text: string }[];
  readonly environment: { readonly [name: string]: string | undefined };
}
export type LoadedJob =
  | { readonly ok: true; readonly body: JobBody }
  | { readonly ok: false; readonly message: string };

/** A port: the parser is heavy and only some commands need it. */
export type JobLoader = (request: JobRequest) => Promise<LoadedJob>;
