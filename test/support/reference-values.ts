import { assertNever } from "../../src/lib/errors.ts";
import { numberText, order, readNumber } from "./reference-number.ts";
import type { RefNumber } from "./reference-number.ts";

/**
 * Values as the test's own evaluator has them; `unknown` is what a loop's name has before there is an element. Null by
 * itself is of no type, and other nulls say which one they lack a value of.
 */
export type Ref =
  | null
  | { readonly nullOf: Type }
  | boolean
  | string
  | typeof unknown
  | { readonly number: RefNumber }
  | { readonly kind: "tuple"; readonly items: readonly Ref[] }
  | { readonly kind: "list" | "set"; readonly items: readonly Ref[]; readonly of: Type }
  | { readonly kind: "object"; readonly entries: ReadonlyMap<string, Ref> }
  | { readonly kind: "map"; readonly entries: ReadonlyMap<string, Ref>; readonly of: Type };
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

export const isNull = (value: Ref): value is null | { readonly nullOf: Type } =>
  value === null || (typeof value === "object" && "nullOf" in value);
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

/** Nulls are equal to each other; all else is equal when its type is and then its content. */
export function equal(a: Ref, b: Ref): boolean {
  if (isNull(a) || isNull(b)) return isNull(a) && isNull(b);
  return typeText(typeOf(a)) === typeText(typeOf(b)) && sameContent(a, b);
}

function sameContent(a: Ref, b: Ref): boolean {
  if (isNull(a) || isNull(b)) return isNull(a) && isNull(b);
  if (isNumber(a) && isNumber(b)) return order(a.number, b.number) === 0;
  if (isSequence(a) && isSequence(b))
    return (
      a.items.length === b.items.length &&
      a.items.every((item, at) => sameContent(item, b.items[at] ?? null))
    );
  if (isMapping(a) && isMapping(b))
    return (
      a.entries.size === b.entries.size &&
      [...a.entries].every(
        ([key, item]) => b.entries.has(key) && sameContent(item, b.entries.get(key) ?? null),
      )
    );
  return a === b;
}

/** The value in another type; throws when it does not fit. */
export function converted(value: Ref, type: Type): Ref {
  if (value === unknown || type === "any") return value;
  if (!fits(typeOf(value), type)) throw new Wrong(`does not fit ${typeText(type)}`);
  if (isNull(value)) return { nullOf: type };
  if (typeof type === "string") return simple(value, type);
  switch (type.kind) {
    case "list":
    case "set": {
      const { items, of } = alike(value, isSequence(value) ? value.items : [], type.of);
      return type.kind === "set" ? setOf(items, of) : { kind: "list", items, of };
    }
    case "tuple":
      return tuple(
        isSequence(value)
          ? value.items.map((item, at) => converted(item, type.items[at] ?? "any"))
          : [],
      );
    case "map": {
      const before = isMapping(value) ? value.entries : new Map<string, Ref>();
      const { items, of } = alike(value, [...before.values()], type.of);
      const entries = new Map(
        [...before.keys()].map((key, at): [string, Ref] => [key, items[at] ?? null]),
      );
      return { kind: "map", entries, of };
    }
    case "object":
      return {
        kind: "object",
        entries: new Map(
          [...type.of].map(([key, of]) => {
            const item = isMapping(value) ? value.entries.get(key) : undefined;
            if (item === undefined) throw new Wrong(`there is no ${key}`);
            return [key, converted(item, of)];
          }),
        ),
      };
    default:
      return assertNever(type);
  }
}

