import type { Expression, TemplatePart } from "./ast-types.ts";
import { Cursor } from "./cursor.ts";
import { countToken } from "./limits.ts";
import { Fault } from "./source.ts";
import type { Range, Source } from "./source.ts";
import { assembleParts, dedentLines, trimParts } from "./template-parts.ts";
import type { RawPart } from "./template-parts.ts";

type ReadExpression = (cursor: Cursor) => Expression;

/** Reads text between double quotes; the cursor stands at the opening quote. */
export function readQuoted(cursor: Cursor, readExpression: ReadExpression): Expression {
  const start = cursor.next().start;
  const parts: RawPart[] = [];
  for (;;) {
    const at = cursor.offset;
    const stop = readRun(cursor, parts);
    if (stop === '"') break;
    if (stop === undefined || stop === "\n")
      throw new Fault(
        { source: cursor.source, start: cursor.offset, end: cursor.offset },
        "Unterminated text",
        "The closing double quote is missing on this line. Text over several lines is written as a heredoc (<<EOT).",
      );
    readMarked(cursor, parts, readExpression);
    if (cursor.offset === at) throw new Error("assertion failed: the template reader moves on");
  }
  const closing = cursor.offset;
  cursor.moveTo(closing + 1);
  return finish(
    cursor,
    trimParts(parts),
    { source: cursor.source, start, end: closing + 1 },
    closing,
  );
}

/** Reads a whole text as a template without escapes, which is what text in JSON is. */
export function readWholeTemplate(source: Source, readExpression: ReadExpression): Expression {
  const cursor = new Cursor(source);
  const parts: RawPart[] = [];
  while (cursor.offset < source.text.length) {
    const isLineEnd = readLineRun(cursor, parts);
    if (!isLineEnd && cursor.offset < source.text.length) readMarked(cursor, parts, readExpression);
  }
  const end = source.text.length;
  return finish(cursor, trimParts(parts), { source, start: 0, end }, end);
}

/** What stands for itself, between quotes and in a heredoc. */
const plainText = /[^"\\\n\r$%]+/y;
const plainLine = /[^\n$%]+/y;

function runLength(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex - at : 0;
}

const isMark = (text: string, at: number): boolean =>
  text[at + 1] === "{" && (text[at] === "$" || text[at] === "%");
const isEscapedMark = (text: string, at: number): boolean =>
  text[at] === text[at + 1] && isMark(text, at + 1);

/** Takes text up to a quote, a line's end or a marked sequence, and says which; undefined at the end. */
function readRun(cursor: Cursor, parts: RawPart[]): string | undefined {
  const { text } = cursor.source;
  const start = cursor.offset;
  let at = start;
  let out = "";
  let stop: string | undefined;
  for (;;) {
    const run = runLength(plainText, text, at);
    out += text.slice(at, at + run);
    at += run;
    const character = text[at];
    if (character === undefined || character === '"') stop = character;
    else if (character === "\r" && text[at + 1] !== "\n") throw loneReturn(cursor, at);
    else if (character === "\n" || text.startsWith("\r\n", at)) stop = "\n";
    else if (isEscapedMark(text, at)) {
      out += text.slice(at + 1, at + 3);
      at += 3;
      continue;
    } else if (isMark(text, at)) stop = character;
    else if (character === "\\") {
      const [value, length] = readEscape(cursor, at);
      out += value;
      at += length;
      continue;
    } else {
      out += character;
      at += 1;
      continue;
    }
    break;
  }
  if (at > start)
    parts.push({ kind: "text", text: out, range: { source: cursor.source, start, end: at } });
  cursor.moveTo(at);
  return stop;
}

/** Some programs show a new line there and others none, so a text means what it looks like nowhere. */
function loneReturn({ source }: Cursor, at: number): Fault {
  return new Fault(
    { source, start: at, end: at + 1 },
    "Invalid character",
    "A carriage return stands only before a line's end; within quotes it is written \\r.",
  );
}

const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  '"': '"',
  "\\": "\\",
};

