import { toNumber } from "../core/hcl/big-float.ts";
import { CallFault } from "../core/hcl/scope-types.ts";
import { compareText, typeName } from "../core/hcl/value.ts";
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

export function entriesIn(value: Value | undefined, at = 0): ReadonlyMap<string, Value> {
  if (value !== undefined && "entries" in value) return value.entries;
  throw wrong(value, "a map or object", at);
}

/** Key and value pairs by sorted key. */
export const pairsOf = (value: Value | undefined, at = 0): readonly (readonly [string, Value])[] =>
  [...entriesIn(value, at)].sort(([a], [b]) => compareText(a, b));

function wrong(value: Value | undefined, wanted: string, at: number): CallFault {
  const got = value === undefined ? "nothing" : typeName(value);
  return new CallFault(`${wanted} is required, not ${got}`, at);
}

/** How long the text is without these characters at its end. A pattern would begin anew at each of them. */
export function lengthWithout(text: string, ending: string): number {
  let end = text.length;
  while (end > 0 && ending.includes(text[end - 1] ?? "")) end -= 1;
  return end;
}
