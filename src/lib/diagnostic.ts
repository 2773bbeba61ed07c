/** A user's mistake as a value: what is wrong, where, and what to do. Lines and columns count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}
export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail: string;
  /** The file or other text that `start` and `end` count in. */
  readonly file?: string;
  readonly start?: Position;
  readonly end?: Position;
}