/** Elements of one type: of the one that is asked for, or of whatever they come to by themselves. */
function alike(
  from: Ref,
  items: readonly Ref[],
  asked: Type,
): { readonly items: readonly Ref[]; readonly of: Type } {
  if (asked !== "any") return { items: items.map((item) => converted(item, asked)), of: asked };
  const own = typeOf(from);
  if (typeof own !== "string" && own.kind !== "tuple" && own.kind !== "object")
    return { items, of: parts(own)[0] ?? "any" };
  if (items.length === 0) return { items, of: "any" };
  const of = common(items.map(typeOf));
  const made = items.map((item) => converted(item, of));
  const types = new Set(made.map((item) => typeText(typeOf(item))));
  if (types.size > 1) throw new Wrong("not one type");
  return { items: made, of: of === "any" ? typeOf(made[0] ?? null) : of };
}

/** Whether there is any way from the one type to the other. */
function fits(from: Type, to: Type): boolean {
  if (from === "any" || to === "any" || typeText(from) === typeText(to)) return true;
  if (typeof to === "string")
    return typeof from === "string" && (from === "string" || to === "string");
  if (typeof from === "string") return false;
  const inner = parts(from);
  switch (to.kind) {
    case "list":
    case "set":
      return ["list", "set", "tuple"].includes(from.kind) && inner.every((of) => fits(of, to.of));
    case "map":
      return ["map", "object"].includes(from.kind) && inner.every((of) => fits(of, to.of));
    case "tuple":
      return (
        from.kind === "tuple" &&
        inner.length === to.items.length &&
        inner.every((of, at) => fits(of, to.items[at] ?? "any"))
      );
    case "object":
      if (from.kind === "map") return [...to.of.values()].every((of) => fits(from.of, of));
      return (
        from.kind === "object" &&
        [...to.of].every(([key, of]) => from.of.has(key) && fits(from.of.get(key) ?? "any", of))
      );
    default:
      return assertNever(to);
  }
}

