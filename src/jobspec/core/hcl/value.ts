import type { Json } from "../../../lib/json.ts";
import { assertNever } from "../../../lib/errors.ts";
import {
  compare,
  equalNumbers,
  formatBigFloat,
  fromNumber,
  numberIdentity,
  parseBigFloat,
  toNumber,
} from "./big-float.ts";
import { anyType, isConvertible, isSameType, typeOf } from "./types.ts";
import { unifyTypes } from "./unify.ts";
import type { TypeSpec, Value } from "./value-types.ts";

export const nullValue: Value = { type: "null", of: anyType };
export const textValue = (text: string): Value => ({
  type: "string",
  text: text.normalize("NFC"),
});
export const boolValue = (is: boolean): Value => ({ type: "bool", is });
export const numberValue = (value: number): Value => ({
  type: "number",
  number: fromNumber(value),
});
export const listValue = (items: readonly Value[], of: TypeSpec): Value => ({
  type: "list",
  items,
  of,
});
export const mapValue = (entries: ReadonlyMap<string, Value>, of: TypeSpec): Value => ({
  type: "map",
  entries,
  of,
});
export const tupleValue = (items: readonly Value[]): Value => ({ type: "tuple", items });
export const objectValue = (entries: ReadonlyMap<string, Value>): Value => ({
  type: "object",
  entries,
});

/** Words for a value's type, as people read them in a fault. */
export function typeName(value: Value): string {
  return value.type;
}

/** Code point order, which is how maps and sets are walked. */
export function compareText(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at += 1) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left === right) continue;
    // Half a pair stands for a character beyond all that take one unit.
    if (isHalf(left) !== isHalf(right)) return isHalf(left) ? 1 : -1;
    return left - right;
  }
  return a.length - b.length;
}

const isHalf = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;

/** Key and value pairs in the order a `for` goes over them; undefined when it cannot. */
export function entriesOf(value: Value): readonly (readonly [Value, Value])[] | undefined {
  switch (value.type) {
    case "list":
    case "tuple":
      return value.items.map((item, at) => [numberValue(at), item] as const);
    case "set":
      return value.items.map((item) => [item, item] as const);
    case "map":
    case "object":
      return sortedEntries(value);
    case "null":
    case "string":
    case "bool":
    case "number":
      return undefined;
    default:
      return assertNever(value);
  }
}

type Entries = readonly (readonly [Value, Value])[];
const sorted = new WeakMap<Value, Entries>();

/** A value that is gone through often is sorted once. */
function sortedEntries(value: Extract<Value, { entries: unknown }>): Entries {
  const known = sorted.get(value);
  if (known !== undefined) return known;
  const entries = [...value.entries]
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, item]) => [textValue(key), item] as const);
  sorted.set(value, entries);
  return entries;
}

/** Null equals null whatever it is null of; apart from that, things of two types are never equal. */
export function equalValues(a: Value, b: Value): boolean {
  if (a.type === "null" || b.type === "null") return a.type === b.type;
  return isSame(a, b);
}

/** Within something else null has a part in its type. */
function isSame(a: Value, b: Value): boolean {
  if (a.type === "string") return b.type === "string" && a.text === b.text;
  if (a.type === "bool") return b.type === "bool" && a.is === b.is;
  if (a.type === "number") return b.type === "number" && equalNumbers(a.number, b.number);
  // A list and a tuple are two types, and so are a map and an object.
  if (a.type !== b.type) return false;
  if ("of" in a && !("of" in b && isSameType(a.of, b.of))) return false;
  if (a.type === "set" && b.type === "set") return identityText(a) === identityText(b);
  if ("items" in a)
    return (
      "items" in b &&
      a.items.length === b.items.length &&
      a.items.every((item, at) => isSame(item, b.items[at] ?? nullValue))
    );
  if (!("entries" in a)) return true;
  if (!("entries" in b) || a.entries.size !== b.entries.size) return false;
  for (const [key, item] of a.entries) {
    const other = b.entries.get(key);
    if (other === undefined || !isSame(item, other)) return false;
  }
  return true;
}

/** A set: without repeats, text by code point and numbers by size, other things as they came. */
export function setValue(items: readonly Value[], of: TypeSpec): Value {
  const unique: Value[] = [];
  const seen = new Set<string>();
  for (const item of items) {
    const key = identityText(item);
    if (!seen.has(key)) unique.push(item);
    seen.add(key);
  }
  unique.sort((a, b) => {
    if (a.type === "string" && b.type === "string") return compareText(a.text, b.text);
    if (a.type === "number" && b.type === "number") return compare(a.number, b.number);
    if (a.type === "bool" && b.type === "bool") return Number(a.is) - Number(b.is);
    return 0;
  });
  return { type: "set", items: unique, of };
}

const identityText = (value: Value): string => JSON.stringify(identityOf(value));

