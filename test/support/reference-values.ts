import { assertNever } from "../../src/lib/errors.ts";
import { numberText, order, readNumber } from "./reference-number.ts";
import type { RefNumber } from "./reference-number.ts";

/** Values as the test's own evaluator has them; `unknown` is what a loop's name has before there is an element. */
export type Ref =
  | null
  | boolean
  | string
  | typeof unknown
  | { readonly number: RefNumber }
  | { readonly kind: "tuple" | "list" | "set"; readonly items: readonly Ref[] }
  | { readonly kind: "object" | "map"; readonly entries: ReadonlyMap<string, Ref> };
export type Sequence = Extract<Ref, { readonly items: unknown }>;
export type Mapping = Extract<Ref, { readonly entries: unknown }>;
export const unknown: unique symbol = Symbol("unknown");

export type Type =
  | "any"
  | "string"
  | "number"
  | "bool"
  | { readonly kind: "list" | "set" | "map"; readonly of: Type }
  | { readonly kind: "tuple"; readonly items: readonly Type[] }
  | { readonly kind: "object"; readonly of: ReadonlyMap<string, Type> };

/** What is wrong with an expression. Which one of several things it is does not matter here. */
export class Wrong extends Error {}
/** A corner that the language leaves open, such as the order of a set of lists. */
export class LeftOpen extends Error {}

export const isNumber = (value: Ref): value is { readonly number: RefNumber } =>
  typeof value === "object" && value !== null && "number" in value;
export const isSequence = (value: Ref): value is Sequence =>
  typeof value === "object" && value !== null && "items" in value;
export const isMapping = (value: Ref): value is Mapping =>
  typeof value === "object" && value !== null && "entries" in value;

export const textOf = (text: string): string => text.normalize("NFC");
export const tuple = (items: readonly Ref[]): Ref => ({ kind: "tuple", items });

/** By code point: `[...text]` goes through these, and comparing strings would not. */
export function compareTexts(a: string, b: string): number {
  const [left, right] = [a, b]
    .map((all) => Array.from(all))
    .map((all) => all.map((one) => one.codePointAt(0) ?? 0));
  for (let at = 0; ; at += 1) {
    const [x, y] = [left?.[at], right?.[at]];
    if (x === undefined || y === undefined)
      return (x === undefined ? 0 : 1) - (y === undefined ? 0 : 1);
    if (x !== y) return x - y;
  }
}

export function equal(a: Ref, b: Ref): boolean {
  if (isNumber(a) && isNumber(b)) return order(a.number, b.number) === 0;
  if (isSequence(a) && isSequence(b))
    return (
      a.kind === b.kind &&
      a.items.length === b.items.length &&
      a.items.every((item, at) => equal(item, b.items[at] ?? null))
    );
  if (isMapping(a) && isMapping(b))
    return (
      a.kind === b.kind &&
      a.entries.size === b.entries.size &&
      [...a.entries].every(
        ([key, item]) => b.entries.has(key) && equal(item, b.entries.get(key) ?? null),
      )
    );
  return a === b;
}

/** The value in another type; throws when it does not fit. */
export function converted(value: Ref, type: Type): Ref {
  if (value === null || value === unknown || type === "any") return value;
  if (typeof type === "string") return simple(value, type);
  switch (type.kind) {
    case "list":
      if (isSequence(value))
        return { kind: "list", items: value.items.map((item) => converted(item, type.of)) };
      break;
    case "set":
      if (isSequence(value)) return setOf(value.items.map((item) => converted(item, type.of)));
      break;
    case "tuple":
      if (isSequence(value) && value.items.length === type.items.length)
        return tuple(value.items.map((item, at) => converted(item, type.items[at] ?? "any")));
      break;
    case "map":
      if (isMapping(value))
        return {
          kind: "map",
          entries: new Map(
            [...value.entries].map(([key, item]) => [key, converted(item, type.of)]),
          ),
        };
      break;
    case "object":
      if (isMapping(value) && [...type.of.keys()].every((key) => value.entries.has(key)))
        return {
          kind: "object",
          entries: new Map(
            [...type.of].map(([key, of]) => [key, converted(value.entries.get(key) ?? null, of)]),
          ),
        };
      break;
    default:
      return assertNever(type);
  }
  throw new Wrong(`does not fit ${type.kind}`);
}

