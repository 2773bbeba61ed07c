import { tokenAt } from "../hcl/lexer.ts";
import type { Token } from "../hcl/lexer.ts";
import type { Source } from "../hcl/source.ts";
import type { Line, Piece } from "./token-types.ts";

/** A text that was read without a fault, as lines of pieces; `fixed` says which ranges are one piece each. */
export function readLines(source: Source, fixed: ReadonlyMap<number, number>): readonly Line[] {
  const lines: Line[] = [];
  let line: Piece[] = [];
  const add = (kind: Piece["kind"], start: number, end: number): void => {
    const text = tidied(kind, source.text.slice(start, end));
    line.push({ kind, text, column: line.length > 0 ? -1 : columnOf(source.text, start) });
  };
  for (let offset = 0; ;) {
    const token = tokenAt(source, offset);
    for (const [start, end] of commentsBetween(source.text, offset, token.start))
      add("comment", start, end);
    if (token.kind === "newline" || token.kind === "end") {
      lines.push(line);
      line = [];
      if (token.kind === "end") return lines;
      offset = token.end;
      continue;
    }
    offset = fixed.get(token.start) ?? token.end;
    add(fixed.has(token.start) ? "text" : kindOf(token), token.start, offset);
  }
}

function kindOf(token: Token): Piece["kind"] {
  if (token.kind === "name") return "word";
  if (token.kind === "number" || token.kind === "sign") return token.kind;
  throw new Error(`assertion failed: the text at ${token.start} was not read before`);
}

const comment = /#[^\n]*|\/\/[^\n]*|\/\*[^]*?\*\//y;

/** Only blanks and comments stand between two tokens. */
function commentsBetween(text: string, from: number, to: number): [number, number][] {
  const found: [number, number][] = [];
  for (let at = from; at < to;) {
    comment.lastIndex = at;
    const match = comment.exec(text);
    const end = match ? at + match[0].length : at + 1;
    if (match) found.push([at, end]);
    at = end;
  }
  return found;
}

function tidied(kind: Piece["kind"], text: string): string {
  if (kind === "comment") return text.replaceAll(/[ \t\r]+$/gm, "");
  // The line that opens a heredoc is no part of what it says.
  return kind === "text" && text.startsWith("<<") ? text.replace(/[ \t]*\r?\n/, "\n") : text;
}

function columnOf(text: string, offset: number): number {
  let start = offset;
  while (text[start - 1] === " " || text[start - 1] === "\t") start -= 1;
  return offset - start;
}
