import { formatBigFloat } from "../core/hcl/big-float.ts";
import { CallFault } from "../core/hcl/scope-types.ts";
import type { LanguageFunction } from "../core/hcl/scope-types.ts";
import { convertValue, textValue } from "../core/hcl/value.ts";
import type { TypeSpec, Value } from "../core/hcl/value-types.ts";
import { languageJson } from "./encoding.ts";
import { numberOf, textOf } from "./arguments.ts";

const string: TypeSpec = { kind: "string" };
const widest = 1000;

export const formatFunctions: Readonly<Record<string, LanguageFunction>> = {
  format: {
    params: [string],
    rest: { kind: "nullable" },
    call: ([pattern, ...args]) => textValue(formatText(textOf(pattern), args)),
  },
  formatlist: {
    params: [string],
    rest: { kind: "any" },
    call: ([pattern, ...args]) => {
      const lists = args.map((arg) => ("items" in arg ? arg.items : undefined));
      const lengths = new Set(
        lists.filter((list) => list !== undefined).map((list) => list.length),
      );
      if (lengths.size > 1) throw new CallFault("the lists differ in length");
      const [length = args.length === 0 ? 0 : 1] = lengths;
      const items = Array.from({ length }, (_, at) =>
        formatText(
          textOf(pattern),
          args.map((arg, column) => lists[column]?.[at] ?? arg),
        ),
      );
      return { type: "list", items: items.map(textValue) };
    },
  },
};

const verb = /%(?:%|([-+ #0]*)(\d+)?(?:\.(\d+))?(?:\[(\d+)\])?(.))/gsu;

function formatText(pattern: string, args: readonly Value[]): string {
  let next = 0;
  const out = pattern.replace(verb, (all: string, ...found: (string | undefined)[]) => {
    if (all === "%%") return "%";
    const [flags = "", width = "0", precision, position, letter = ""] = found;
    if (position !== undefined) next = Number(position) - 1;
    const arg = args[next];
    next += 1;
    if (arg === undefined) throw new CallFault(`not enough arguments for ${all}`, 0);
    if (Number(width) > widest || Number(precision ?? 0) > widest)
      throw new CallFault(`${all} is too wide`, 0);
    const text = formatOne(letter, arg, { flags, precision, at: next });
    return padded(text, Number(width), flags, letter);
  });
  if (next < args.length) throw new CallFault(`too many arguments; only ${next} used`, next + 1);
  return out;
}

function padded(text: string, width: number, flags: string, letter: string): string {
  if (flags.includes("-")) return text.padEnd(width);
  if (!flags.includes("0") || "sqv".includes(letter)) return text.padStart(width);
  const sign = /^[-+]/.exec(text)?.[0] ?? "";
  return sign + text.slice(sign.length).padStart(width - sign.length, "0");
}

interface Detail {
  readonly flags: string;
  readonly precision: string | undefined;
  readonly at: number;
}

function formatOne(letter: string, arg: Value, detail: Detail): string {
  if (letter === "v" && detail.flags.includes("#")) return languageJson(arg);
  if (letter === "s" || letter === "v") return plainText(arg, letter, detail);
  if (letter === "q") return JSON.stringify(plainText(arg, "s", detail));
  if (letter === "t") {
    const bool = convertValue(arg, { kind: "bool" });
    if (bool?.type === "bool") return String(bool.is);
    throw new CallFault("a bool is required", detail.at);
  }
  const number = convertValue(arg, { kind: "number" });
  const value = numberOf(number, detail.at);
  const sign = value < 0 ? "-" : detail.flags.includes("+") ? "+" : "";
  const size = Math.abs(value);
  const digits = Number(detail.precision ?? 6);
  const bases: Readonly<Record<string, number>> = { d: 10, b: 2, o: 8, x: 16, X: 16 };
  const base = bases[letter];
  if (base !== undefined) {
    const text = base === 10 && number?.type === "number" ? formatBigFloat(number.number) : "";
    const whole = /^-?\d+$/.test(text) ? text.replace("-", "") : Math.trunc(size).toString(base);
    return sign + (letter === "X" ? whole.toUpperCase() : whole);
  }
  if (letter === "f") return sign + size.toFixed(Math.min(100, digits));
  if (letter === "e") return sign + size.toExponential(digits).replace(/e([+-])(\d)$/, "e$10$2");
  if (letter === "g") return sign + String(size);
  throw new CallFault(`%${letter} is no known verb`, 0);
}

function plainText(arg: Value, letter: string, { precision, at }: Detail): string {
  const text = arg.type === "null" ? undefined : convertValue(arg, { kind: "string" });
  const full = text?.type === "string" ? text.text : letter === "v" ? languageJson(arg) : undefined;
  if (full === undefined) throw new CallFault("a text is required", at);
  return precision === undefined ? full : Array.from(full).slice(0, Number(precision)).join("");
}
