import type { Diagnostic } from "../../../lib/diagnostic.ts";
import type { Job } from "../../../model/job.ts";
import type { JobSource, JobSourceDiagnostic, JobSourceState } from "../../../model/job-source.ts";

/** What loading one job file gave. */
export type LoadedFile =
  | { readonly kind: "job"; readonly job: Job; readonly warnings: string }
  | {
      readonly kind: "faulty";
      readonly message: string;
      readonly diagnostics: readonly Diagnostic[];
    };

export interface SourceDecision {
  readonly source: JobSource;
  /** The job to register, or null when nothing should change. */
  readonly register: Job | null;
  /** The file named this other job before; that one has lost its file. */
  readonly orphanedJob: { readonly namespace: string; readonly id: string } | null;
}
export interface SourceInput {
  readonly agent: string;
  readonly path: string;
  /** The identity of the folder that the file was read in. */
  readonly folder: string;
  readonly hash: string;
  readonly nowNs: number;
  readonly loaded: LoadedFile;
  /** What was known of this path before. */
  readonly known: JobSource | undefined;
  /** All sources of this agent. */
  readonly sources: readonly JobSource[];
  /** The job as it is registered now says the same as the file. */
  readonly isRegistered: boolean;
}

/** A changed file was read: what becomes of it. A broken edit keeps the job that the path stood for. */
export function decideSource(input: SourceInput): SourceDecision {
  const { loaded, known } = input;
  if (loaded.kind === "faulty") {
    // A file in conflict owned nothing: broken, it must not come to own what belongs to another file.
    const owned = known !== undefined && ownsJob(known) ? known : undefined;
    return {
      source: sourceRow(input, "rejected", {
        JobID: owned?.JobID ?? "",
        Namespace: owned?.Namespace ?? "",
        Message: loaded.message,
        Diagnostics: loaded.diagnostics.map(rowDiagnostic),
      }),
      register: null,
      orphanedJob: null,
    };
  }
  const { job, warnings } = loaded;
  const fields = { JobID: job.ID, Namespace: job.Namespace, Warnings: warnings };
  const owner = ownerOf(input, job);
  if (owner !== undefined) {
    const Message = `${owner.Path} holds job "${job.ID}" already; ${input.path} is not registered. Rename one of the two jobs or remove one file`;
    return {
      source: sourceRow(input, "conflict", { ...fields, Message }),
      register: null,
      orphanedJob: null,
    };
  }
  const isOtherJob =
    known !== undefined &&
    ownsJob(known) &&
    known.JobID !== "" &&
    (known.JobID !== job.ID || known.Namespace !== job.Namespace);
  return {
    source: sourceRow(input, input.isRegistered ? "unchanged" : "accepted", fields),
    register: input.isRegistered ? null : job,
    orphanedJob: isOtherJob ? { namespace: known.Namespace, id: known.JobID } : null,
  };
}

/** The file that a job belongs to: the one that got it first, and among equals the first by path. */
function ownerOf(input: SourceInput, job: Job): JobSource | undefined {
  return input.sources
    .filter((other) => other.Path !== input.path && ownsJob(other) && other.State !== "removed")
    .find((other) => other.JobID === job.ID && other.Namespace === job.Namespace);
}

/** A rejected file still stands for the job that it registered before it was broken. */
export const ownsJob = (source: JobSource): boolean =>
  source.State !== "conflict" && source.JobID !== "";

function sourceRow(
  input: SourceInput,
  state: JobSourceState,
  fields: Partial<JobSource>,
): JobSource {
  return {
    Agent: input.agent,
    Path: input.path,
    Folder: input.folder,
    State: state,
    JobID: "",
    Namespace: "",
    Hash: input.hash,
    Message: "",
    Diagnostics: null,
    Warnings: "",
    UpdatedAt: input.nowNs,
    ModifyIndex: 0,
    ...fields,
  };
}

const rowDiagnostic = (diagnostic: Diagnostic): JobSourceDiagnostic => ({
  Line: diagnostic.start?.line ?? null,
  Column: diagnostic.start?.column ?? null,
  Summary: diagnostic.summary,
  Detail: diagnostic.detail,
});