function simple(value: Ref, type: "string" | "number" | "bool"): Ref {
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

export function setOf(items: readonly Ref[], of: Type): Ref {
  const kept: Ref[] = [];
  for (const item of items) if (!kept.some((other) => equal(other, item))) kept.push(item);
  if (kept.length > 1 && kept.some((item) => isNull(item) || isSequence(item) || isMapping(item)))
    throw new LeftOpen("the order of such a set");
  kept.sort((a, b) => {
    if (typeof a === "string" && typeof b === "string") return compareTexts(a, b);
    if (isNumber(a) && isNumber(b)) return order(a.number, b.number);
    return Number(a === true) - Number(b === true);
  });
  return { kind: "set", items: kept, of };
}

export function typeOf(value: Ref): Type {
  if (value === null || value === unknown) return "any";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (isNumber(value)) return "number";
  if ("nullOf" in value) return value.nullOf;
  if (value.kind === "tuple") return { kind: "tuple", items: value.items.map(typeOf) };
  if (value.kind !== "object") return { kind: value.kind, of: value.of };
  return {
    kind: "object",
    of: new Map([...value.entries].map(([key, item]) => [key, typeOf(item)])),
  };
}

/** A type as text, which is the same for the same types. */
export function typeText(type: Type): string {
  if (typeof type === "string") return type;
  if (type.kind === "tuple") return `tuple(${type.items.map(typeText).join(" ")})`;
  if (type.kind !== "object") return `${type.kind}(${typeText(type.of)})`;
  const lines = [...type.of].map(([key, of]) => `${JSON.stringify(key)}=${typeText(of)}`);
  return `object(${lines.toSorted().join(" ")})`;
}

/** The type that all can be brought to; throws when there is none. */
export function common(types: readonly Type[]): Type {
  const found = unified(types);
  if (found === undefined) throw new Wrong("no common type");
  return found;
}

type Built = Exclude<Type, string>;
export const kindOf = (type: Type): string => (typeof type === "string" ? type : type.kind);
const parts = (type: Built): readonly Type[] =>
  type.kind === "tuple" ? type.items : type.kind === "object" ? [...type.of.values()] : [type.of];

/** The steps that the type system takes, one after the other, without any short cut. */
function unified(types: readonly Type[]): Type | undefined {
  const [first] = types;
  if (first === undefined) return undefined;
  if (types.every((type) => typeText(type) === typeText(first))) return first;
  const has = (kind: string): boolean => types.some((type) => kindOf(type) === kind);
  const only = (...kinds: readonly string[]): boolean =>
    types.every((type) => kinds.includes(kindOf(type)));
  const built = types.filter((type) => typeof type !== "string");
  for (const kind of ["map", "list", "set"] as const) {
    if (!has(kind)) continue;
    if (only(kind)) {
      const of = unified(built.flatMap(parts));
      return of && { kind, of };
    }
    if (only(kind, "any")) return "any";
    const loose = kind === "map" ? "object" : "tuple";
    if (kind === "set" || !only(kind, loose, "any")) continue;
    const of = unified(built.filter((type) => type.kind === loose).flatMap(parts));
    const replaced = types.map((type): Type | undefined =>
      kindOf(type) === loose ? of && { kind, of } : type,
    );
    const all = of && unified(replaced.filter((type) => type !== undefined));
    if (all !== undefined && kindOf(all) === kind) return all;
  }
  for (const kind of ["object", "tuple"]) {
    if (!has(kind) || !only(kind, "any")) continue;
    return has("any") ? "any" : kind === "object" ? oneObject(built) : oneTuple(built);
  }
  if (has("object") && has("tuple")) return undefined;
  return ranked(types).find((wanted) => types.every((type) => fits(type, wanted)));
}

function oneObject(types: readonly Built[]): Type | undefined {
  const shapes = types.map((type) => (type.kind === "object" ? [...type.of.keys()] : []));
  const keys = shapes[0] ?? [];
  if (new Set(shapes.map((shape) => JSON.stringify(shape.toSorted()))).size > 1) {
    const of = unified(types.flatMap(parts));
    return of && { kind: "map", of };
  }
  const of = new Map<string, Type>();
  for (const key of keys) {
    const type = unified(
      types.map((one) => (one.kind === "object" ? (one.of.get(key) ?? "any") : "any")),
    );
    if (type === undefined) return undefined;
    of.set(key, type);
  }
  return { kind: "object", of };
}

function oneTuple(types: readonly Built[]): Type | undefined {
  const rows = types.map(parts);
  if (new Set(rows.map((row) => row.length)).size > 1) {
    const of = unified(rows.flat());
    return of && { kind: "list", of };
  }
  const items: Type[] = [];
  for (const [at] of (rows[0] ?? []).entries()) {
    const type = unified(rows.map((row) => row[at] ?? "any"));
    if (type === undefined) return undefined;
    items.push(type);
  }
  return { kind: "tuple", items };
}

/** The most general first. */
function ranked(types: readonly Type[]): readonly Type[] {
  const left = [...types];
  const sorted: Type[] = [];
  while (left.length > 0) {
    const at = left.findIndex((type) => !left.some((other) => above(other, type) > 0));
    sorted.push(...left.splice(Math.max(at, 0), 1));
  }
  return sorted;
}

function above(a: Type, b: Type): number {
  if (a === "any" || b === "any") return Number(b === "any") - Number(a === "any");
  if (typeof a === "string" || typeof b === "string")
    return Number(a === "string") - Number(b === "string");
  const pair = `${a.kind} ${b.kind}`;
  if (["map object", "list tuple", "list set", "tuple set"].includes(pair)) return 1;
  if (["object map", "tuple list", "set list", "set tuple"].includes(pair)) return -1;
  if (a.kind !== b.kind || parts(a).length !== parts(b).length) return 0;
  const others =
    a.kind === "object" && b.kind === "object"
      ? [...a.of.keys()].map((key) => b.of.get(key) ?? "any")
      : parts(b);
  const signs = new Set(parts(a).map((part, at) => Math.sign(above(part, others[at] ?? "any"))));
  signs.delete(0);
  return signs.size === 1 ? ([...signs][0] ?? 0) : 0;
}
