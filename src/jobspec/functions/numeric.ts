import { add, compare, floor, fromBigInt, fromDouble, fromNumber } from "../core/hcl/big-float.ts";
import { isNegative, negate, signOf } from "../core/hcl/big-float.ts";
import type { BigFloat } from "../core/hcl/big-float.ts";
import { CallFault } from "../core/hcl/scope-types.ts";
import type { LanguageFunction } from "../core/hcl/scope-types.ts";
import { numberType } from "../core/hcl/types.ts";
import { listValue } from "../core/hcl/value.ts";
import type { TypeSpec, Value } from "../core/hcl/value-types.ts";
import { perPart, step } from "./work.ts";
import { numberOf, textOf, wholeOf } from "./arguments.ts";

const number: TypeSpec = { kind: "number" };
const longestRange = 1024;

export const numericFunctions: Readonly<Record<string, LanguageFunction>> = {
  abs: exact((a) => (isNegative(a) ? negate(a) : a)),
  ceil: exact((a) => whole(negate(floor(negate(a))))),
  floor: exact((a) => whole(floor(a))),
  signum: exact((a) => fromNumber(signOf(a))),
  log: double((a, base) => Math.log(a) / Math.log(base)),
  pow: double(power),
  max: { params: [number], rest: number, call: (args) => extreme(args, 1) },
  min: { params: [number], rest: number, call: (args) => extreme(args, -1) },
  parseint: {
    // A number is none that has to be read, in whatever base.
    params: [{ kind: "any" }, number],
    work: perPart(8),
    call: ([text, base]) => ({
      type: "number",
      number: fromBigInt(parseInteger(textOf(text), wholeOf(base, 1))),
    }),
  },
  range: { params: [number], rest: number, work: rangeUnits, call: range },
};

function exact(compute: (a: BigFloat) => BigFloat): LanguageFunction {
  return { params: [number], call: ([a]) => ({ type: "number", number: compute(floatOf(a)) }) };
}

/** What was rounded to a whole number has no sign at zero. */
const whole = (a: BigFloat): BigFloat => (signOf(a) === 0 ? fromBigInt(0n) : a);

function double(compute: (a: number, b: number) => number): LanguageFunction {
  return {
    params: [number, number],
    call: ([a, b]) => {
      const result = compute(numberOf(a), numberOf(b, 1));
      if (Number.isNaN(result)) throw new CallFault("the result is not a number");
      return { type: "number", number: fromDouble(result) };
    },
  };
}

/** Whole powers of whole numbers are exact as far as a double reaches. */
function power(base: number, exponent: number): number {
  const isExact =
    Number.isSafeInteger(base) && Number.isInteger(exponent) && Math.abs(exponent) < 1100;
  // Beyond what a double holds nothing is exact, and the digits would be thousands.
  if (!isExact || !Number.isFinite(base ** Math.abs(exponent))) return base ** exponent;
  const size = Number(BigInt(base) ** BigInt(Math.abs(exponent)));
  return exponent < 0 ? 1 / size : size;
}

function floatOf(value: Value | undefined): BigFloat {
  if (value?.type === "number") return value.number;
  throw new CallFault("a number is required");
}

function extreme(args: readonly Value[], sign: 1 | -1): Value {
  const numbers = args.map(floatOf);
  const best = numbers.reduce((a, b) => (compare(b, a) * sign > 0 ? b : a));
  return { type: "number", number: best };
}

function parseInteger(text: string, base: number): bigint {
  if (base < 2 || base > 62) throw new CallFault("base must be between 2 and 62", 1);
  const match = /^([+-]?)([0-9A-Za-z]+)$/.exec(text);
  const cannot = (): CallFault =>
    new CallFault(`cannot parse ${JSON.stringify(text)} as a base ${base} integer`, 0);
  if (!match || text.length > 1000) throw cannot();
  let result = 0n;
  for (const character of match[2] ?? "") {
    const digit = digitOf(character, base);
    if (digit >= base) throw cannot();
    result = result * BigInt(base) + BigInt(digit);
  }
  return match[1] === "-" ? -result : result;
}

/** Up to base 36 capitals mean the same as small letters; above they go on counting. */
function digitOf(character: string, base: number): number {
  if (character <= "9") return Number(character);
  const small = character.toLowerCase();
  const value = small.charCodeAt(0) - 87;
  return base > 36 && small !== character ? value + 26 : value;
}

/** A few additions and comparisons for every value. */
function rangeUnits(args: readonly Value[]): number {
  const [first = 0, end = 0, by = 1] = args.map((arg) => numberOf(arg));
  const length = args.length === 1 ? first : end - first;
  const count = by === 0 ? 0 : Math.ceil(Math.abs(length / by));
  return 2 * step * (count < longestRange ? count : longestRange);
}

function range(args: readonly Value[]): Value {
  const numbers = args.map(floatOf);
  if (numbers.length > 3) throw new CallFault("one, two or three arguments are required");
  const zero = fromNumber(0);
  const start = numbers.length === 1 ? zero : (numbers[0] ?? zero);
  const end = (numbers.length === 1 ? numbers[0] : numbers[1]) ?? zero;
  const step = numbers[2] ?? fromNumber(compare(end, start) < 0 ? -1 : 1);
  if (signOf(step) === 0) throw new CallFault("step must not be zero", 2);
  if (compare(end, start) * signOf(step) < 0)
    throw new CallFault("the end lies in the other direction than the step", 1);
  const items: Value[] = [];
  let at: BigFloat | undefined = start;
  while (at !== undefined && compare(end, at) * signOf(step) > 0) {
    if (items.length >= longestRange) throw new CallFault(`more than ${longestRange} values`);
    items.push({ type: "number", number: at });
    at = add(at, step);
  }
  return listValue(items, numberType);
}
