import { Fault } from "./source.ts";
import type { Range } from "./source.ts";
import type { Value } from "./value-types.ts";

/** How much one text may still make the evaluator do; shared by all of its expressions. */
export interface Budget {
  steps: number;
}
export const fullBudget = (): Budget => ({ steps: 5_000_000 });

/** Characters and elements of one value. Values share their parts, so a short text can mean a huge one. */
const largestValue = 8_000_000;
const sizes = new WeakMap<Value, number>();

export function spendStep(budget: Budget, range: Range): void {
  budget.steps -= 1;
  if (budget.steps < 0)
    throw new Fault(range, "Too much to evaluate", "This text makes more work than is allowed.");
}

export function bounded(value: Value, range: Range): Value {
  if (sizeOf(value) <= largestValue) return value;
  throw new Fault(range, "Value too large", "This value grows larger than is allowed.");
}

/** Every part is measured once, so that measuring stays cheap however often it is shared. */
function sizeOf(value: Value): number {
  if (value.type === "string") return value.text.length + 1;
  const isCollection = "items" in value || "entries" in value;
  if (!isCollection) return 1;
  const known = sizes.get(value);
  if (known !== undefined) return known;
  let size = 1;
  if ("items" in value) for (const item of value.items) size += sizeOf(item);
  else for (const [key, item] of value.entries) size += key.length + sizeOf(item);
  sizes.set(value, size);
  return size;
}
