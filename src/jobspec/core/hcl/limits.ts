import { Fault, FinalFault } from "./source.ts";
import type { Range } from "./source.ts";
import type { Value } from "./value-types.ts";

/** How much one text may still make the evaluator do; shared by all of its expressions. */
export interface Budget {
  steps: number;
  /** How deep evaluating is inside itself: locals that use locals nest deeper than any text does. */
  depth: number;
}
export const fullBudget = (): Budget => ({ steps: 1_000_000, depth: 0 });

const deepest = 600;

/** One evaluation inside another; `leave` is called when it ends. */
export function enter(budget: Budget, range: Range): void {
  spendSteps(budget, range, 1);
  if (budget.depth >= deepest)
    throw new Fault(range, "Nested too deeply", "What this value is made of nests too deeply.");
  budget.depth += 1;
}

export function leave(budget: Budget): void {
  budget.depth -= 1;
}

export function spendSteps(budget: Budget, range: Range, count: number): void {
  budget.steps -= count;
  if (budget.steps < 0)
    throw new FinalFault(
      range,
      "Too much to evaluate",
      "This text makes more work than is allowed.",
    );
}

/** Copying a value, or going through it, costs by its size. */
export function spendSize(budget: Budget, range: Range, value: Value): void {
  const { size } = extentOf(value);
  if (size >= 64) spendSteps(budget, range, size >> 6);
}

/** Characters and elements of one value. Values share their parts, so a short text can mean a huge one. */
const largestValue = 4_000_000;
/** Whatever goes through a value does so by recursion. */
const deepestValue = 300;

export function bounded(value: Value, range: Range): Value {
  const { size, depth } = extentOf(value);
  if (size > largestValue)
    throw new Fault(range, "Value too large", "This value grows larger than is allowed.");
  if (depth > deepestValue)
    throw new Fault(range, "Nested too deeply", "This value nests deeper than is allowed.");
  return value;
}

interface Extent {
  readonly size: number;
  readonly depth: number;
}
const extents = new WeakMap<Value, Extent>();
const single: Extent = { size: 1, depth: 0 };

/** Every part is measured once, so that measuring stays cheap however often it is shared. */
function extentOf(value: Value): Extent {
  if (value.type === "string") return { size: value.text.length + 1, depth: 0 };
  const isCollection = "items" in value || "entries" in value;
  if (!isCollection) return single;
  const known = extents.get(value);
  if (known !== undefined) return known;
  let [size, depth] = [1, 0];
  const add = (part: Extent): void => {
    size += part.size;
    depth = Math.max(depth, part.depth);
  };
  if ("items" in value) for (const item of value.items) add(extentOf(item));
  else
    for (const [key, item] of value.entries) {
      size += key.length;
      add(extentOf(item));
    }
  const extent = { size, depth: depth + 1 };
  extents.set(value, extent);
  return extent;
}
