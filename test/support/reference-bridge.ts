import { assertNever } from "../../src/lib/errors.ts";
import type { TypeSpec, Value } from "../../src/jobspec/core/hcl/value-types.ts";
import type { RefNumber } from "./reference-number.ts";
import { isNull, isNumber, isSequence, typeOf, typeText } from "./reference-values.ts";
import type { Ref, Type } from "./reference-values.ts";

/** A value of the test's own evaluator as the language's. */
export function sourceValue(value: Ref): Value {
  if (isNull(value)) return { type: "null", of: sourceType(typeOf(value)) };
  if (typeof value === "symbol") throw new Error("this is no value");
  if (typeof value === "string") return { type: "string", text: value };
  if (typeof value === "boolean") return { type: "bool", is: value };
  if (isNumber(value)) return { type: "number", number: sourceNumber(value.number) };
  if (isSequence(value)) {
    const items = value.items.map(sourceValue);
    return value.kind === "tuple"
      ? { type: "tuple", items }
      : { type: value.kind, items, of: sourceType(value.of) };
  }
  const entries = new Map(
    [...value.entries].map(([key, item]) => [key, sourceValue(item)] as const),
  );
  return value.kind === "object"
    ? { type: "object", entries }
    : { type: "map", entries, of: sourceType(value.of) };
}

function sourceType(type: Type): TypeSpec {
  if (typeof type === "string") return { kind: type };
  if (type.kind === "tuple") return { kind: "tuple", items: type.items.map(sourceType) };
  if (type.kind !== "object") return { kind: type.kind, of: sourceType(type.of) };
  const attributes = [...type.of].map(([key, of]) => [key, sourceType(of)] as const);
  return { kind: "object", attributes: new Map(attributes) };
}

function sourceNumber(number: RefNumber): Extract<Value, { type: "number" }>["number"] {
  if ("infinite" in number) return { mantissa: 0n, exponent: 0, infinite: number.infinite };
  if (number.isMinus === true)
    return { mantissa: 0n, exponent: 0, infinite: 0, isNegativeZero: true, bits: number.bits };
  const exponent = 1 - number.bottom.toString(2).length;
  return { mantissa: number.top, exponent, infinite: 0, bits: number.bits };
}

/** Values of both sides that are the same have the same form: text with their types and their exact numbers. */
export function sameForm(value: Ref | Value): string {
  if (typeof value === "symbol") throw new Error("this is no value");
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "boolean") return String(value);
  if (value !== null && "type" in value) return sourceForm(value);
  if (isNull(value)) return `null ${typeText(typeOf(value))}`;
  if (isNumber(value)) return numberForm(value.number);
  const type = kindForm(value.kind, "of" in value ? typeText(value.of) : undefined);
  if (isSequence(value)) return `${type}(${value.items.map(sameForm).join(", ")})`;
  return mappingForm(type, value.entries);
}

function sourceForm(value: Value): string {
  switch (value.type) {
    case "null":
      return `null ${typeForm(value.of)}`;
    case "string":
      return JSON.stringify(value.text);
    case "bool":
      return String(value.is);
    case "number": {
      const { mantissa, exponent, infinite, isNegativeZero } = value.number;
      if (isNegativeZero === true) return "-0/1";
      if (infinite !== 0) return numberForm({ infinite });
      const [top, bottom] =
        exponent >= 0 ? [mantissa << BigInt(exponent), 1n] : [mantissa, 1n << BigInt(-exponent)];
      return numberForm(reduced(top, bottom));
    }
    case "map":
    case "object":
      return mappingForm(
        kindForm(value.type, "of" in value ? typeForm(value.of) : undefined),
        value.entries,
      );
    case "list":
    case "set":
    case "tuple":
      return `${kindForm(value.type, "of" in value ? typeForm(value.of) : undefined)}(${value.items.map(sameForm).join(", ")})`;
    default:
      return assertNever(value);
  }
}

const kindForm = (kind: string, of: string | undefined): string =>
  of === undefined ? kind : `${kind}(${of})`;

function typeForm(type: TypeSpec): string {
  switch (type.kind) {
    case "any":
    case "string":
    case "number":
    case "bool":
      return type.kind;
    case "list":
    case "set":
    case "map":
      return `${type.kind}(${typeForm(type.of)})`;
    case "tuple":
      return `tuple(${type.items.map(typeForm).join(" ")})`;
    case "object": {
      const lines = [...type.attributes].map(
        ([key, of]) => `${JSON.stringify(key)}=${typeForm(of)}`,
      );
      return `object(${lines.toSorted().join(" ")})`;
    }
    default:
      return assertNever(type);
  }
}

function reduced(top: bigint, bottom: bigint): RefNumber {
  let [n, d] = [top, bottom];
  while (d > 1n && n % 2n === 0n) [n, d] = [n / 2n, d / 2n];
  return { top: n, bottom: n === 0n ? 1n : d, bits: 0 };
}

const numberForm = (number: RefNumber): string =>
  "infinite" in number
    ? `${number.infinite}/0`
    : `${number.isMinus === true ? "-" : ""}${number.top}/${number.bottom}`;

const mappingForm = (kind: string, entries: ReadonlyMap<string, Ref | Value>): string =>
  `${kind}{${[...entries]
    .map(([key, item]) => `${JSON.stringify(key)}: ${sameForm(item)}`)
    .toSorted()
    .join(", ")}}`;
