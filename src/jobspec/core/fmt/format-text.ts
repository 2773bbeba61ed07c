import type { Diagnostic } from "../../../lib/diagnostic.ts";
import { readBody } from "../hcl/body.ts";
import { createSource, Faults } from "../hcl/source.ts";
import { alignLines } from "./align.ts";
import { fixedRanges } from "./fixed-ranges.ts";
import { indents } from "./indent.ts";
import { readLines } from "./read-lines.ts";
import { isClosing, isOpening } from "./token-types.ts";
import type { Line } from "./token-types.ts";

export type FormatResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * Any text of arguments and blocks in the one form that files should have.
 *
 * 1. What is formatted already stays as it is.
 * 2. The meaning stays: texts, heredocs and references that the node fills in are not touched, and lines are neither
 *    joined nor split, because a line's end is part of the language.
 * 3. Every comment stays, at its place.
 */
export function formatText(file: string, text: string): FormatResult {
  const source = createSource(file, text);
  const faults = new Faults();
  const body = readBody(source, faults);
  if (body === undefined) return { ok: false, diagnostics: faults.list };
  const lines = withoutSpareBlanks(readLines(source, fixedRanges(body)));
  const depths = indents(lines);
  const printed = alignLines(lines, depths).map((line, at) =>
    line === "" ? "" : " ".repeat(depths[at] ?? 0) + moved(lines[at], line, depths[at] ?? 0),
  );
  return { ok: true, text: printed.map((line) => `${line}\n`).join("") };
}

/** One blank line at most, and none at the edges of a file or of brackets. */
function withoutSpareBlanks(lines: readonly Line[]): readonly Line[] {
  const kept: Line[] = [];
  let isWaiting = false;
  for (const line of lines) {
    const [first] = line;
    if (first === undefined) {
      isWaiting = true;
      continue;
    }
    const before = kept.at(-1);
    if (isWaiting && before !== undefined && !opensAtEnd(before) && !isClosing(first))
      kept.push([]);
    isWaiting = false;
    kept.push(line);
  }
  return kept;
}

function opensAtEnd(line: Line): boolean {
  const last = line.findLast((piece) => piece.kind !== "comment");
  return last !== undefined && isOpening(last);
}

/** A comment over several lines moves as a whole when its first line does. */
function moved(line: Line | undefined, text: string, indent: number): string {
  const [first] = line ?? [];
  if (first?.kind !== "comment" || first.column < 0) return text;
  const rest = text.slice(first.text.length);
  const by = indent - first.column;
  const comment = first.text.replaceAll(/\n([ \t]+)/g, (_, blanks: string) => {
    return `\n${" ".repeat(Math.max(0, blanks.length + by))}`;
  });
  return comment + rest;
}