function readEscape(cursor: Cursor, at: number): readonly [string, number] {
  const { source } = cursor;
  const letter = source.text[at + 1] ?? "";
  const simple = escapes[letter];
  if (simple !== undefined) return [simple, 2];
  // The text is not closed in its line, which is told and says more.
  if (letter === "" || letter === "\n" || letter === "\r") return ["\\", 1];
  const digits = letter === "u" ? 4 : letter === "U" ? 8 : 0;
  const hex = source.text.slice(at + 2, at + 2 + digits);
  if (digits > 0 && hex.length === digits && /^[0-9a-fA-F]+$/.test(hex)) {
    const code = Number.parseInt(hex, 16);
    const isNone = code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff);
    if (!isNone) return [String.fromCodePoint(code), 2 + digits];
    throw new Fault(
      { source, start: at, end: at + 2 + digits },
      "Invalid escape sequence",
      `There is no character with the number ${hex}.`,
    );
  }
  const detail =
    digits > 0
      ? `\\${letter} needs ${digits} hexadecimal digits.`
      : `\\${letter} is no escape sequence; a backslash itself is written as \\\\.`;
  throw new Fault({ source, start: at, end: at + 2 }, "Invalid escape sequence", detail);
}

/** Reads `${ ... }` or `%{ ... }`; the cursor stands at its first character. */
function readMarked(cursor: Cursor, parts: RawPart[], readExpression: ReadExpression): void {
  const { source } = cursor;
  const start = cursor.offset;
  const isDirective = source.text[start] === "%";
  cursor.moveTo(start + 2);
  const trimsLeft = source.text[cursor.offset] === "~";
  if (trimsLeft) cursor.moveTo(cursor.offset + 1);
  const read = (): RawPart => {
    const content = isDirective ? readDirective(cursor, readExpression) : readExpression(cursor);
    const trimsRight = cursor.sees("~") && source.text[cursor.peek().end] === "}";
    if (trimsRight) cursor.next();
    if (!cursor.sees("}")) refuseEnd(cursor, readExpression);
    cursor.next();
    const range = cursor.rangeFrom(start);
    return { kind: "marked", content, trimsLeft, trimsRight, range };
  };
  parts.push(cursor.nested(false, read));
}

function refuseEnd(cursor: Cursor, readExpression: ReadExpression): never {
  const token = cursor.peek();
  // A quote here most often closes the text around; when it opens one that never ends, that is the clearer fault.
  if (token.kind === "quote") readQuoted(cursor, readExpression);
  throw new Fault(
    cursor.rangeOf(token),
    "Extra characters in a template",
    "Expected a closing brace here to end the ${ ... } or %{ ... } sequence.",
  );
}

function readDirective(cursor: Cursor, readExpression: ReadExpression): RawDirective {
  const word = cursor.next();
  const range = cursor.rangeOf(word);
  switch (word.text) {
    case "if":
      return { directive: "if", test: readExpression(cursor), range };
    case "else":
    case "endif":
    case "endfor":
      return { directive: word.text, range };
    case "for": {
      const first = readName(cursor);
      const second = cursor.takes(",") ? readName(cursor) : undefined;
      if (!cursor.takes("in"))
        throw new Fault(
          cursor.rangeOf(cursor.peek()),
          "Invalid for directive",
          'Expected the word "in" here.',
        );
      const collection = readExpression(cursor);
      const names = second === undefined ? [undefined, first] : [first, second];
      return {
        directive: "for",
        keyName: names[0],
        valueName: names[1] ?? first,
        collection,
        range,
      };
    }
    default:
      throw new Fault(
        range,
        "Invalid template directive",
        "Expected if, else, endif, for or endfor after %{.",
      );
  }
}
type RawDirective = Exclude<Extract<RawPart, { kind: "marked" }>["content"], Expression>;

function readName(cursor: Cursor): string {
  const token = cursor.peek();
  if (token.kind !== "name")
    throw new Fault(cursor.rangeOf(token), "Invalid for directive", "Expected a name here.");
  return cursor.next().text;
}

