import type { Budget } from "./budget.ts";
import { formatFloat } from "./float-text.ts";
import { Dictionary, isList, Structure } from "./value.ts";
import type { Value } from "./value.ts";
import { compareYamlKeys } from "./yaml-order.ts";

/** Words that would be read as something else than text. */
const otherWords =
  /^(?:|~|null|Null|NULL|true|True|TRUE|false|False|FALSE|y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const otherNumbers =
  /^[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0o?[0-7_]+|(?:\.[0-9]|[0-9])[0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?|[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?)$/;
const dates = /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt \t].*)?$/;
/** What a text without quotes may not begin with, hold or end with. */
const unsafe = /^[-?:](?:\s|$)|^[,[\]{}#&*!|>'"%@`]|^\s|\s$|:(?:\s|$)|\s#|^(?:---|\.\.\.)(?:\s|$)/;

/** The value as YAML in block style, two spaces a level, lists not indented below their key. */
export function yamlText(value: Value, budget: Budget): string {
  const text = block(value, "", budget).trim();
  budget.produce(text.length);
  return text;
}

/** Lines of a value, each ended; of a plain one, its one line. */
function block(value: Value, margin: string, budget: Budget): string {
  budget.spend(4);
  if (value instanceof Dictionary) for (const key of value.entries.keys()) budget.scan(key.length);
  const entries = entriesOf(value);
  if (entries === undefined && !isList(value)) return `${scalar(value, margin, budget)}\n`;
  budget.enter();
  budget.produce(margin.length);
  const text = isList(value)
    ? listBlock(value, margin, budget)
    : mapBlock(entries ?? [], margin, budget);
  budget.leave();
  // Each level copies what is within it.
  budget.produce(text.length);
  return text;
}

function listBlock(items: readonly Value[], margin: string, budget: Budget): string {
  if (items.length === 0) return `${margin}[]\n`;
  return items
    .map((item) => {
      const inner = block(item, `${margin}  `, budget);
      return `${margin}- ${isPlain(item) ? inner : inner.slice(margin.length + 2)}`;
    })
    .join("");
}

function mapBlock(
  entries: readonly (readonly [string, Value])[],
  margin: string,
  budget: Budget,
): string {
  if (entries.length === 0) return `${margin}{}\n`;
  return entries
    .map(([key, value]) => {
      const name = `${margin}${keyScalar(key, budget)}:`;
      if (isPlain(value)) return `${name} ${block(value, `${margin}  `, budget)}`;
      if (isEmpty(value)) return `${name} ${block(value, "", budget)}`;
      return `${name}\n${block(value, isList(value) ? margin : `${margin}  `, budget)}`;
    })
    .join("");
}

/** Fields of structures are written in lower case. */
function entriesOf(value: Value): readonly (readonly [string, Value])[] | undefined {
  if (value instanceof Dictionary)
    return [...value.entries.keys()]
      .sort(compareYamlKeys)
      .map((key) => [key, value.entries.get(key)] as const);
  if (value instanceof Structure && value.text === undefined)
    return [...value.fields].map(([name, field]) => [name.toLowerCase(), field] as const);
  return undefined;
}

const isPlain = (value: Value): boolean =>
  !isList(value) &&
  !(value instanceof Dictionary) &&
  !(value instanceof Structure && value.text === undefined);
const isEmpty = (value: Value): boolean =>
  isList(value) ? value.length === 0 : value instanceof Dictionary && value.entries.size === 0;

/** A key stands in one line. */
const keyScalar = (key: string, budget: Budget): string =>
  key.includes("\n") ? doubleQuoted(key) : scalar(key, "", budget);

function scalar(value: Value, margin: string, budget: Budget): string {
  if (value === undefined) return "null";
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value === "number") return numberText(value);
  const text =
    typeof value === "string" ? value : value instanceof Structure ? (value.text ?? "") : "";
  budget.scan(text.length);
  budget.produce(text.length);
  return textScalar(text, margin, budget);
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  return formatFloat(value, "g");
}

function textScalar(text: string, margin: string, budget: Budget): string {
  if (otherWords.test(text) || otherNumbers.test(text) || dates.test(text))
    return doubleQuoted(text);
  if (/[^\P{C}\n]|[\u2028\u2029\ufeff\u{10000}-\u{10ffff}]/u.test(text)) return doubleQuoted(text);
  // Spaces at the end of a line would not be seen in a block.
  if (/ (?:\n|$)/.test(text) && text.includes("\n")) return doubleQuoted(text);
  if (text.includes("\n")) return literalBlock(text, margin, budget);
  return unsafe.test(text) ? singleQuoted(text) : text;
}

const singleQuoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const doubleQuoted = (text: string): string =>
  `"${text.replaceAll(/["\\]|[^\P{C}]|[\u2028\u2029\ufeff\u{10000}-\u{10ffff}]/gu, escaped)}"`;

const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\0": "\\0",
  "\x07": "\\a",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\v": "\\v",
  "\f": "\\f",
  "\r": "\\r",
  "\x1b": "\\e",
};

function escaped(character: string): string {
  const known = shortEscapes[character];
  if (known !== undefined) return known;
  const digits = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  if (digits.length <= 2) return `\\x${digits.padStart(2, "0")}`;
  return digits.length <= 4 ? `\\u${digits.padStart(4, "0")}` : `\\U${digits.padStart(8, "0")}`;
}

/** Several lines below a bar; what is behind the bar says how the text ends. */
function literalBlock(text: string, margin: string, budget: Budget): string {
  const lines = text.split("\n");
  budget.produce(lines.length * margin.length);
  const inner = margin === "" ? "  " : margin;
  const chomp = text.endsWith("\n\n") || text === "\n" ? "+" : text.endsWith("\n") ? "" : "-";
  const hint = /^[ \n]/.test(text) ? "2" : "";
  const body = (chomp === "-" ? lines : lines.slice(0, -1))
    .map((line) => (line === "" ? "" : inner + line))
    .join("\n");
  return `|${hint}${chomp}\n${body}`;
}
