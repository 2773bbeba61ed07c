import type { Budget } from "../budget.ts";
import { between, exactly } from "../call.ts";
import type { FunctionTable } from "../call.ts";
import { CallFault } from "../faults.ts";
import { compareText, Dictionary, isList, isTrue, Structure } from "../value.ts";
import type { Value } from "../value.ts";

const badTypes = "incompatible types for comparison";

/** Comparisons of the language itself: of plain values only, and never across kinds. */
export const compareFunctions: FunctionTable = {
  eq: between(2, Infinity, (given) =>
    given.all.slice(1).some((other) => isEqual(given.any(0), other)),
  ),
  ne: exactly(2, (given) => !isEqual(given.any(0), given.any(1))),
  lt: exactly(2, (given) => order(given.any(0), given.any(1)) < 0),
  le: exactly(2, (given) => order(given.any(0), given.any(1)) <= 0),
  gt: exactly(2, (given) => order(given.any(0), given.any(1)) > 0),
  ge: exactly(2, (given) => order(given.any(0), given.any(1)) >= 0),
  not: exactly(1, (given) => !isTrue(given.any(0))),
};

/** Items of variables count as the text that they show. */
const shown = (value: Value): Value =>
  value instanceof Structure && value.text !== undefined ? value.text : value;

function isEqual(first: Value, second: Value): boolean {
  const [a, b] = [shown(first), shown(second)];
  if (isNested(a) || isNested(b)) {
    if (a === undefined || b === undefined) return false;
    throw new CallFault("non-comparable types");
  }
  if (a !== undefined && b !== undefined && typeof a !== typeof b) throw new CallFault(badTypes);
  return a === b;
}

function order(first: Value, second: Value): number {
  const [a, b] = [shown(first), shown(second)];
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
