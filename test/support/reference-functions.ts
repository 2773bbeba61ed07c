import { counted, isMinus, negated, order } from "./reference-number.ts";
import type { RefNumber } from "./reference-number.ts";
import {
  common,
  compareTexts,
  converted,
  isMapping,
  isNumber,
  isSequence,
} from "./reference-values.ts";
import { kindOf, textOf, tuple, typeOf, typeText, Wrong } from "./reference-values.ts";
import type { Ref, Type } from "./reference-values.ts";

/** The functions that generated expressions call. */
export const functions: Readonly<
  Record<
    string,
    {
      readonly takes: Type | "anything";
      readonly count?: number;
      readonly call: (args: readonly Ref[]) => Ref;
    }
  >
> = {
  upper: { takes: "string", count: 1, call: ([text]) => textOf(spelled(text).toUpperCase()) },
  lower: { takes: "string", count: 1, call: ([text]) => textOf(spelled(text).toLowerCase()) },
  abs: {
    takes: "number",
    count: 1,
    call: ([a]) => (isMinus(of(a)) ? { number: negated(of(a)) } : (a ?? null)),
  },
  max: { takes: "number", call: (all) => all.reduce((a, b) => (order(of(b), of(a)) > 0 ? b : a)) },
  min: { takes: "number", call: (all) => all.reduce((a, b) => (order(of(b), of(a)) < 0 ? b : a)) },
  length: {
    takes: "any",
    count: 1,
    call: ([value = null]) => {
      if (isSequence(value)) return { number: counted(value.items.length) };
      if (isMapping(value) && value.kind === "map") return { number: counted(value.entries.size) };
      throw new Wrong("no length");
    },
  },
  concat: {
    takes: "any",
    call: (all) => {
      const lists = all.filter(isSequence).filter(({ kind }) => kind !== "set");
      if (lists.length < all.length || all.length === 0) throw new Wrong("no sequences");
      const items = lists.flatMap((list) => list.items);
      if (lists.some(({ kind }) => kind === "tuple")) return tuple(items);
      const type = outcomeOf(() => common(lists.map(typeOf)));
      return type === undefined || typeof type === "string" || type.kind !== "list"
        ? tuple(items)
        : { kind: "list", items: items.map((item) => converted(item, type.of)), of: type.of };
    },
  },
  keys: {
    takes: "any",
    count: 1,
    call: ([value = null]) => {
      const names = sortedOf(value).map(([key]) => key);
      return isMapping(value) && value.kind === "map"
        ? { kind: "list", items: names, of: "string" }
        : tuple(names);
    },
  },
  values: {
    takes: "any",
    count: 1,
    call: ([value = null]) => {
      const items = sortedOf(value).map(([, item]) => item);
      return isMapping(value) && value.kind === "map"
        ? { kind: "list", items, of: value.of }
        : tuple(items);
    },
  },
  merge: {
    takes: "anything",
    call: (all) => {
      const types = all.map(typeOf);
      if (!types.every((type) => ["any", "map", "object"].includes(kindOf(type))))
        throw new Wrong("no mappings");
      const entries = new Map(all.filter(isMapping).flatMap((one) => [...one.entries]));
      const [first, ...others] = types;
      const isOne = others.every((type) => typeText(type) === typeText(first ?? "any"));
      return isOne && first !== undefined && typeof first !== "string" && first.kind === "map"
        ? { kind: "map", entries, of: first.of }
        : { kind: "object", entries };
    },
  },
};

function outcomeOf(step: () => Type): Type | undefined {
  try {
    return step();
  } catch (thrown) {
    if (thrown instanceof Wrong) return undefined;
    throw thrown;
  }
}

function sortedOf(value: Ref): readonly (readonly [string, Ref])[] {
  if (!isMapping(value)) throw new Wrong("no mapping");
  return [...value.entries].sort(([a], [b]) => compareTexts(a, b));
}

/** A text that was made sure of. */
export function spelled(value: Ref | undefined): string {
  if (typeof value === "string") return value;
  throw new Error("a text was made sure of");
}

export const of = (value: Ref | undefined): RefNumber => {
  if (value === undefined || !isNumber(value)) throw new Error("a number was made sure of");
  return value.number;
};
