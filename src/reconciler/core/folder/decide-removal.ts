import type { JobSource } from "../../../model/job-source.ts";
import { ownsJob } from "./decide-source.ts";

/** The folder as it looks at this moment. */
export type FolderView =
  | { readonly kind: "gone" }
  /** `identity`: what tells this folder from one that is mounted over it or put in its place. */
  | { readonly kind: "present"; readonly identity: string; readonly files: readonly string[] };

export type Removal =
  | { readonly kind: "forget" }
  | { readonly kind: "wait"; readonly source: JobSource; readonly afterMs: number }
  | { readonly kind: "hold"; readonly source: JobSource }
  | { readonly kind: "stop" };

export interface RemovalInput {
  readonly source: JobSource;
  readonly sources: readonly JobSource[];
  readonly folder: FolderView;
  readonly graceMs: number;
  readonly nowNs: number;
  readonly jobExists: boolean;
}

/**
 * A known file is not there any more. Its job stops after a grace, unless another file took the job over, or the
 * whole folder is gone, is not the one that the file was seen in, or became empty at once: then nothing is stopped,
 * since nobody deletes everything by name. The identity is stored with the file, so a restart does not forget it.
 */
export function decideRemoval(input: RemovalInput): Removal {
  const { source, nowNs, graceMs } = input;
  if (!ownsJob(source) || !input.jobExists || hasHeir(input)) return { kind: "forget" };
  const guard = guardText(input);
  if (guard !== undefined)
    return { kind: "hold", source: { ...source, State: "held", Message: guard, UpdatedAt: nowNs } };
  if (source.State !== "removed") {
    const Message = `the file is gone; job "${source.JobID}" stops in ${Math.round(graceMs / 1000)} s unless it comes back`;
    return {
      kind: "wait",
      source: { ...source, State: "removed", Message, UpdatedAt: nowNs },
      afterMs: graceMs,
    };
  }
  const leftMs = Math.ceil((source.UpdatedAt - nowNs) / 1e6) + graceMs;
  return leftMs > 0 ? { kind: "wait", source, afterMs: leftMs } : { kind: "stop" };
}

const hasHeir = ({ source, sources }: RemovalInput): boolean =>
  sources.some(
    (other) =>
      other.Path !== source.Path &&
      other.JobID === source.JobID &&
      other.Namespace === source.Namespace &&
      (other.State === "accepted" || other.State === "unchanged"),
  );

function guardText({ source, sources, folder }: RemovalInput): string | undefined {
  const advice = `nothing is stopped. Put the files back, or run: nomad job stop ${source.JobID}`;
  if (folder.kind === "gone") return `the folder itself is gone; ${advice}`;
  if (folder.identity !== source.Folder)
    return `the folder was replaced by another one, which does not have the file; ${advice}`;
  const known = sources.filter((other) => ownsJob(other)).length;
  return folder.files.length === 0 && known > 1
    ? `every job file vanished at once; ${advice}`
    : undefined;
}
