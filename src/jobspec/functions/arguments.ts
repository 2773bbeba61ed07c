import { toNumber } from "../core/hcl/big-float.ts";
import { CallFault } from "../core/hcl/scope-types.ts";
import { entriesOf, typeName } from "../core/hcl/value.ts";
import type { Value } from "../core/hcl/value-types.ts";

/** Reads converted arguments. A wrong type here means that the function takes anything and looks for itself. */
export function textOf(value: Value | undefined, at = 0): string {
  if (value?.type === "string") return value.text;
  throw wrong(value, "text", at);
}

export function numberOf(value: Value | undefined, at = 0): number {
  if (value?.type === "number") return toNumber(value.number);
  throw wrong(value, "a number", at);
}

export function wholeOf(value: Value | undefined, at = 0): number {
  const number = numberOf(value, at);
  if (Number.isSafeInteger(number)) return number;
  throw new CallFault("a whole number is required", at);
}

export function itemsOf(value: Value | undefined, at = 0): readonly Value[] {
  if (value !== undefined && "items" in value) return value.items;
  throw wrong(value, "a list, set or tuple", at);
}

/** The elements of something that has an order: a set has none. */
export function inOrderOf(value: Value | undefined, at = 0): readonly Value[] {
  if (value?.type === "list" || value?.type === "tuple") return value.items;
  throw wrong(value, "a list or tuple", at);
}

export function entriesIn(value: Value | undefined, at = 0): ReadonlyMap<string, Value> {
  if (value !== undefined && "entries" in value) return value.entries;
  throw wrong(value, "a map or object", at);
}

/** Key and value pairs by sorted key. */
export function pairsOf(value: Value | undefined, at = 0): readonly (readonly [string, Value])[] {
  if (value === undefined || !("entries" in value)) throw wrong(value, "a map or object", at);
  return (entriesOf(value) ?? []).map(([key, item]) => [textOf(key, at), item] as const);
}

function wrong(value: Value | undefined, wanted: string, at: number): CallFault {
  const got = value === undefined ? "nothing" : typeName(value);
  return new CallFault(`${wanted} is required, not ${got}`, at);
}