function simple(value: Exclude<Ref, null>, type: "string" | "number" | "bool"): Ref {
  if (type === "string") {
    if (typeof value === "string") return value;
    if (typeof value === "boolean") return value ? "true" : "false";
    if (isNumber(value)) return numberText(value.number);
  } else if (type === "number") {
    if (isNumber(value)) return value;
    const number = typeof value === "string" ? readNumber(value) : undefined;
    if (number !== undefined) return { number };
  } else {
    if (typeof value === "boolean") return value;
    if (value === "true" || value === "1") return true;
    if (value === "false" || value === "0") return false;
  }
  throw new Wrong(`is no ${type}`);
}

export function setOf(items: readonly Ref[]): Ref {
  const kept: Ref[] = [];
  for (const item of items) if (!kept.some((other) => equal(other, item))) kept.push(item);
  if (kept.length > 1 && kept.some((item) => item === null || isSequence(item) || isMapping(item)))
    throw new LeftOpen("the order of such a set");
  kept.sort((a, b) => {
    if (typeof a === "string" && typeof b === "string") return compareTexts(a, b);
    if (isNumber(a) && isNumber(b)) return order(a.number, b.number);
    return Number(a === true) - Number(b === true);
  });
  return { kind: "set", items: kept };
}

export function typeOf(value: Ref): Type {
  if (value === null || value === unknown) return "any";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (isNumber(value)) return "number";
  if (isMapping(value)) {
    const types = [...value.entries].map(([key, item]): [string, Type] => [key, typeOf(item)]);
    if (value.kind === "object") return { kind: "object", of: new Map(types) };
    return { kind: "map", of: common(types.map(([, type]) => type)) };
  }
  const types = value.items.map(typeOf);
  return value.kind === "tuple"
    ? { kind: "tuple", items: types }
    : { kind: value.kind, of: common(types) };
}

/** The type that all can be brought to; throws when there is none. */
export function common(types: readonly Type[]): Type {
  const known = types.filter((type) => type !== "any");
  const [first] = known;
  if (first === undefined) return "any";
  if (known.every((type) => typeof type === "string")) {
    if (known.every((type) => type === first)) return first;
    if (known.includes("string")) return "string";
  }
  const built = known.filter((type) => typeof type !== "string");
  if (built.length < known.length) throw new Wrong("no common type");
  const kinds = new Set(built.map(({ kind }) => kind));
  const has = (...some: readonly string[]): boolean =>
    [...kinds].every((kind) => some.includes(kind));
  if (has("tuple") && isOneLength(built)) return { kind: "tuple", items: zipped(built.map(parts)) };
  if (has("object") && isOneShape(built)) {
    const keys = [...(built[0]?.kind === "object" ? built[0].of.keys() : [])];
    const rows = built.map((type) =>
      keys.map((key) => (type.kind === "object" ? (type.of.get(key) ?? "any") : "any")),
    );
    return { kind: "object", of: new Map(zipped(rows).map((type, at) => [keys[at] ?? "", type])) };
  }
  const of = (): Type => common(built.flatMap(parts));
  if (has("object", "map")) return { kind: "map", of: of() };
  if (has("tuple", "list", "set"))
    return { kind: kinds.has("set") && !kinds.has("list") ? "set" : "list", of: of() };
  throw new Wrong("no common type");
}

type Built = Exclude<Type, string>;
const parts = (type: Built): readonly Type[] =>
  type.kind === "tuple" ? type.items : type.kind === "object" ? [...type.of.values()] : [type.of];
const isOneLength = (types: readonly Built[]): boolean =>
  new Set(types.map((type) => parts(type).length)).size === 1;
const isOneShape = (types: readonly Built[]): boolean =>
  new Set(
    types.map((type) => JSON.stringify(type.kind === "object" ? [...type.of.keys()].sort() : [])),
  ).size === 1;
const zipped = (rows: readonly (readonly Type[])[]): readonly Type[] =>
  (rows[0] ?? []).map((_, at) => common(rows.map((row) => row[at] ?? "any")));
