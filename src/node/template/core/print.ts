import type { Budget } from "./budget.ts";
import { formatValue, plainVerb } from "./format-verb.ts";
import type { Value } from "./value.ts";

/** What an action writes: a text as it is, nothing as `<no value>`, the rest as `%v` does. */
export function printValue(value: Value, budget: Budget): string {
  if (value === undefined) return printed("<no value>", budget);
  if (typeof value === "string") return printed(value, budget);
  return formatValue(value, plainVerb, budget);
}

/** `print`: a space between two operands when neither is a text. */
export function printAll(values: readonly Value[], budget: Budget): string {
  let out = "";
  for (const [at, value] of values.entries()) {
    const isApart = at > 0 && typeof value !== "string" && typeof values[at - 1] !== "string";
    out += (isApart ? " " : "") + formatValue(value, plainVerb, budget);
  }
  budget.produce(out.length);
  return out;
}

/** `println`: always a space between, and a line end. */
export function printLine(values: readonly Value[], budget: Budget): string {
  const out = `${values.map((value) => formatValue(value, plainVerb, budget)).join(" ")}\n`;
  budget.produce(out.length);
  return out;
}

function printed(text: string, budget: Budget): string {
  budget.produce(text.length);
  return text;
}
