import { CallFault } from "../core/hcl/scope-types.ts";
import type { LanguageFunction, ParameterSpec } from "../core/hcl/scope-types.ts";
import { equalValues, identityOf, nullValue, numberValue, objectValue } from "../core/hcl/value.ts";
import { compareText, boolValue, setValue, textValue, tupleValue } from "../core/hcl/value.ts";
import { convertValue, unifyValues } from "../core/hcl/value.ts";
import type { TypeSpec, Value } from "../core/hcl/value-types.ts";
import { entriesIn, itemsOf, pairsOf, textOf, wholeOf } from "./arguments.ts";

const any: TypeSpec = { kind: "any" };
const string: TypeSpec = { kind: "string" };
const number: TypeSpec = { kind: "number" };
const texts: TypeSpec = { kind: "list", of: string };
const nullable: ParameterSpec = { kind: "nullable" };

export const collectionFunctions: Readonly<Record<string, LanguageFunction>> = {
  chunklist: {
    params: [any, number],
    call: ([list, size]) => chunks(itemsOf(list), wholeOf(size, 1)),
  },
  coalesce: { params: [], rest: nullable, call: coalesce },
  coalescelist: { params: [], rest: nullable, call: coalesceList },
  compact: {
    params: [texts],
    call: ([list]) => listOf(itemsOf(list).filter((item) => textOf(item) !== "")),
  },
  concat: {
    params: [],
    rest: any,
    call: (lists) => tupleValue(lists.flatMap((list, at) => itemsOf(list, at))),
  },
  contains: {
    params: [any, nullable],
    call: ([list, wanted]) =>
      boolValue(itemsOf(list).some((item) => equalValues(item, wanted ?? nullValue))),
  },
  distinct: {
    params: [any],
    call: ([list]) => {
      const first = new Map<string, Value>();
      for (const item of itemsOf(list)) {
        const key = keyOf(item);
        if (!first.has(key)) first.set(key, item);
      }
      return tupleValue([...first.values()]);
    },
  },
  element: {
    params: [any, number],
    call: ([list, index]) => {
      const items = itemsOf(list);
      if (items.length === 0) throw new CallFault("cannot use element with an empty list", 0);
      const at = wholeOf(index, 1);
      if (at < 0) throw new CallFault("cannot use element with a negative index", 1);
      return items[at % items.length] ?? nullValue;
    },
  },
  flatten: { params: [any], call: ([list]) => tupleValue(flatItems(itemsOf(list))) },
  index: {
    params: [any, nullable],
    call: ([collection, key]) => pick(collection ?? nullValue, key ?? nullValue),
  },
  keys: {
    params: [any],
    call: ([map]) => listOf(pairsOf(map).map(([key]) => textValue(key))),
  },
  values: { params: [any], call: ([map]) => tupleValue(pairsOf(map).map(([, item]) => item)) },
  length: { params: [any], call: ([value]) => lengthOf(value ?? nullValue) },
  lookup: { params: [any, string], rest: nullable, call: lookup },
  merge: { params: [], rest: nullable, call: merge },
  setintersection: { params: [any], rest: any, call: intersection },
  setunion: { params: [any], rest: any, call: (sets) => combine(sets, () => true) },
  setsubtract: {
    params: [any, any],
    call: ([left, right]) => setValue(itemsOf(left).filter(isNotIn(itemsOf(right, 1)))),
  },
  setproduct: { params: [any, any], rest: any, call: product },
  slice: {
    params: [any, number, number],
    call: ([list, from, to]) => {
      const items = itemsOf(list);
      const [start, end] = [wholeOf(from, 1), wholeOf(to, 2)];
      if (start < 0 || start > end) throw new CallFault("start index must not be above the end", 1);
      if (end > items.length) throw new CallFault("end index is beyond the list", 2);
      return tupleValue(items.slice(start, end));
    },
  },
  sort: {
    params: [texts],
    call: ([list]) => listOf([...itemsOf(list)].sort((a, b) => compareText(textOf(a), textOf(b)))),
  },
  zipmap: {
    params: [texts, any],
    call: ([keys, values]) => {
      const [names, items] = [itemsOf(keys), itemsOf(values, 1)];
      if (names.length !== items.length)
        throw new CallFault("number of keys and values differs", 1);
      return objectValue(new Map(names.map((name, at) => [textOf(name), items[at] ?? nullValue])));
    },
  },
};

