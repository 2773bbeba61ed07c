import { assertNever } from "../../../lib/errors.ts";
import { parseBigFloat } from "./big-float.ts";
import type { BigFloat } from "./big-float.ts";
import { countToken, refuseLongText, tokensOfNumber } from "./limits.ts";
import { Fault } from "./source.ts";
import type { Range, Source } from "./source.ts";
import { boolValue, nullValue, objectValue, textValue, tupleValue } from "./value.ts";
import type { Value } from "./value-types.ts";

/** A JSON text with the place of everything in it. Numbers keep all their digits. */
export type JsonNode =
  | { readonly kind: "null"; readonly range: Range }
  | { readonly kind: "bool"; readonly is: boolean; readonly range: Range }
  | { readonly kind: "number"; readonly number: BigFloat; readonly range: Range }
  | JsonString
  | { readonly kind: "array"; readonly items: readonly JsonNode[]; readonly range: Range }
  | JsonObject;
export interface JsonString {
  readonly kind: "string";
  /** What the text says, as a text of its own whose places are those of the JSON text. */
  readonly content: Source;
  readonly range: Range;
}
export interface JsonObject {
  readonly kind: "object";
  readonly entries: readonly { readonly key: JsonString; readonly value: JsonNode }[];
  readonly range: Range;
}

/** Deeper nesting than this is refused, so that no text can exhaust the stack. */
const deepest = 200;

/** Reads a whole text as one JSON value; the first thing wrong in it is thrown as a `Fault`. */
export function readJsonText(source: Source): JsonNode {
  refuseLongText(source);
  const reader: Reader = { source, at: 0, depth: 0 };
  const node = readValue(reader);
  skipBlanks(reader);
  if (reader.at < source.text.length)
    throw wrong(reader, "Extra characters after the JSON value", "The text should end here.");
  return node;
}

/** The value that JSON gives; of two entries with one key the later one counts. */
export function jsonValue(node: JsonNode): Value {
  switch (node.kind) {
    case "null":
      return nullValue;
    case "bool":
      return boolValue(node.is);
    case "number":
      return { type: "number", number: node.number };
    case "string":
      return textValue(node.content.text);
    case "array":
      return tupleValue(node.items.map(jsonValue));
    case "object":
      return objectValue(
        new Map(
          node.entries.map(({ key, value }) => [
            key.content.text.normalize("NFC"),
            jsonValue(value),
          ]),
        ),
      );
    default:
      return assertNever(node);
  }
}

interface Reader {
  readonly source: Source;
  at: number;
  depth: number;
}

function wrong(reader: Reader, summary: string, detail: string, length = 1): Fault {
  const { source, at } = reader;
  return new Fault(
    { source, start: at, end: Math.min(source.text.length, at + length) },
    summary,
    detail,
  );
}

function skipBlanks(reader: Reader): void {
  const { text } = reader.source;
  while (" \t\r\n".includes(text[reader.at] ?? "x")) reader.at += 1;
}

/** What stands next, after the blanks. */
function peek(reader: Reader): string | undefined {
  skipBlanks(reader);
  return reader.source.text[reader.at];
}

function readValue(reader: Reader): JsonNode {
  const next = peek(reader);
  countToken(reader.source, reader.at);
  if (next === undefined)
    throw wrong(reader, "Missing JSON value", "The text ends where a value is expected.");
  if (next === '"') return readString(reader);
  if (next !== "{" && next !== "[") return readWord(reader);
  reader.depth += 1;
  if (reader.depth > deepest)
    throw wrong(
      reader,
      "Nested too deeply",
      `More than ${deepest} levels of nesting are not read.`,
    );
  const node = next === "{" ? readObject(reader) : readArray(reader);
  reader.depth -= 1;
  return node;
}

const word = /[-+.0-9A-Za-z_]+/y;
const number = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/;

function readWord(reader: Reader): JsonNode {
  const { source, at: start } = reader;
  word.lastIndex = start;
  const text = word.exec(source.text)?.[0] ?? "";
  const range = { source, start, end: start + text.length };
  const node = wordNode(text, range);
  if (node === undefined) throw badWord(reader, text);
  reader.at = range.end;
  return node;
}

function wordNode(text: string, range: Range): JsonNode | undefined {
  if (text === "null") return { kind: "null", range };
  if (text === "true" || text === "false") return { kind: "bool", is: text === "true", range };
  if (!number.test(text)) return undefined;
  countToken(range.source, range.start, tokensOfNumber(text));
  const value = parseBigFloat(text);
  return value === undefined ? undefined : { kind: "number", number: value, range };
}

function badWord(reader: Reader, text: string): Fault {
  if (text === "") {
    const character = String.fromCodePoint(reader.source.text.codePointAt(reader.at) ?? 0);
    const hint = "'\u2018\u2019\u201c\u201d`".includes(character)
      ? " Text is written between straight double quotes."
      : "";
    return wrong(
      reader,
      "Invalid JSON value",
      `No value starts with ${JSON.stringify(character)}.${hint}`,
      character.length,
    );
  }
  const detail = /^[-+.0-9]/.test(text)
    ? `${JSON.stringify(text)} is no JSON number.`
    : `${JSON.stringify(text)} is no JSON value; a word is null, true, false or text between double quotes.`;
  return wrong(reader, "Invalid JSON value", detail, text.length);
}

