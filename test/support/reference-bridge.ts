import { assertNever } from "../../src/lib/errors.ts";
import type { Value } from "../../src/jobspec/core/hcl/value-types.ts";
import type { RefNumber } from "./reference-number.ts";
import { isMapping, isNumber, isSequence } from "./reference-values.ts";
import type { Ref } from "./reference-values.ts";

/** A value of the test's own evaluator as the language's. */
export function sourceValue(value: Ref): Value {
  if (value === null) return { type: "null" };
  if (typeof value === "symbol") throw new Error("this is no value");
  if (typeof value === "string") return { type: "string", text: value };
  if (typeof value === "boolean") return { type: "bool", is: value };
  if (isNumber(value)) return { type: "number", number: sourceNumber(value.number) };
  if (isSequence(value)) return { type: value.kind, items: value.items.map(sourceValue) };
  const entries = [...value.entries].map(([key, item]) => [key, sourceValue(item)] as const);
  return { type: value.kind, entries: new Map(entries) };
}

function sourceNumber(number: RefNumber): Extract<Value, { type: "number" }>["number"] {
  if ("infinite" in number) return { mantissa: 0n, exponent: 0, infinite: number.infinite };
  const exponent = 1 - number.bottom.toString(2).length;
  return { mantissa: number.top, exponent, infinite: 0, bits: number.bits };
}

/** Values of both sides that are the same have the same form: text with their types and their exact numbers. */
export function sameForm(value: Ref | Value): string {
  if (value === null) return "null";
  if (typeof value === "symbol") throw new Error("this is no value");
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "boolean") return String(value);
  if ("type" in value) return sourceForm(value);
  if (isNumber(value)) return numberForm(value.number);
  if (isSequence(value)) return `${value.kind}(${value.items.map(sameForm).join(", ")})`;
  if (isMapping(value)) return mappingForm(value.kind, value.entries);
  throw new Error("this is no value");
}

function sourceForm(value: Value): string {
  switch (value.type) {
    case "null":
      return "null";
    case "string":
      return JSON.stringify(value.text);
    case "bool":
      return String(value.is);
    case "number": {
      const { mantissa, exponent, infinite } = value.number;
      if (infinite !== 0) return numberForm({ infinite });
      const [top, bottom] =
        exponent >= 0 ? [mantissa << BigInt(exponent), 1n] : [mantissa, 1n << BigInt(-exponent)];
      return numberForm(reduced(top, bottom));
    }
    case "map":
    case "object":
      return mappingForm(value.type, value.entries);
    case "list":
    case "set":
    case "tuple":
      return `${value.type}(${value.items.map(sameForm).join(", ")})`;
    default:
      return assertNever(value);
  }
}

function reduced(top: bigint, bottom: bigint): RefNumber {
  let [n, d] = [top, bottom];
  while (d > 1n && n % 2n === 0n) [n, d] = [n / 2n, d / 2n];
  return { top: n, bottom: n === 0n ? 1n : d, bits: 0 };
}

const numberForm = (number: RefNumber): string =>
  "infinite" in number ? `${number.infinite}/0` : `${number.top}/${number.bottom}`;

const mappingForm = (kind: string, entries: ReadonlyMap<string, Ref | Value>): string =>
  `${kind}{${[...entries]
    .map(([key, item]) => `${JSON.stringify(key)}: ${sameForm(item)}`)
    .toSorted()
    .join(", ")}}`;
