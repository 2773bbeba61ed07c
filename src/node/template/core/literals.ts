import { PlacedFault } from "./faults.ts";
import type { Token } from "./lex.ts";
import type { Value } from "./value.ts";

const simpleEscapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};
const longestNumber = 400;
const largestWhole = 2n ** 63n - 1n;

/** What a quoted word means; `quote` is the one character that may be escaped besides the usual. */
export function unquote(token: Token, quote: '"' | "'"): string {
  const inner = token.text.slice(1, -1);
  if (!inner.includes("\\")) return inner;
  const bad = (): PlacedFault => new PlacedFault(`invalid escape in ${token.text}`, token.at);
  return readEscapes(inner, quote, bad);
}

function readEscapes(inner: string, quote: string, bad: () => PlacedFault): string {
  const escape =
    /\\(?:x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))|\\$/g;
  let bytes: number[] = [];
  let out = "";
  let done = 0;
  const flush = (): void => {
    if (bytes.length > 0) out += decodeUtf8(bytes);
    bytes = [];
  };
  for (const match of inner.matchAll(escape)) {
    const [whole, hex, octal, short, long, simple] = match;
    if (match.index > done) flush();
    out += inner.slice(done, match.index);
    done = match.index + whole.length;
    const byte = hex === undefined ? octal && Number.parseInt(octal, 8) : Number.parseInt(hex, 16);
    if (typeof byte === "number") {
      if (byte > 255) throw bad();
      bytes.push(byte);
      continue;
    }
    flush();
    const point = short ?? long;
    out += point === undefined ? simpleEscape(simple, quote, bad) : codePoint(point, bad);
  }
  flush();
  return out + inner.slice(done);
}

function simpleEscape(letter: string | undefined, quote: string, bad: () => PlacedFault): string {
  if (letter === quote) return quote;
  const known = letter === undefined ? undefined : simpleEscapes[letter];
  if (known === undefined) throw bad();
  return known;
}

function codePoint(digits: string, bad: () => PlacedFault): string {
  const code = Number.parseInt(digits, 16);
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) throw bad();
  return String.fromCodePoint(code);
}

/** Texts here are characters, not bytes: bytes that are no UTF-8 become the replacement character. */
const decodeUtf8 = (bytes: readonly number[]): string =>
  new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes));

/** A character constant is its code point. */
export function readCharacter(token: Token): bigint {
  const characters = Array.from(unquote(token, "'"));
  const [only] = characters;
  if (only === undefined || characters.length !== 1)
    throw new PlacedFault(`malformed character constant: ${token.text}`, token.at);
  return BigInt(only.codePointAt(0) ?? 0);
}

export function readNumber(token: Token): Value {
  if (token.text.length > longestNumber)
    throw new PlacedFault(`bad number syntax: ${token.text.slice(0, 20)}...`, token.at);
  const isBadOctal = /^[+-]?0[0-9]+$/.test(token.text);
  const value = parseWhole(token.text) ?? (isBadOctal ? undefined : parseDecimal(token.text));
  if (value === undefined || value === Infinity || value === -Infinity)
    throw new PlacedFault(
      /^[+-]?[0-9.]+i$/.test(token.text)
        ? `not supported: complex number ${token.text}`
        : `bad number syntax: ${JSON.stringify(token.text)}`,
      token.at,
    );
  if (typeof value === "bigint" && (value > largestWhole || value < -largestWhole - 1n))
    throw new PlacedFault(`integer overflow: ${token.text}`, token.at);
  return value;
}

/** `12`, `0x1f`, `0b11`, `0o17`, `017`, each with `_` between digits; undefined for anything else. */
export function parseWhole(text: string): bigint | undefined {
  const match = /^([+-]?)(0[xX]|0[bB]|0[oO]|0(?=[0-7_]))?([0-9a-fA-F_]+)$/.exec(text);
  const [, sign, prefix = "", digits = ""] = match ?? [];
  if (match === null || !hasGoodUnderscores(digits, prefix !== "")) return undefined;
  const plain = digits.replaceAll("_", "");
  const base = { x: "x", b: "b", o: "o", "0": "o" }[prefix.toLowerCase().at(-1) ?? ""];
  const allowed = base === "x" ? /^[0-9a-fA-F]+$/ : base === "b" ? /^[01]+$/ : /^[0-7]+$/;
  if (!(base === undefined ? /^(?:0|[1-9][0-9]*)$/ : allowed).test(plain)) return undefined;
  const magnitude = BigInt(base === undefined ? plain : `0${base}${plain}`);
  return sign === "-" ? -magnitude : magnitude;
}

const hasGoodUnderscores = (digits: string, hasPrefix: boolean): boolean =>
  !digits.includes("__") && !digits.endsWith("_") && (hasPrefix || !digits.startsWith("_"));

/** A decimal fraction or one with an exponent; also `Inf` and `NaN`, as text of users may have them. */
export function parseDecimal(text: string): number | undefined {
  const plain = text.replaceAll(/(?<=[0-9])_(?=[0-9])/g, "");
  if (/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(plain)) return Number(plain);
  const hexadecimal = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?[0-9]+)$/.exec(plain);
  if (hexadecimal === null) return undefined;
  const [, sign, whole = "", part = "", exponent = ""] = hexadecimal;
  if (whole + part === "") return undefined;
  const magnitude = Number.parseInt(whole + part, 16) * 2 ** (Number(exponent) - 4 * part.length);
  return sign === "-" ? -magnitude : magnitude;
}
