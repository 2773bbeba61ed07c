import type { Budget } from "./budget.ts";
import { formatFloat } from "./float-text.ts";
import { quote } from "./quote.ts";
import { Dictionary, isList, sortedKeys, Structure, typeName } from "./value.ts";
import type { Value } from "./value.ts";

/** One verb of a format with what stands between the percent sign and it. */
export interface Verb {
  readonly letter: string;
  readonly width: number | undefined;
  readonly precision: number | undefined;
  readonly minus: boolean;
  readonly plus: boolean;
  readonly sharp: boolean;
  readonly space: boolean;
  readonly zero: boolean;
  /** `%+v`: fields with their names. */
  readonly named: boolean;
  /** `%#v`: as the language would write it. */
  readonly source: boolean;
}

export const plainVerb: Verb = {
  letter: "v",
  width: undefined,
  precision: undefined,
  minus: false,
  plus: false,
  sharp: false,
  space: false,
  zero: false,
  named: false,
  source: false,
};

const stepsPerValue = 3;
/** Digits beyond the shortest ones are worked out exactly. */
const stepsPerExactNumber = 60;

/** Prints one value as a verb asks for, nested ones with the same verb. */
export function formatValue(value: Value, verb: Verb, budget: Budget, depth = 0): string {
  budget.spend(stepsPerValue);
  if (verb.letter === "T" && depth === 0) return pad(typeName(value), verb, budget);
  if (value === undefined)
    return verb.letter === "v"
      ? pad("<nil>", verb, budget)
      : depth > 0
        ? "<nil>"
        : badVerb(value, verb, budget);
  if (typeof value === "boolean")
    return isOneOf(verb, "tv") ? pad(String(value), verb, budget) : badVerb(value, verb, budget);
  if (typeof value === "string") return formatText(value, verb, budget);
  if (typeof value === "bigint") return formatWhole(value, verb, budget);
  if (typeof value === "number") return formatDouble(value, verb, budget);
  if (value instanceof Structure && value.text !== undefined && isOneOf(verb, "vsxXq"))
    if (!verb.source) return formatText(value.text, verb, budget);
  budget.enter();
  const text = formatNested(value, (inner) => formatValue(inner, verb, budget, depth + 1), verb);
  budget.leave();
  // Each level copies what is within it.
  budget.produce(text.length);
  return text;
}

/** `%!d(string=hi)`: the verb does not fit the value. */
function badVerb(value: Value, verb: Verb, budget: Budget): string {
  if (value === undefined) return `%!${verb.letter}(<nil>)`;
  return `%!${verb.letter}(${typeName(value)}=${formatValue(value, { ...verb, letter: "v" }, budget)})`;
}

/** Fills up to the width, on the left with zeros where asked for. */
function pad(text: string, verb: Verb, budget: Budget): string {
  const missing = verb.width === undefined ? 0 : verb.width - Array.from(text).length;
  budget.produce(text.length + Math.max(missing, 0));
  if (missing <= 0) return text;
  if (verb.minus) return text + " ".repeat(missing);
  return (verb.zero ? "0" : " ").repeat(missing) + text;
}

function formatNested(
  value: readonly Value[] | Dictionary | Structure,
  inner: (value: Value) => string,
  verb: Verb,
): string {
  const isSource = verb.source;
  if (isList(value))
    return isSource
      ? `[]interface {}{${value.map(inner).join(", ")}}`
      : `[${value.map(inner).join(" ")}]`;
  if (value instanceof Dictionary) {
    const entries = sortedKeys(value).map(
      (key) => `${inner(key)}:${inner(value.entries.get(key))}`,
    );
    return isSource
      ? `map[string]interface {}{${entries.join(", ")}}`
      : `map[${entries.join(" ")}]`;
  }
  const isNamed = verb.named || isSource;
  const fields = [...value.fields].map(
    ([name, field]) => (isNamed ? `${name}:` : "") + inner(field),
  );
  return isSource ? `${value.type}{${fields.join(", ")}}` : `{${fields.join(" ")}}`;
}

const isOneOf = (verb: Verb, letters: string): boolean => letters.includes(verb.letter);

function formatText(text: string, verb: Verb, budget: Budget): string {
  if (isOneOf(verb, "qxX") || verb.precision !== undefined) budget.scan(text.length);
  else budget.read(text.length);
  const cut =
    verb.precision === undefined ? text : Array.from(text).slice(0, verb.precision).join("");
  switch (verb.letter) {
    case "v":
      return pad(verb.source ? quote(text) : cut, verb, budget);
    case "s":
      return pad(cut, verb, budget);
    case "q": {
      const isRaw = verb.sharp && !/[`\p{Cc}\ufeff]/u.test(cut.replaceAll("\t", ""));
      return pad(isRaw ? `\`${cut}\`` : quote(cut, '"', verb.plus), verb, budget);
    }
    case "x":
    case "X":
      return pad(hexadecimal(text, verb), verb, budget);
    default:
      return badVerb(text, verb, budget);
  }
}

