import { isWhole, isNegative } from "../core/hcl/big-float.ts";
import type { BigFloat } from "../core/hcl/big-float.ts";
import { sizeOf } from "../core/hcl/limits.ts";
import { CallFault } from "../core/hcl/scope-types.ts";
import type { LanguageFunction } from "../core/hcl/scope-types.ts";
import { graphemeCount, graphemesOf } from "../../lib/graphemes.ts";
import { textType } from "../core/hcl/types.ts";
import { convertValue, listValue, textValue } from "../core/hcl/value.ts";
import type { TypeSpec, Value } from "../core/hcl/value-types.ts";
import { languageJson } from "./encoding.ts";
import { graphemeUnits, step } from "./work.ts";
import { textOf } from "./arguments.ts";
import { exponentText, fixedText, generalText } from "./number-text.ts";

const string: TypeSpec = { kind: "string" };
const widest = 1000;
const largest = 8_000_000;

export const formatFunctions: Readonly<Record<string, LanguageFunction>> = {
  format: {
    params: [string],
    rest: { kind: "nullable" },
    work: formatUnits,
    call: ([pattern, ...args]) => textValue(formatText(textOf(pattern), args)),
  },
  formatlist: {
    params: [string],
    rest: { kind: "nullable" },
    work: formatUnits,
    call: ([pattern, ...args]) => {
      const lists = args.map((arg) => ("items" in arg ? arg.items : undefined));
      const lengths = new Set(
        lists.filter((list) => list !== undefined).map((list) => list.length),
      );
      const [first] = lengths;
      if (lengths.size > 1)
        throw new CallFault(
          "the lists differ in length",
          lists.findIndex((list) => list !== undefined && list.length !== first) + 1,
        );
      const length = first ?? 1;
      if (length * textOf(pattern).length > largest)
        throw new CallFault("the texts grow larger than is allowed");
      let size = 0;
      const items = Array.from({ length }, (_, at) => {
        const row = args.map((arg, column) => lists[column]?.[at] ?? arg);
        const text = formatText(textOf(pattern), row);
        size += text.length;
        if (size > largest) throw new CallFault("the texts grow larger than is allowed");
        return text;
      });
      return listValue(items.map(textValue), textType);
    },
  },
};

/** Every verb is found by a pattern, its argument converted and its text measured as people see it. */
function formatUnits([pattern, ...args]: readonly Value[]): number {
  let [rows, cells] = [1, 0];
  for (const arg of args) {
    const items = "items" in arg ? arg.items : [arg];
    rows = Math.max(rows, items.length);
    // Numbers far off from those that people write have thousands of digits.
    cells += 2 * step * items.length + graphemeUnits(items) + 2 * sizeOf(arg);
  }
  return cells + rows * (step + 2 * textOf(pattern).length);
}

