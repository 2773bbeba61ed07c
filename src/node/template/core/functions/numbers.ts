import { exactly, wrongType } from "../call.ts";
import type { FunctionTable, TemplateFunction } from "../call.ts";
import { CallFault } from "../faults.ts";
import { wholeNumber } from "../value.ts";
import type { Value } from "../value.ts";

/** Arithmetic. The value that is piped in comes last and is what is subtracted from or divided. */
export const numberFunctions: FunctionTable = {
  add: arithmetic(
    "add",
    (a, b) => a + b,
    (a, b) => a + b,
  ),
  subtract: arithmetic(
    "subtract",
    (b, a) => a - b,
    (b, a) => a - b,
  ),
  multiply: arithmetic(
    "multiply",
    (a, b) => a * b,
    (a, b) => a * b,
  ),
  divide: arithmetic(
    "divide",
    (b, a) => a / nonZero(b),
    (b, a) => a / b,
  ),
  modulo: exactly(2, (given) => wholeNumber(given.whole(1) % nonZero(given.whole(0)))),
  minimum: arithmetic("minimum", (a, b) => (a < b ? a : b), Math.min),
  maximum: arithmetic("maximum", (a, b) => (a > b ? a : b), Math.max),
};

export function nonZero(divisor: bigint): bigint {
  if (divisor === 0n) throw new CallFault("integer divide by zero");
  return divisor;
}

/** Two whole numbers make a whole one; with a fraction among them both count as fractions. */
function arithmetic(
  name: string,
  whole: (a: bigint, b: bigint) => bigint,
  decimal: (a: number, b: number) => number,
): TemplateFunction {
  return exactly(2, (given) => {
    const [a, b] = [given.any(0), given.any(1)];
    if (typeof a === "bigint" && typeof b === "bigint") return wholeNumber(whole(a, b));
    return decimal(asDouble(name, a), asDouble(name, b));
  });
}

function asDouble(name: string, value: Value): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  throw new CallFault(`${name}: ${wrongType("number", value).message}`);
}