/** The bytes of a text, two digits each. */
function hexadecimal(text: string, { letter, precision, space, sharp }: Verb): string {
  const bytes = [...new TextEncoder().encode(text)].slice(0, precision);
  const digits = bytes.map((byte) => byte.toString(16).padStart(2, "0"));
  const prefix = sharp ? "0x" : "";
  const joined = space
    ? digits.map((pair) => prefix + pair).join(" ")
    : digits.length > 0
      ? prefix + digits.join("")
      : "";
  return letter === "X" ? joined.toUpperCase() : joined;
}

const bases: Readonly<Record<string, readonly [base: number, prefix: string]>> = {
  d: [10, ""],
  v: [10, ""],
  b: [2, "0b"],
  o: [8, "0"],
  O: [8, "0o"],
  x: [16, "0x"],
  X: [16, "0X"],
};

function formatWhole(value: bigint, verb: Verb, budget: Budget): string {
  const base = bases[verb.letter];
  if (base !== undefined) return formatDigits(value, verb, { base, budget });
  const character = isCharacter(value) ? String.fromCodePoint(Number(value)) : "\ufffd";
  switch (verb.letter) {
    case "c":
      return pad(character, verb, budget);
    case "q":
      return pad(quote(character, "'", verb.plus), verb, budget);
    case "U": {
      const digits = BigInt.asUintN(64, value).toString(16).toUpperCase().padStart(4, "0");
      return pad(
        `U+${digits}${verb.sharp ? ` '${character}'` : ""}`,
        { ...verb, zero: false },
        budget,
      );
    }
    default:
      return badVerb(value, verb, budget);
  }
}

const isCharacter = (value: bigint): boolean =>
  value >= 0n && value <= 0x10ffffn && (value < 0xd800n || value > 0xdfffn);

function formatDigits(
  value: bigint,
  verb: Verb,
  {
    base: [base, prefix],
    budget,
  }: { readonly base: readonly [number, string]; readonly budget: Budget },
): string {
  const { precision, width = 0, letter } = verb;
  const sign = value < 0n ? "-" : verb.plus ? "+" : verb.space ? " " : "";
  const isPrefixed = letter === "O" || (verb.sharp && letter !== "v" && letter !== "d");
  const lead = sign + (isPrefixed ? prefix : "");
  const magnitude = (value < 0n ? -value : value).toString(base);
  const digits = letter === "X" ? magnitude.toUpperCase() : magnitude;
  if (precision === 0 && value === 0n) return pad("", { ...verb, zero: false }, budget);
  // Zeros that fill the width stand behind the sign, and count the prefix as if it were not there.
  const isFilled = verb.zero && !verb.minus && precision === undefined;
  const length = isFilled ? width - sign.length : (precision ?? 0);
  budget.produce(Math.max(length, 0));
  return pad(lead + digits.padStart(length, "0"), { ...verb, zero: false }, budget);
}

function formatDouble(value: number, verb: Verb, budget: Budget): string {
  const letter = verb.letter === "v" ? "g" : verb.letter.toLowerCase();
  if (letter !== "e" && letter !== "f" && letter !== "g") return badVerb(value, verb, budget);
  if (verb.letter === "V") return badVerb(value, verb, budget);
  const precision = verb.precision ?? (letter === "g" ? undefined : 6);
  budget.spend(precision === undefined ? stepsPerValue : stepsPerExactNumber + precision / 4);
  budget.produce(precision ?? 0);
  const plain = formatFloat(value, letter, precision);
  const isFinite = Number.isFinite(value);
  const unsigned = plain.replace(/^[+-]/, "");
  const isNegative = plain.startsWith("-");
  const sign = isNegative ? "-" : verb.plus ? "+" : verb.space ? " " : "";
  const shown = verb.letter === "E" || verb.letter === "G" ? unsigned.toUpperCase() : unsigned;
  const lead = !isFinite && plain.startsWith("+") && sign === "" ? "+" : sign;
  const isFilled = verb.zero && !verb.minus && isFinite;
  const width = isFilled ? (verb.width ?? 0) - lead.length : 0;
  budget.produce(Math.max(width, 0));
  return pad(lead + shown.padStart(width, "0"), { ...verb, zero: false }, budget);
}
