import { graphemeCount } from "../../../lib/graphemes.ts";
import { isClosing, isOpening, isOverLines } from "./token-types.ts";
import type { Line } from "./token-types.ts";
import { joinPieces } from "./spacing.ts";

/** Lines as they are printed, without indents: equals signs and trailing comments of neighbours under each other. */
export function alignLines(lines: readonly Line[], indents: readonly number[]): readonly string[] {
  const cells = lines.map(cellsOf);
  const names = column(cells, indents, (cell) => (cell.value === "" ? undefined : cell.name));
  const codes = cells.map(({ name, value }, at) =>
    value === "" ? name : `${padded(name, names[at])} ${value}`,
  );
  const ends = column(cells, indents, (cell, at) =>
    cell.comment === "" || !cell.isWhole ? undefined : codes[at],
  );
  return cells.map(({ comment }, at) => {
    const code = codes[at] ?? "";
    return comment === "" ? code : `${padded(code, ends[at])} ${comment}`;
  });
}

interface Cells {
  /** All of the line's code, or what stands before the equals sign of an argument that fits in this line. */
  readonly name: string;
  /** From the equals sign on; empty when there is no such argument. */
  readonly value: string;
  /** At the line's end. */
  readonly comment: string;
  /** Whether every bracket of the line is opened and closed in it. */
  readonly isWhole: boolean;
}

function cellsOf(line: Line): Cells {
  const last = line.at(-1);
  const hasComment = line.length > 1 && last?.kind === "comment" && !isOverLines(last);
  const code = hasComment ? line.slice(0, -1) : line;
  const comment = hasComment ? last.text : "";
  const isWhole = isBalanced(code) && !code.some(isOverLines);
  const equals = isWhole ? equalsAt(code) : -1;
  if (equals < 1) return { name: joinPieces(code), value: "", comment, isWhole };
  const name = joinPieces(code.slice(0, equals));
  return { name, value: joinPieces(code.slice(equals)), comment, isWhole };
}

function isBalanced(line: Line): boolean {
  let depth = 0;
  for (const piece of line) {
    if (isOpening(piece)) depth += 1;
    if (isClosing(piece)) depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

/** The first equals sign outside of brackets. */
function equalsAt(line: Line): number {
  let depth = 0;
  return line.findIndex((piece) => {
    if (isOpening(piece)) depth += 1;
    if (isClosing(piece)) depth -= 1;
    return depth === 0 && piece.kind === "sign" && piece.text === "=";
  });
}

/** The width that each line's cell is to have: the widest among neighbours of one indent that have such a cell. */
function column(
  cells: readonly Cells[],
  indents: readonly number[],
  textOf: (cell: Cells, at: number) => string | undefined,
): readonly (number | undefined)[] {
  const widths: (number | undefined)[] = [];
  let start = 0;
  let widest = 0;
  const close = (end: number): void => {
    while (widths.length < end) widths.push(widths.length < start ? undefined : widest);
    start = end;
    widest = 0;
  };
  cells.forEach((cell, at) => {
    if (at > start && indents[at] !== indents[at - 1]) close(at);
    const text = textOf(cell, at);
    if (text !== undefined) {
      widest = Math.max(widest, graphemeCount(text));
      return;
    }
    close(at);
    widths.push(undefined);
    start = at + 1;
  });
  close(cells.length);
  return widths;
}

const padded = (text: string, width: number | undefined): string =>
  width === undefined ? text : text + " ".repeat(Math.max(0, width - graphemeCount(text)));
