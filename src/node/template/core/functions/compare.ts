import type { Budget } from "../budget.ts";
import { between, exactly } from "../call.ts";
import type { FunctionTable, TemplateFunction } from "../call.ts";
import { CallFault } from "../faults.ts";
import { compareText, Dictionary, isList, isTrue, Structure } from "../value.ts";
import type { Value } from "../value.ts";

const badTypes = "incompatible types for comparison";

/** Comparisons of the language itself: of plain values only, and never across kinds. */
export const compareFunctions: FunctionTable = {
  eq: between(2, Infinity, (given, { budget }) =>
    given.all.slice(1).some((other) => isEqual(given.any(0), other, budget)),
  ),
  ne: exactly(2, (given, { budget }) => !isEqual(given.any(0), given.any(1), budget)),
  lt: ordering((order) => order < 0),
  le: ordering((order) => order <= 0),
  gt: ordering((order) => order > 0),
  ge: ordering((order) => order >= 0),
  not: exactly(1, (given) => !isTrue(given.any(0))),
};

function ordering(decide: (order: number) => boolean): TemplateFunction {
  return exactly(2, (given, { budget }) => {
    const [first, second] = [shown(given.any(0)), shown(given.any(1))];
    readBoth(first, second, budget);
    return decide(order(first, second));
  });
}

/** Long texts take long to compare. */
function readBoth(a: Value, b: Value, budget: Budget): void {
  if (typeof a === "string" && typeof b === "string") budget.read(Math.min(a.length, b.length) * 4);
}

/** Items of variables count as the text that they show. */
const shown = (value: Value): Value =>
  value instanceof Structure && value.text !== undefined ? value.text : value;

function isEqual(first: Value, second: Value, budget: Budget): boolean {
  const [a, b] = [shown(first), shown(second)];
  readBoth(a, b, budget);
  if (isNested(a) || isNested(b)) {
    if (a === undefined || b === undefined) return false;
    throw new CallFault("non-comparable types");
  }
  if (a !== undefined && b !== undefined && typeof a !== typeof b) throw new CallFault(badTypes);
  return a === b;
}

function order(a: Value, b: Value): number {
  if (typeof a === "string" && typeof b === "string") return compareText(a, b);
  if (typeof a === "bigint" && typeof b === "bigint") return a < b ? -1 : a > b ? 1 : 0;
  // A comparison with NaN is never true, and every other one needs a sign.
  if (typeof a === "number" && typeof b === "number") return a < b ? -1 : a > b ? 1 : a - b;
  if (typeof a === typeof b) throw new CallFault("invalid type for comparison");
  throw new CallFault(badTypes);
}

const isNested = (value: Value): boolean =>
  isList(value) || value instanceof Dictionary || value instanceof Structure;

/** Equality of whole values; kinds are kept apart, and what it costs is counted. */
export function isSame(a: Value, b: Value, budget: Budget): boolean {
  budget.spend(1);
  readBoth(a, b, budget);
  if (a === b) return true;
  if (isList(a) && isList(b))
    return (
      a.length === b.length && deeper(budget, () => a.every((v, at) => isSame(v, b[at], budget)))
    );
  if (a instanceof Dictionary && b instanceof Dictionary)
    return (
      a.entries.size === b.entries.size &&
      deeper(budget, () =>
        [...a.entries].every(
          ([key, value]) => b.entries.has(key) && isSame(value, b.entries.get(key), budget),
        ),
      )
    );
  if (a instanceof Structure && b instanceof Structure)
    return (
      a.type === b.type &&
      deeper(budget, () =>
        [...a.fields].every(([name, value]) => isSame(value, b.fields.get(name), budget)),
      )
    );
  return false;
}

function deeper<T>(budget: Budget, run: () => T): T {
  budget.enter();
  const answer = run();
  budget.leave();
  return answer;
}