const listOf = (items: readonly Value[]): Value => ({ type: "list", items });

function chunks(items: readonly Value[], size: number): Value {
  if (size < 0) throw new CallFault("the size must not be negative", 1);
  if (size === 0) return tupleValue([tupleValue(items)]);
  const out: Value[] = [];
  for (let at = 0; at < items.length; at += size) out.push(tupleValue(items.slice(at, at + size)));
  return tupleValue(out);
}

function coalesce(values: readonly Value[]): Value {
  const unified = unifyValues(values);
  if (unified === undefined) throw new CallFault("all arguments must have the same type");
  const found = unified.find((value) => value.type !== "null");
  if (found === undefined) throw new CallFault("no argument has a value");
  return found;
}

function coalesceList(lists: readonly Value[]): Value {
  const found = lists.find((list, at) => list.type !== "null" && itemsOf(list, at).length > 0);
  if (found === undefined) throw new CallFault("no list has an element");
  return found;
}

const flatItems = (items: readonly Value[]): readonly Value[] =>
  items.flatMap((item) => ("items" in item ? flatItems(item.items) : [item]));

function pick(collection: Value, key: Value): Value {
  if ("entries" in collection) {
    const name = convertValue(key, string);
    const found = name?.type === "string" ? collection.entries.get(name.text) : undefined;
    if (found !== undefined) return found;
    throw new CallFault("key does not exist in map", 1);
  }
  if (collection.type === "set") throw new CallFault("a set has no indexes", 0);
  const found = itemsOf(collection)[wholeOf(convertValue(key, number), 1)];
  if (found !== undefined) return found;
  throw new CallFault("no element with this index", 1);
}

function lengthOf(value: Value): Value {
  if ("items" in value) return numberValue(value.items.length);
  if (value.type === "map") return numberValue(value.entries.size);
  throw new CallFault("collection must be a list, a map or a tuple");
}

function lookup([map, key, fallback]: readonly Value[]): Value {
  const name = textOf(key, 1);
  const found = entriesIn(map).get(name);
  if (found !== undefined) return found;
  if (fallback !== undefined) return fallback;
  throw new CallFault(`lookup failed to find key ${JSON.stringify(name)}`);
}

function merge(maps: readonly Value[]): Value {
  const entries = maps.flatMap((map, at) => (map.type === "null" ? [] : pairsOf(map, at)));
  return objectValue(new Map(entries));
}

/** Equal values have one key: comparing each with each would take long for long lists. */
const keyOf = (value: Value): string => JSON.stringify(identityOf(value));

function isNotIn(others: readonly Value[]): (item: Value) => boolean {
  const keys = new Set(others.map(keyOf));
  return (item) => !keys.has(keyOf(item));
}

function intersection(sets: readonly Value[]): Value {
  const keys = sets.map((set, at) => new Set(itemsOf(set, at).map(keyOf)));
  return combine(sets, (key) => keys.every((known) => known.has(key)));
}

function combine(sets: readonly Value[], keeps: (key: string) => boolean): Value {
  const items = sets.flatMap((set, at) => itemsOf(set, at));
  const unified = unifyValues(items) ?? items;
  return setValue(unified.filter((item) => keeps(keyOf(item))));
}

function product(sets: readonly Value[]): Value {
  let rows: readonly (readonly Value[])[] = [[]];
  for (const [at, set] of sets.entries()) {
    const items = itemsOf(set, at);
    if (rows.length * items.length > 100_000) throw new CallFault("the product is too large", at);
    rows = rows.flatMap((row) => items.map((item) => [...row, item]));
  }
  return tupleValue(rows.map(tupleValue));
}
