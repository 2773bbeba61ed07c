import type { Json } from "../../src/lib/json.ts";

/** Choices among the ways to write one thing, made from a seed, and what is hoisted to the head of the file. */
export interface Style {
  /** True once in `n`; never for the plain style. */
  chance(n: number): boolean;
  shuffle<T>(items: readonly T[]): readonly T[];
  /** A name for a value that is written at the head of the file. */
  hoist(expression: string): string;
  hoisted(): string;
  /** The same choices without those that change the kind of an expression. */
  plain(): Style;
}

export function createStyle(seed: number): Style {
  const random = randomNumbers(seed);
  const locals: string[] = [];
  const variables: string[] = [];
  const style: Style = {
    chance: (n) => seed !== 0 && random() * n < 1,
    shuffle: (items) =>
      style.chance(3) ? items.toSorted((a, b) => String(a).length - String(b).length) : items,
    hoist: (expression) => {
      const isVariable = style.chance(3);
      const list = isVariable ? variables : locals;
      list.push(expression);
      return `${isVariable ? "var.v" : "local.l"}${list.length - 1}`;
    },
    hoisted: () =>
      [
        ...variables.map((value, at) => `variable "v${at}" {\n  default = ${value}\n}\n`),
        locals.length === 0
          ? ""
          : `locals {\n${locals.map((value, at) => `  l${at} = ${value}\n`).join("")}}\n`,
      ].join(""),
    plain: () => ({ ...style, hoist: (expression) => expression, chance: () => false }),
  };
  return style;
}

/** A small generator of numbers in [0, 1): the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function printValue(value: Json, style: Style): string {
  const plain = printLiteral(value, style);
  // A heredoc ends with its line, so nothing may follow it there.
  if (plain.startsWith("<<")) return plain;
  if (style.chance(10)) return style.hoist(plain);
  if (style.chance(15)) return `(${plain})`;
  if (style.chance(20) && value !== null) return `true ? ${plain} : ${plain}`;
  if (style.chance(20) && Array.isArray(value)) return `[for item in ${plain} : item]`;
  return plain;
}

function printLiteral(value: Json, style: Style): string {
  if (typeof value === "string") {
    const lines = value.split("\n");
    const fits = value.endsWith("\n") && !lines.some((line) => line.trim() === "EOT");
    if (fits && style.chance(2)) return `<<EOT\n${escapeMarks(value)}EOT`;
    return printText(value, style);
  }
  if (typeof value === "number") return printNumber(value, style);
  if (value === null || typeof value === "boolean") return String(value);
  const inner = style.plain();
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => printValue(item, inner));
    return style.chance(3) ? `[\n${items.join(",\n")}\n]` : `[${items.join(", ")}]`;
  }
  const equals = style.chance(3) ? " : " : " = ";
  const entries = Object.entries(value).map(
    ([key, item]) => `${printKey(key, style)}${equals}${printValue(item, inner)}`,
  );
  if (style.chance(3)) return `{\n${entries.join("\n")}\n}`;
  return `{ ${entries.join(", ")} }`;
}

const printKey = (key: string, style: Style): string =>
  isBareName(key) && !style.chance(3) ? key : printText(key, style.plain());

function printNumber(value: number, style: Style): string {
  const text = String(value);
  if (!Number.isSafeInteger(value) || !style.chance(8)) return text;
  return `${value} + 1 - 1`;
}

/** Text between quotes; some characters by their numbers. */
export function printText(text: string, style: Style): string {
  const escaped = text.replaceAll(/[$%](?=\{)|[\\"\n\r\t\p{L}\p{Cc}]/gu, (letter) => {
    if (letter === "$" || letter === "%") return letter + letter;
    if (style.chance(30)) return byNumber(letter);
    return named[letter] ?? letter;
  });
  return `"${escaped}"`;
}

const named: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

const byNumber = (letter: string): string => {
  const code = letter.codePointAt(0) ?? 0;
  return code > 0xffff
    ? `\\U${code.toString(16).padStart(8, "0")}`
    : `\\u${code.toString(16).padStart(4, "0")}`;
};

/** `${` and `%{` as plain characters. */
const escapeMarks = (text: string): string => text.replaceAll(/[$%](?=\{)/g, "$&$&");

export const isBareName = (text: string): boolean =>
  /^[\p{ID_Start}_][\p{ID_Continue}-]*$/u.test(text);