/** Flags, width, precision, an index right before the letter, and the letter. */
const verb = /%(?:%|([-+ #0]*)(\d+)?(?:\.(\d+))?(?:\[(\d+)\])?(\p{L})|)/gu;

function formatText(pattern: string, args: readonly Value[]): string {
  let next = 0;
  let highest = 0;
  let size = 0;
  const out = pattern.replace(verb, (all: string, ...found: (string | undefined)[]) => {
    if (all === "%%") return "%";
    const [flags = "", width, precision, position, letter] = found;
    if (letter === undefined) throw new CallFault("a % that is no verb is written %%", 0);
    if (Number(width ?? 0) > widest || Number(precision ?? 0) > widest)
      throw new CallFault(`${all} is too wide`, 0);
    if (position !== undefined) next = Number(position) - 1;
    const arg = args[next];
    if (arg === undefined) throw new CallFault(`not enough arguments for ${all}`, 0);
    next += 1;
    highest = Math.max(highest, next);
    const spec = { all, flags, width: Number(width ?? 0), letter, at: next };
    const text = formatOne(
      precision === undefined ? spec : { ...spec, precision: Number(precision) },
      arg,
    );
    size += text.length;
    if (size > largest) throw new CallFault("the text grows larger than is allowed");
    return text;
  });
  if (highest < args.length)
    throw new CallFault(`too many arguments; the format uses only ${highest}`, highest + 1);
  return out;
}

interface Verb {
  readonly all: string;
  readonly flags: string;
  readonly width: number;
  readonly precision?: number;
  readonly letter: string;
  /** The argument, for faults. */
  readonly at: number;
}

function formatOne(spec: Verb, arg: Value): string {
  const { letter, at } = spec;
  if (letter === "v") return padded(plainText(spec, arg), spec);
  if (arg.type === "null") throw new CallFault(`null cannot be written with ${spec.all}`, at);
  switch (letter) {
    case "t": {
      const bool = convertValue(arg, { kind: "bool" });
      if (bool?.type === "bool") return String(bool.is);
      throw new CallFault(`${spec.all} needs a bool`, at);
    }
    case "s":
      return padded(cut(spec, arg), spec);
    case "q":
      return padded(languageJson(textValue(cut(spec, arg))), spec);
    case "b":
    case "d":
    case "o":
    case "x":
    case "X":
      return wholeText(spec, numeric(spec, arg));
    case "e":
    case "E":
    case "f":
    case "g":
    case "G":
      return floatText(spec, numeric(spec, arg));
    default:
      throw new CallFault(`${spec.all} is no known verb`, 0);
  }
}

function plainText({ flags }: Verb, arg: Value): string {
  if (flags.includes("#")) return languageJson(arg);
  if (arg.type === "string") return arg.text;
  if (arg.type !== "number" || arg.number.infinite !== 0) return languageJson(arg);
  return (isNegative(arg.number) ? "-" : "") + generalText(arg.number, undefined);
}

function cut({ all, precision = 0, at }: Verb, arg: Value): string {
  const text = convertValue(arg, { kind: "string" });
  if (text?.type !== "string") throw new CallFault(`${all} needs a text`, at);
  return precision === 0 ? text.text : graphemesOf(text.text).slice(0, precision).join("");
}

/** To the width in characters as people see them. */
function padded(text: string, { flags, width }: Verb): string {
  const missing = width - graphemeCount(text);
  if (missing <= 0) return text;
  const pad = (flags.includes("0") ? "0" : " ").repeat(missing);
  return flags.includes("-") ? text + pad : pad + text;
}

function numeric({ all, at }: Verb, arg: Value): BigFloat {
  const number = convertValue(arg, { kind: "number" });
  if (number?.type === "number") return number.number;
  throw new CallFault(`${all} needs a number`, at);
}

const bases: Readonly<Record<string, readonly [base: number, prefix: string]>> = {
  b: [2, "0b"],
  d: [10, ""],
  o: [8, "0"],
  x: [16, "0x"],
  X: [16, "0X"],
};

function wholeText(spec: Verb, number: BigFloat): string {
  if (!isWhole(number)) throw new CallFault(`${spec.all} needs a whole number`, spec.at);
  const whole = number.mantissa << BigInt(number.exponent);
  const size = whole < 0n ? -whole : whole;
  const [base, prefix] = bases[spec.letter] ?? [10, ""];
  const digits = size.toString(base).padStart(spec.precision ?? 0, "0");
  const shown = spec.letter === "X" ? digits.toUpperCase() : digits;
  const start = signText(spec, whole < 0n) + (spec.flags.includes("#") ? prefix : "");
  return numberPadded(spec, start, shown, spec.precision === undefined);
}

function floatText(spec: Verb, number: BigFloat): string {
  const start = signText(spec, isNegative(number));
  const { letter, precision } = spec;
  if (number.infinite !== 0)
    return numberPadded(spec, start === "" || start === " " ? "+" : start, "Inf", false);
  const small = letter.toLowerCase();
  const text =
    small === "f"
      ? fixedText(number, precision ?? 6)
      : small === "e"
        ? exponentText(number, precision ?? 6)
        : generalText(number, precision);
  return numberPadded(spec, start, letter === small ? text : text.toUpperCase(), true);
}

function signText({ flags }: Verb, isNegative: boolean): string {
  if (isNegative) return "-";
  return flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
}

/** Zeros go between the sign and the digits. */
function numberPadded(spec: Verb, start: string, text: string, mayZero: boolean): string {
  const missing = Math.max(0, spec.width - start.length - text.length);
  if (spec.flags.includes("-")) return start + text + " ".repeat(missing);
  if (mayZero && spec.flags.includes("0")) return start + "0".repeat(missing) + text;
  return " ".repeat(missing) + start + text;
}
