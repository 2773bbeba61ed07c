import { assertNever } from "./errors.ts";
import { parseDuration } from "./duration.ts";

/** One option of a command. The table a command declares is also what its help prints. */
export type FlagSpec =
  | { readonly kind: "bool"; readonly default: boolean; readonly help: string }
  | { readonly kind: "text"; readonly default: string; readonly help: string }
  | { readonly kind: "int"; readonly default: number; readonly help: string }
  | { readonly kind: "duration"; readonly default: number; readonly help: string }
  | { readonly kind: "list"; readonly default: readonly string[]; readonly help: string };

export interface FlagTable {
  readonly [name: string]: FlagSpec;
}
export type FlagValue = FlagSpec["default"];
export type FlagValues<T extends FlagTable> = { readonly [K in keyof T]: ValueOf<T[K]> };
type ValueOf<S extends FlagSpec> = S extends { readonly kind: "bool" }
  ? boolean
  : S extends { readonly kind: "text" }
    ? string
    : S extends { readonly kind: "int" | "duration" }
      ? number
      : readonly string[];

export const flag = {
  bool: (help: string, value = false) => ({ kind: "bool", default: value, help }) as const,
  text: (help: string, value = "") => ({ kind: "text", default: value, help }) as const,
  int: (help: string, value = 0) => ({ kind: "int", default: value, help }) as const,
  /** In nanoseconds. */
  duration: (help: string, value = 0) => ({ kind: "duration", default: value, help }) as const,
  /** May be given several times. */
  list: (help: string) => ({ kind: "list", default: [] as readonly string[], help }) as const,
};

export type ParsedFlags =
  | {
      readonly kind: "parsed";
      readonly values: { readonly [name: string]: FlagValue };
      /** Which flags were written out, whatever their value. */
      readonly given: ReadonlySet<string>;
      readonly words: readonly string[];
    }
  | { readonly kind: "help" }
  | { readonly kind: "error"; readonly message: string };

/**
 * The rules of Go's flag package: one or two dashes, `-f=v` or `-f v`, a bool never takes the next word, and the
 * first word that is no flag ends the flags. `--` ends them too and is dropped.
 */
export function parseFlags(table: FlagTable, args: readonly string[]): ParsedFlags {
  const values = Object.fromEntries(
    Object.entries(table).map(([name, spec]): [string, FlagValue] => [name, spec.default]),
  );
  const given = new Set<string>();
  let at = 0;
  for (; at < args.length; at++) {
    const word = args[at] ?? "";
    if (word.length < 2 || !word.startsWith("-")) break;
    if (word === "--") {
      at++;
      break;
    }
    const body = word.slice(word.startsWith("--") ? 2 : 1);
    if (body === "" || body.startsWith("-") || body.startsWith("="))
      return { kind: "error", message: `bad flag syntax: ${word}` };
    const equals = body.indexOf("=");
    const name = equals < 0 ? body : body.slice(0, equals);
    const written = equals < 0 ? undefined : body.slice(equals + 1);
    const spec = Object.hasOwn(table, name) ? table[name] : undefined;
    if (!spec) {
      if (name === "h" || name === "help") return { kind: "help" };
      return { kind: "error", message: `flag provided but not defined: -${name}` };
    }
    const next = written ?? (spec.kind === "bool" ? "true" : args[++at]);
    if (next === undefined) return { kind: "error", message: `flag needs an argument: -${name}` };
    const value = readValue(spec, next);
    if (value === undefined) return { kind: "error", message: badValue(spec, name, next) };
    values[name] = spec.kind === "list" && given.has(name) ? append(values[name], value) : value;
    given.add(name);
  }
  return { kind: "parsed", values, given, words: args.slice(at) };
}

function readValue(spec: FlagSpec, text: string): FlagValue | undefined {
  switch (spec.kind) {
    case "bool":
      return readBool(text);
    case "text":
      return text;
    case "int":
      return readInt(text);
    case "duration":
      return parseDuration(text);
    case "list":
      return [text];
    default:
      return assertNever(spec);
  }
}

/** The words Go's strconv.ParseBool takes. */
export function readBool(text: string): boolean | undefined {
  if (/^(?:1|t|T|TRUE|true|True)$/.test(text)) return true;
  if (/^(?:0|f|F|FALSE|false|False)$/.test(text)) return false;
  return undefined;
}

export function readInt(text: string): number | undefined {
  if (!/^[+-]?(?:0[xX][0-9a-fA-F]+|[0-9]+)$/.test(text)) return undefined;
  const digits = text.replace(/^[+-]/, "");
  const magnitude = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  return text.startsWith("-") ? -magnitude : magnitude;
}

function badValue(spec: FlagSpec, name: string, text: string): string {
  const quoted = JSON.stringify(text);
  if (spec.kind === "bool") return `invalid boolean value ${quoted} for -${name}: parse error`;
  return `invalid value ${quoted} for flag -${name}: parse error`;
}

function append(before: FlagValue | undefined, value: FlagValue): readonly string[] {
  return [
    ...(Array.isArray(before) ? before.map(String) : []),
    ...(Array.isArray(value) ? value.map(String) : []),
  ];
}

/** True when help is asked for anywhere before a `--`: even behind words that belong to another program. */
export function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  const words = end < 0 ? args : args.slice(0, end);
  return words.some((word) => word === "-h" || word === "-help" || word === "--help");
}
