import type { Position } from "../../lib/diagnostic.ts";
import { graphemesOf } from "../../lib/graphemes.ts";

/** Looks up places of a text, whose columns count what people see as one character. */
export interface TextPlaces {
  /** The characters of a line, without its end. */
  readonly line: (number: number) => readonly string[] | string;
  /** Bytes of UTF-8 before the place, a byte order mark included. */
  readonly byteAt: (position: Position) => number;
}

const mark = "\uFEFF";

export function createTextPlaces(text: string): TextPlaces {
  const hasMark = text.startsWith(mark);
  const lines = (hasMark ? text.slice(1) : text).split("\n");
  const startBytes: number[] = [];
  let bytes = hasMark ? byteLength(mark) : 0;
  for (const line of lines) {
    startBytes.push(bytes);
    bytes += byteLength(line) + 1;
  }
  // Many faults may stand in one long line, which is taken apart once only.
  let last:
    | { readonly number: number; readonly characters: readonly string[] | string }
    | undefined;
  const line = (number: number): readonly string[] | string => {
    if (last?.number === number) return last.characters;
    const own = (lines[number - 1] ?? "").replace(/\r$/, "");
    const characters = isPlain(own) ? own : graphemesOf(own);
    last = { number, characters };
    return characters;
  };
  const byteAt = (position: Position): number => {
    const before = line(position.line).slice(0, position.column - 1);
    const start = startBytes[position.line - 1] ?? bytes;
    return start + (typeof before === "string" ? before.length : byteLength(before.join("")));
  };
  return { line, byteAt };
}

const isPlain = (text: string): boolean => /^[\x20-\x7e\t]*$/.test(text);

function byteLength(text: string): number {
  if (isPlain(text)) return text.length;
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}