export function identityOf(value: Value): Json {
  if (value.type === "number") return { number: numberIdentity(value.number) };
  // Two sets are the same whatever order their elements came in.
  if (value.type === "set") return value.items.map(identityText).sort();
  if ("items" in value) return value.items.map(identityOf);
  if ("entries" in value)
    return [...value.entries]
      .sort(([a], [b]) => compareText(a, b))
      .map(([key, item]) => [key, identityOf(item)]);
  return toJson(value);
}

/** The value as JSON has it. Numbers become doubles here and not earlier. */
export function toJson(value: Value): Json {
  switch (value.type) {
    case "null":
      return null;
    case "string":
      return value.text;
    case "bool":
      return value.is;
    case "number":
      return toNumber(value.number);
    case "list":
    case "tuple":
    case "set":
      return value.items.map(toJson);
    case "map":
    case "object":
      return Object.fromEntries([...value.entries].map(([key, item]) => [key, toJson(item)]));
    default:
      return assertNever(value);
  }
}

/** Converts to a type; undefined when the value does not fit. */
export function convertValue(value: Value, type: TypeSpec): Value | undefined {
  if (type.kind === "any") return value;
  if (value.type === "null")
    return isConvertible(value.of, type) ? { type: "null", of: type } : undefined;
  switch (type.kind) {
    case "string":
      return toText(value);
    case "number":
      return toNumeric(value);
    case "bool":
      return toBool(value);
    case "list":
    case "set":
      return convertItems(value, type.kind, type.of);
    case "map":
      return convertEntries(value, type.of);
    case "tuple":
      return convertTuple(value, type.items);
    case "object":
      return convertObject(value, type);
    default:
      return assertNever(type);
  }
}

function toText(value: Value): Value | undefined {
  if (value.type === "string") return value;
  if (value.type === "number") return textValue(formatBigFloat(value.number));
  if (value.type === "bool") return textValue(String(value.is));
  return undefined;
}

function toNumeric(value: Value): Value | undefined {
  if (value.type === "number") return value;
  const number = value.type === "string" ? parseBigFloat(value.text) : undefined;
  return number === undefined ? undefined : { type: "number", number };
}

function toBool(value: Value): Value | undefined {
  if (value.type === "bool") return value;
  if (value.type !== "string") return undefined;
  if (value.text === "true" || value.text === "1") return boolValue(true);
  return value.text === "false" || value.text === "0" ? boolValue(false) : undefined;
}

function convertItems(value: Value, type: "list" | "set", of: TypeSpec): Value | undefined {
  if (!("items" in value)) return undefined;
  const elements = convertElements(value, value.items, of);
  if (elements === undefined) return undefined;
  const { items, type: common } = elements;
  return type === "set" ? setValue(items, common) : listValue(items, common);
}

function convertEntries(value: Value, of: TypeSpec): Value | undefined {
  if (!("entries" in value)) return undefined;
  const elements = convertElements(value, [...value.entries.values()], of);
  if (elements === undefined) return undefined;
  const entries = [...value.entries.keys()].map((key, at): [string, Value] => [
    key,
    elements.items[at] ?? nullValue,
  ]);
  return mapValue(new Map(entries), elements.type);
}

/** Elements in the type that is wanted, or in that which they have in common where any will do. */
function convertElements(
  value: Value,
  items: readonly Value[],
  wanted: TypeSpec,
): { readonly items: readonly Value[]; readonly type: TypeSpec } | undefined {
  // Elements of a type that does not fit are refused also where there is none.
  if ("of" in value && !isConvertible(value.of, wanted)) return undefined;
  const common = wanted.kind === "any" ? commonType(value, items) : wanted;
  if (common === undefined) return undefined;
  const converted: Value[] = [];
  for (const item of items) {
    const one = convertValue(item, common);
    if (one === undefined) return undefined;
    converted.push(one);
  }
  if (common.kind !== "any") return { items: converted, type: common };
  // Nothing was brought to anything: what is not the same already cannot stand together.
  const [first = anyType, ...others] = converted.map(typeOf);
  return others.every((type) => isSameType(type, first))
    ? { items: converted, type: first }
    : undefined;
}

function commonType(value: Value, items: readonly Value[]): TypeSpec | undefined {
  if ("of" in value) return value.of;
  return items.length === 0 ? anyType : unifyTypes(items.map(typeOf));
}

function convertTuple(value: Value, types: readonly TypeSpec[]): Value | undefined {
  if (value.type !== "tuple" || value.items.length !== types.length) return undefined;
  const items = types.map((type, at) => convertValue(value.items[at] ?? nullValue, type));
  if (items.includes(undefined)) return undefined;
  return tupleValue(items.filter((item) => item !== undefined));
}

function convertObject(
  value: Value,
  type: Extract<TypeSpec, { kind: "object" }>,
): Value | undefined {
  if (!("entries" in value)) return undefined;
  const entries = new Map<string, Value>();
  for (const [key, wanted] of type.attributes) {
    const item = value.entries.get(key);
    const converted = item === undefined ? undefined : convertValue(item, wanted);
    if (converted === undefined) return undefined;
    entries.set(key, converted);
  }
  return objectValue(entries);
}
