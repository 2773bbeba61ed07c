import { formatBigFloat } from "../core/hcl/big-float.ts";
import { entriesOf } from "../core/hcl/value.ts";
import type { Value } from "../core/hcl/value-types.ts";
import { textOf } from "./arguments.ts";

/**
 * Writes block style: keys sorted and quoted, text in double quotes or, with line ends in it, as a `|` block. Lists
 * under a key start in the key's own column.
 */
export function encodeYaml(value: Value): string {
  const isOpen = value.type === "null" || value.type === "number" || value.type === "bool";
  // A plain word alone has no sign of its end, so the document gets one.
  const text = nodeText(value, { indent: 0, column: 0 });
  return isOpen ? `${text}\n...\n` : text.endsWith("\n") ? text : `${text}\n`;
}

/** Where a node is written: its collection's indent, and the column at which its text starts. */
interface Spot {
  readonly indent: number;
  readonly column: number;
}

function nodeText(value: Value, spot: Spot): string {
  if (value.type === "string") return stringText(value.text, spot);
  if (value.type === "number") return numberText(formatBigFloat(value.number));
  if (value.type === "bool") return String(value.is);
  if (value.type === "null") return "null";
  if ("items" in value) return listText(value.items, spot.indent);
  return mapText(value, spot.indent);
}

const numberText = (text: string): string => text.replace(/^([+-])Inf$/, "$1.Inf");
const isBlock = (value: Value): boolean =>
  ("items" in value && value.items.length > 0) || ("entries" in value && value.entries.size > 0);

function listText(items: readonly Value[], indent: number): string {
  if (items.length === 0) return "[]";
  const lines = items.map((item) => {
    const inner = isBlock(item) ? indent + 2 : indent;
    return `- ${nodeText(item, { indent: inner, column: indent + 2 })}`;
  });
  return joined(lines, indent);
}

function mapText(value: Value, indent: number): string {
  const entries = entriesOf(value) ?? [];
  if (entries.length === 0) return "{}";
  return joined(
    entries.map(([key, item]) => entryText(textOf(key), item, indent)),
    indent,
  );
}

function entryText(key: string, item: Value, indent: number): string {
  const blanks = " ".repeat(indent);
  const isSimple = !key.includes("\n") && Buffer.byteLength(key, "utf8") <= longestKey;
  if (!isSimple) {
    const inner = isBlock(item) ? indent + 2 : indent;
    const name = stringText(key, { indent, column: indent + 2 });
    const text = nodeText(item, { indent: inner, column: indent + 2 });
    return `? ${name}${name.endsWith("\n") ? "" : "\n"}${blanks}: ${text}`;
  }
  const name = quotedText(key, undefined);
  if (!isBlock(item))
    return `${name}: ${nodeText(item, { indent, column: indent + name.length + 2 })}`;
  const inner = "items" in item ? indent : indent + 2;
  return `${name}:\n${" ".repeat(inner)}${nodeText(item, { indent: inner, column: inner })}`;
}

/** A longer key is written with a question mark. */
const longestKey = 128;

const joined = (lines: readonly string[], indent: number): string =>
  lines.map((line) => (line.endsWith("\n") ? line : `${line}\n`)).join(" ".repeat(indent));

function stringText(text: string, spot: Spot): string {
  if (!text.includes("\n") || !fitsBlock(text)) return quotedText(text, spot);
  const blanks = " ".repeat(spot.indent + 2);
  const hint = /^[ \n\u0085\u2028\u2029]/.test(text) ? "2" : "";
  const chomp = !text.endsWith("\n") ? "-" : text.endsWith("\n\n") || text === "\n" ? "+" : "";
  const lines = text.replace(/\n$/, "").split("\n");
  const body = lines.map((line) => (line === "" ? "" : blanks + line)).join("\n");
  return `|${hint}${chomp}\n${body}\n`;
}

/** Text with blanks before a line's end, or with characters that do not print, cannot stand in a block. */
const fitsBlock = (text: string): boolean =>
  !/ (?:[\n\u0085\u2028\u2029]|$)/.test(text) && !unprintable.test(text.replaceAll("\n", ""));

const unprintable =
  // oxlint-disable-next-line no-control-regex
  /[^\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]|[\u2028\u2029]/u;

const escapes: Readonly<Record<string, string>> = {
  "\0": "0",
  "\x07": "a",
  "\b": "b",
  "\t": "t",
  "\n": "n",
  "\v": "v",
  "\f": "f",
  "\r": "r",
  "\x1b": "e",
  '"': '"',
  "\\": "\\",
  "\u0085": "N",
  "\u2028": "L",
  "\u2029": "P",
};

/** Lines are broken at a blank once they are wider than this. */
const widest = 80;

function quotedText(text: string, spot: Spot | undefined): string {
  const characters = Array.from(text);
  let column = (spot?.column ?? 0) + 1;
  let out = '"';
  let isAfterBlank = false;
  for (const [at, character] of characters.entries()) {
    const isInside = at > 0 && at < characters.length - 1;
    const isBreak = spot !== undefined && character === " " && !isAfterBlank && isInside;
    if (isBreak && column > widest) {
      const blanks = " ".repeat(spot.indent + 2);
      const mark = characters[at + 1] === " " ? "\\" : "";
      out += `\n${blanks}${mark}`;
      column = blanks.length + mark.length;
      isAfterBlank = true;
      continue;
    }
    const piece = escaped(character);
    out += piece;
    column += Array.from(piece).length;
    isAfterBlank = character === " ";
  }
  return `${out}"`;
}

function escaped(character: string): string {
  const short = escapes[character];
  if (short !== undefined) return `\\${short}`;
  if (!unprintable.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