function readArray(reader: Reader): JsonNode {
  const start = reader.at;
  const items: JsonNode[] = [];
  reader.at += 1;
  if (peek(reader) !== "]") {
    for (;;) {
      items.push(readValue(reader));
      if (!takesComma(reader, "]", start)) break;
    }
  }
  reader.at += 1;
  return { kind: "array", items, range: { source: reader.source, start, end: reader.at } };
}

function readObject(reader: Reader): JsonObject {
  const start = reader.at;
  const entries: { readonly key: JsonString; readonly value: JsonNode }[] = [];
  reader.at += 1;
  if (peek(reader) !== "}") {
    for (;;) {
      const key = readKey(reader, start);
      if (peek(reader) !== ":")
        throw wrong(
          reader,
          "Missing colon",
          'A colon is expected between a property\'s name and its value, as in "name": "value".',
        );
      reader.at += 1;
      entries.push({ key, value: readValue(reader) });
      if (!takesComma(reader, "}", start)) break;
    }
  }
  reader.at += 1;
  return { kind: "object", entries, range: { source: reader.source, start, end: reader.at } };
}

function readKey(reader: Reader, openedAt: number): JsonString {
  const next = peek(reader);
  if (next === '"') return readString(reader);
  if (next === undefined) throw unclosed(reader, "}", openedAt);
  throw wrong(
    reader,
    "Invalid property name",
    "The name of a property is written between double quotes.",
  );
}

/** Whether another item follows; faults on anything that is neither a comma nor the closing sign. */
function takesComma(reader: Reader, closing: "]" | "}", openedAt: number): boolean {
  const next = peek(reader);
  if (next === closing) return false;
  if (next === undefined) throw unclosed(reader, closing, openedAt);
  if (next !== ",") throw wrong(reader, "Missing comma", `A comma or ${closing} is expected here.`);
  const comma = reader.at;
  reader.at += 1;
  if (peek(reader) === closing)
    throw new Fault(
      { source: reader.source, start: comma, end: comma + 1 },
      "Trailing comma",
      `JSON has no comma before ${closing}; leave it out.`,
    );
  return true;
}

function unclosed(reader: Reader, closing: string, openedAt: number): Fault {
  return new Fault(
    { source: reader.source, start: openedAt, end: openedAt + 1 },
    closing === "}" ? "Unclosed object" : "Unclosed array",
    `There is no ${closing} for this before the end of the text.`,
  );
}

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** A text is a source of its own, which a template may be read from. */
const tokensOfString = 4;

function readString(reader: Reader): JsonString {
  const { source, at: start } = reader;
  const { text } = source;
  countToken(source, start, tokensOfString);
  /** Places where what follows stands elsewhere than in line with what is before. */
  const jumps: Jump[] = [{ offset: 0, at: start + 1 }];
  let out = "";
  let run = start + 1;
  let at = run;
  for (;;) {
    const character = text[at];
    if (character === '"') break;
    if (character === undefined || character < " ") throw unterminated(reader, at, character);
    if (character !== "\\") {
      at += 1;
      continue;
    }
    out += text.slice(run, at);
    const [piece, length] = readEscape(reader, at);
    out += piece;
    at += length;
    run = at;
    jumps.push({ offset: out.length, at });
  }
  out += text.slice(run, at);
  reader.at = at + 1;
  const range = { source, start, end: at + 1 };
  const content = {
    name: source.name,
    text: out,
    lineStarts: [0],
    reading: source.reading,
    origin: { source, jumps },
  };
  return { kind: "string", content, range };
}

interface Jump {
  readonly offset: number;
  readonly at: number;
}

function unterminated(reader: Reader, at: number, character: string | undefined): Fault {
  const isEnd = character === undefined || character === "\n" || character === "\r";
  return new Fault(
    { source: reader.source, start: at, end: at + (character === undefined ? 0 : 1) },
    isEnd ? "Unterminated text" : "Invalid character in text",
    isEnd
      ? "The closing double quote is missing on this line; a line's end within a text is written \\n."
      : "A control character is written with an escape such as \\t or \\u0001.",
  );
}

/** The character and how much of the text it takes. Half a surrogate pair is no character. */
function readEscape(reader: Reader, at: number): readonly [string, number] {
  const { source } = reader;
  const letter = source.text[at + 1] ?? "";
  const simple = Object.hasOwn(escapes, letter) ? escapes[letter] : undefined;
  if (simple !== undefined) return [simple, 2];
  const code = letter === "u" ? hexAt(source.text, at + 2) : undefined;
  if (code === undefined)
    throw new Fault(
      { source, start: at, end: Math.min(source.text.length, at + 2) },
      "Invalid escape sequence",
      letter === "u"
        ? "\\u needs four hexadecimal digits."
        : `\\${letter} is no escape sequence of JSON; a backslash itself is written as \\\\.`,
    );
  if (code < 0xd800 || code > 0xdfff) return [String.fromCharCode(code), 6];
  const next = source.text.startsWith("\\u", at + 6) ? hexAt(source.text, at + 8) : undefined;
  if (code < 0xdc00 && next !== undefined && next >= 0xdc00 && next <= 0xdfff)
    return [String.fromCharCode(code, next), 12];
  return ["\uFFFD", 6];
}

function hexAt(text: string, at: number): number | undefined {
  const digits = text.slice(at, at + 4);
  return /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
}
