/** A piece of a job file that is written out as a whole. */
export interface Piece {
  /** `text` is kept letter by letter: quoted text, a heredoc, a reference that is left for the node. */
  readonly kind: "word" | "number" | "sign" | "text" | "comment";
  readonly text: string;
  /** Blanks before it on its line, or -1 when something else stands there. */
  readonly column: number;
}

/** The pieces of one line; a text or comment over several lines belongs to the line that it begins on. */
export type Line = readonly Piece[];

export const isOpening = ({ kind, text }: Piece): boolean =>
  kind === "sign" && (text === "{" || text === "[" || text === "(");

export const isClosing = ({ kind, text }: Piece): boolean =>
  kind === "sign" && (text === "}" || text === "]" || text === ")");

export const isOverLines = ({ text }: Piece): boolean => text.includes("\n");
