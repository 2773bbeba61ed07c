import { wellFormed } from "../../../lib/well-formed.ts";
import type { Budget } from "./budget.ts";
import { CallFault } from "./faults.ts";
import { Dictionary, isList, sortedKeys, Structure } from "./value.ts";
import type { Value } from "./value.ts";

export interface JsonStyle {
  /** Before each level; empty for everything in one line. */
  readonly indent: string;
  /** Are `<`, `>` and `&` written by their numbers? */
  readonly isEscaped: boolean;
}

/** The value as JSON, keys in order. */
export function jsonText(value: Value, style: JsonStyle, budget: Budget): string {
  const text = writeJson(value, style, { budget, margin: "\n" });
  budget.produce(text.length);
  return text;
}

interface Place {
  readonly budget: Budget;
  /** A line end and the indentation of what is written. */
  readonly margin: string;
}

function writeJson(value: Value, style: JsonStyle, place: Place): string {
  place.budget.spend(1);
  if (value === undefined) return "null";
  if (typeof value === "string") return jsonString(value, style, place.budget);
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value === "number") return jsonNumber(value);
  if (value instanceof Structure && value.text !== undefined)
    return jsonString(value.text, style, place.budget);
  place.budget.enter();
  const inner = { ...place, margin: place.margin + style.indent };
  const text = isList(value)
    ? joined(
        "[]",
        value.map((item) => writeJson(item, style, inner)),
        { style, place },
      )
    : joined("{}", members(value, style, inner), { style, place });
  place.budget.leave();
  return text;
}

function members(value: Dictionary | Structure, style: JsonStyle, inner: Place): string[] {
  if (value instanceof Dictionary) inner.budget.spend(value.entries.size * 2);
  const entries: (readonly [string, Value])[] =
    value instanceof Dictionary
      ? sortedKeys(value).map((key) => [key, value.entries.get(key)] as const)
      : [...value.fields];
  const colon = style.indent === "" ? ":" : ": ";
  return entries.map(
    ([key, member]) =>
      jsonString(key, style, inner.budget) + colon + writeJson(member, style, inner),
  );
}

function joined(
  brackets: string,
  parts: readonly string[],
  { style, place }: { readonly style: JsonStyle; readonly place: Place },
): string {
  const [open = "", close = ""] = brackets;
  if (parts.length === 0) return brackets;
  // Each level copies what is within it.
  const margin = style.indent === "" ? "" : place.margin + style.indent;
  place.budget.produce(parts.reduce((sum, part) => sum + part.length + margin.length, 0));
  if (style.indent === "") return open + parts.join(",") + close;
  return open + margin + parts.join(`,${margin}`) + place.margin + close;
}

function jsonNumber(value: number): string {
  if (!Number.isFinite(value)) throw new CallFault(`unsupported value: ${value}`);
  return Object.is(value, -0) ? "-0" : String(value);
}

function jsonString(text: string, { isEscaped }: JsonStyle, budget: Budget): string {
  budget.read(text.length * 4);
  budget.produce(text.length);
  const marks = isEscaped ? /[<>&\u2028\u2029]/g : /[\u2028\u2029]/g;
  const plain = JSON.stringify(wellFormed(text));
  if (plain.search(marks) < 0) return plain;
  budget.scan(text.length);
  return plain.replaceAll(
    marks,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
