/** What became of one file in a watched job folder. Shown by the API, the CLI and the UI. */
export type JobSourceState =
  | "accepted"
  | "unchanged"
  | "rejected"
  | "conflict"
  | "held"
  | "removed";

export interface JobSource {
  /** Name of the agent whose folder holds the file. */
  readonly Agent: string;
  readonly Path: string;
  /** Which folder (device and inode) the file was last seen in: only there can it be missed. */
  readonly Folder: string;
  readonly State: JobSourceState;
  readonly JobID: string;
  readonly Namespace: string;
  /** SHA-256 of the content last looked at, hex. */
  readonly Hash: string;
  /** What is wrong or why it waits; empty when all is well. */
  readonly Message: string;
  readonly Diagnostics: readonly JobSourceDiagnostic[] | null;
  readonly Warnings: string;
  /** Unix nanoseconds at whole microseconds. */
  readonly UpdatedAt: number;
  readonly ModifyIndex: number;
}
export interface JobSourceDiagnostic {
  readonly Line: number | null;
  readonly Column: number | null;
  readonly Summary: string;
  readonly Detail: string;
}