/** Reads `<<EOT` and its lines; the cursor stands at the opening marker. */
export function readHeredoc(cursor: Cursor, readExpression: ReadExpression): Expression {
  const opening = cursor.next();
  const { source } = cursor;
  const isIndented = opening.text.startsWith("<<-");
  const marker = opening.text.slice(isIndented ? 3 : 2).trim();
  const parts: RawPart[] = [];
  let isLineStart = true;
  for (;;) {
    const at = cursor.offset;
    if (isLineStart) {
      const length = closingLength(source.text, at, marker);
      if (length > 0) {
        cursor.moveTo(at + length);
        break;
      }
    }
    if (at >= source.text.length)
      throw new Fault(
        { source, start: at, end: at },
        "Unterminated heredoc",
        `The closing marker ${marker} on a line of its own is missing.`,
      );
    const wasLineStart = isLineStart;
    countToken(source, at);
    const { length } = parts;
    isLineStart = readLineRun(cursor, parts);
    for (const { range } of parts.slice(length)) refuseReturns(cursor, range);
    if (!isIndented && wasLineStart && isLineStart) joinLines(parts);
    if (!isLineStart && cursor.offset < source.text.length)
      readMarked(cursor, parts, readExpression);
  }
  const range = { source, start: opening.start, end: cursor.offset };
  const trimmed = trimParts(parts);
  const lines = isIndented ? dedentLines(trimmed) : trimmed;
  return finish(cursor, lines, range, range.end);
}

/**
 * Whole lines become one part: a text has many of them. The last two stay apart, because a mark that follows may trim
 * its own line and must not trim the ones before.
 */
function joinLines(parts: RawPart[]): void {
  const [first, second, last] = parts.slice(-3);
  if (first?.kind !== "text" || second?.kind !== "text" || last === undefined) return;
  // What follows a mark is the rest of its line, which that mark may trim.
  if (parts.at(-4)?.kind === "marked") return;
  const range = { ...first.range, end: second.range.end };
  parts.splice(-3, 3, { kind: "text", text: first.text + second.text, range }, last);
}

function refuseReturns(cursor: Cursor, { start, end }: Range): void {
  const found = /\r(?!\n)/.exec(cursor.source.text.slice(start, end));
  if (found) throw loneReturn(cursor, start + found.index);
}

function closingLength(text: string, at: number, marker: string): number {
  const blanks = /[ \t]*/y;
  blanks.lastIndex = at;
  const start = at + (blanks.exec(text)?.[0].length ?? 0);
  if (!text.startsWith(marker, start)) return 0;
  const end = start + marker.length;
  return /^[ \t]*\r?\n/.test(lineRest(text, end)) ? end - at : 0;
}

function lineRest(text: string, at: number): string {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.slice(at) : text.slice(at, end + 1);
}

/** Takes the rest of a line or up to a marked sequence; true after a line's end. */
function readLineRun(cursor: Cursor, parts: RawPart[]): boolean {
  const { source } = cursor;
  const { text } = source;
  const start = cursor.offset;
  let out = "";
  let at = start;
  let isLineEnd = false;
  while (at < text.length && !isLineEnd) {
    const run = runLength(plainLine, text, at);
    out += text.slice(at, at + run);
    at += run;
    if (isEscapedMark(text, at)) {
      out += text.slice(at + 1, at + 3);
      at += 3;
    } else if (isMark(text, at)) break;
    else {
      isLineEnd = text[at] === "\n";
      out += text[at] ?? "";
      at += 1;
    }
  }
  at = Math.min(at, text.length);
  if (at > start) parts.push({ kind: "text", text: out, range: { source, start, end: at } });
  cursor.moveTo(at);
  return isLineEnd;
}

function finish(
  cursor: Cursor,
  parts: readonly RawPart[],
  range: Range,
  closing: number,
): Expression {
  const only = parts[0];
  if (parts.length === 1 && only?.kind === "marked" && "kind" in only.content)
    return { kind: "wrap", inner: only.content, range };
  const end: Range = {
    source: cursor.source,
    start: closing,
    end: Math.min(range.end, closing + 1),
  };
  const assembled: readonly TemplatePart[] = assembleParts(parts, end);
  return { kind: "template", parts: assembled, range };
}
