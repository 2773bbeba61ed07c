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
  /** What to show people where the fault has no place of its own: the declaration of a value that is missing. */
  readonly about?: { readonly file: string; readonly start: Position; readonly end: Position };
}

/** `file:LINE,COL-COL: Summary; Detail`; over several lines the end is `-LINE,COL`. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { summary, detail } = diagnostic;
  return `${formatPlace(diagnostic)}: ${summary}; ${detail}`;
}

export function formatPlace({
  file,
  start,
  end,
}: Pick<Diagnostic, "file" | "start" | "end">): string {
  if (start === undefined) return "<nil>";
  const from = `${file ?? ""}:${start.line},${start.column}`;
  if (end === undefined) return from;
  return end.line === start.line ? `${from}-${end.column}` : `${from}-${end.line},${end.column}`;
}
