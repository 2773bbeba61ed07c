import type { Budget } from "../budget.ts";
import { wrongType } from "../call.ts";
import { parseDecimal, parseWhole } from "../literals.ts";
import { printValue } from "../print.ts";
import { isTrue, wholeNumber } from "../value.ts";
import type { Value } from "../value.ts";

/** A whole number made of nearly anything; what is none counts as 0. */
export function toWhole(value: Value): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (typeof value === "number")
    return Number.isFinite(value) ? wholeNumber(BigInt(Math.trunc(value))) : 0n;
  if (typeof value === "string") return wholeNumber(parseWhole(value.slice(0, 64)) ?? 0n);
  return 0n;
}

/** A place or length: a whole number that memory could have. */
export function toCount(value: Value): number {
  const whole = toWhole(value);
  const most = 0x7fffffffn;
  return Number(whole > most ? most : whole < -most ? -most : whole);
}

export function toDouble(value: Value): number {
  if (typeof value === "number") return value;
  if (typeof value === "string") return parseDecimal(value.slice(0, 400)) ?? 0;
  return Number(toWhole(value));
}

/** As it would be shown, but nothing for nothing. */
export const toText = (value: Value, budget: Budget): string =>
  value === undefined ? "" : printValue(value, budget);

/** Is it the zero of its kind? */
export const isEmptyValue = (value: Value): boolean => !isTrue(value);

/** Elements of any list as texts. */
export function toTexts(value: Value, budget: Budget): readonly string[] {
  if (Array.isArray(value)) return value.map((item: Value) => toText(item, budget));
  if (value === undefined) return [];
  throw wrongType("list", value);
}
