import { assertNever } from "../../../lib/errors.ts";
import { Fault, FinalFault } from "./source.ts";
import type { Range, Source } from "./source.ts";
import type { Value } from "./value-types.ts";

/** How much one text may still make the evaluator do; shared by all of its expressions. */
export interface Budget {
  /** About a microsecond each. Steps are counted and no time is taken, so every machine refuses the same texts. */
  steps: number;
  /** How deep evaluating is inside itself: locals that use locals nest deeper than any text does. */
  depth: number;
  /** What was told when the steps were used up: every later place gets the same, which is then told once. */
  spent?: Fault;
}
const allSteps = 500_000;
export const fullBudget = (): Budget => ({ steps: allSteps, depth: 0 });

/** What is read takes several times its own memory, and several steps for each word and sign. */
const longestText = 2_000_000;
const mostTokens = 300_000;

/** Thrown before anything of it is read. */
export function refuseLongText(source: Source): void {
  if (source.text.length <= longestText) return;
  throw new FinalFault(
    { source, start: 0, end: 0 },
    "Text too long",
    `This text has ${grouped(source.text.length)} characters; no more than ${grouped(longestText)} are read. Large files can be artifacts of the task.`,
  );
}

/** A number whose digits or exponent are many is as much work as so many words. */
export function tokensOfNumber(text: string): number {
  // Text that is no number is read as one all the same, to find that out.
  const [, exponent = "0"] = /[eE]([-+]?[0-9]+)$/.exec(text) ?? [];
  const power = Math.min(6000, Math.abs(Number(exponent)));
  return 1 + Math.floor((Math.min(10_000, text.length) + power) / 100);
}

/** One more word or sign of the text, or one more value of it in the JSON form. */
export function countToken(source: Source, start: number, weight = 1): void {
  source.reading.count += weight;
  if (source.reading.count <= mostTokens) return;
  source.reading.spent ??= new FinalFault(
    { source, start, end: start + 1 },
    "Too much to read",
    `Up to here this text has ${grouped(mostTokens)} words and signs, and no more are read. Write it shorter with loops and dynamic blocks, or split it into several jobs.`,
  );
  throw source.reading.spent;
}

const deepest = 600;

/** One evaluation inside another; `leave` is called when it ends. */
export function enter(budget: Budget, range: Range): void {
  spendSteps(budget, range, 1);
  if (budget.depth >= deepest)
    throw new Fault(
      range,
      "Nested too deeply",
      `What this value is made of nests more than ${deepest} deep. Look for a long chain of locals, each made of the one before.`,
    );
  budget.depth += 1;
}

export function leave(budget: Budget): void {
  budget.depth -= 1;
}

export function spendSteps(budget: Budget, range: Range, count: number): void {
  budget.steps -= count;
  if (budget.steps >= 0) return;
  budget.spent ??= new FinalFault(
    range,
    "Too much to evaluate",
    `Working out this text takes more than ${grouped(allSteps)} steps, and here they were used up. Look for loops inside loops, and for large values that are gone through again and again.`,
  );
  throw budget.spent;
}

/** Units that are gone through in one step. */
const unitsPerStep = 64;

/** Copying a value, or going through it, costs by its size; `times` when each part of it is more work than that. */
export function spendSize(budget: Budget, range: Range, value: Value, times = 1): void {
  spendUnits(budget, range, sizeOf(value) * times);
}

export function spendUnits(budget: Budget, range: Range, units: number): void {
  if (units >= unitsPerStep) spendSteps(budget, range, Math.ceil(units / unitsPerStep));
}

/** Values share their parts, so a short text can mean a huge one. */
const largestValue = 4_000_000;
/** Whatever goes through a value does so by recursion. */
const deepestValue = 300;

export function bounded(value: Value, range: Range): Value {
  const { size, depth } = extentOf(value);
  if (size > largestValue)
    throw new Fault(
      range,
      "Value too large",
      `This value is larger than ${grouped(largestValue)} characters, where every element counts as ${unitsOfElement}. Look for lists and texts that are made of each other.`,
    );
  if (depth > deepestValue)
    throw new Fault(
      range,
      "Nested too deeply",
      `This value nests more than ${deepestValue} deep. Look for a chain of values, each put into the next.`,
    );
  return value;
}

/** Characters of a value, where every element counts as several: it takes as much memory and time. */
export const sizeOf = (value: Value): number => extentOf(value).size;

/** What bringing values to one type takes: every level of them is compared with all that lies below it. */
export function unifyingUnits(values: readonly Value[]): number {
  let units = 0;
  for (const value of values) {
    const { size, depth } = extentOf(value);
    units += size * (1 + (depth >> 2));
  }
  return units;
}

interface Extent {
  readonly size: number;
  readonly depth: number;
}
const extents = new WeakMap<Value, Extent>();
const unitsOfElement = 16;
/** A list of more is too large whatever is in it. */
export const mostItems = largestValue / unitsOfElement;
const single: Extent = { size: unitsOfElement, depth: 0 };

/** Measuring so little again is cheaper than remembering it. */
const smallEnough = 256;

/** Every larger part is measured once, so that measuring stays cheap however often it is shared. */
function extentOf(value: Value): Extent {
  switch (value.type) {
    case "string":
      return { size: value.text.length + unitsOfElement, depth: 0 };
    case "number": {
      // Only numbers far off from those that people write are costly: they have thousands of digits.
      const far = Math.abs(value.number.exponent);
      return far < 1024 ? single : { size: unitsOfElement + far, depth: 0 };
    }
    case "bool":
    case "null":
      return single;
    case "list":
    case "tuple":
    case "set":
    case "map":
    case "object":
      return extentOfMany(value);
    default:
      return assertNever(value);
  }
}

function extentOfMany(value: Extract<Value, { items: unknown } | { entries: unknown }>): Extent {
  const known = extents.get(value);
  if (known !== undefined) return known;
  let [size, depth] = [unitsOfElement, 0];
  if ("items" in value)
    for (const item of value.items) {
      const part = extentOf(item);
      size += part.size;
      if (part.depth > depth) depth = part.depth;
    }
  else
    for (const [key, item] of value.entries) {
      const part = extentOf(item);
      size += key.length + unitsOfElement + part.size;
      if (part.depth > depth) depth = part.depth;
    }
  const extent = { size, depth: depth + 1 };
  if (size > smallEnough) extents.set(value, extent);
  return extent;
}

const grouped = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
