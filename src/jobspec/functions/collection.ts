import { sizeOf, unifyingUnits } from "../core/hcl/limits.ts";
import { CallFault } from "../core/hcl/scope-types.ts";
import type { LanguageFunction, ParameterSpec } from "../core/hcl/scope-types.ts";
import { equalValues, identityOf, nullValue, numberValue, objectValue } from "../core/hcl/value.ts";
import { compareText, boolValue, setValue, textValue, tupleValue } from "../core/hcl/value.ts";
import { convertValue } from "../core/hcl/value.ts";
import { unifyItems, unifyValues } from "../core/hcl/unify.ts";
import type { TypeSpec, Value } from "../core/hcl/value-types.ts";
import { entriesIn, inOrderOf, itemsOf, pairsOf, textOf, wholeOf } from "./arguments.ts";

const any: TypeSpec = { kind: "any" };
const string: TypeSpec = { kind: "string" };
const number: TypeSpec = { kind: "number" };
const texts: TypeSpec = { kind: "list", of: string };
const nullable: ParameterSpec = { kind: "nullable" };

export const collectionFunctions: Readonly<Record<string, LanguageFunction>> = {
  chunklist: {
    params: [any, number],
    work: unifyingUnits,
    call: ([list, size]) => chunks(sameItems(list), wholeOf(size, 1)),
  },
  coalesce: { params: [], rest: nullable, work: unifyingUnits, call: coalesce },
  coalescelist: { params: [], rest: nullable, call: coalesceList },
  compact: {
    params: [texts],
    call: ([list]) =>
      listOf(itemsOf(list).filter((item) => item.type !== "null" && textOf(item) !== "")),
  },
  concat: {
    params: [],
    rest: any,
    call: (lists) => tupleValue(lists.flatMap((list, at) => inOrderOf(list, at))),
  },
  contains: {
    params: [any, nullable],
    call: ([list, wanted]) =>
      boolValue(itemsOf(list).some((item) => equalValues(item, wanted ?? nullValue))),
  },
  distinct: {
    params: [any],
    work: hashingUnits,
    call: ([list]) => {
      const seen = new Set<string>();
      const kept = sameItems(list).filter((item) => {
        const key = JSON.stringify(identityOf(item));
        const isNew = !seen.has(key);
        seen.add(key);
        return isNew;
      });
      return listOf(kept);
    },
  },
  element: {
    params: [any, number],
    call: ([list, index]) => {
      const items = inOrderOf(list);
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
  lookup: { params: [any, string, any], call: lookup },
  merge: { params: [], rest: nullable, call: merge },
  setintersection: {
    params: [any],
    rest: any,
    work: hashingUnits,
    call: (sets) => combine(sets, inAll),
  },
  setunion: {
    params: [any],
    rest: any,
    work: hashingUnits,
    call: (sets) => combine(sets, () => true),
  },
  setproduct: { params: [any, any], rest: any, work: productUnits, call: product },
  slice: {
    params: [any, number, number],
    call: ([list, from, to]) => {
      const items = inOrderOf(list);
      const [start, end] = [wholeOf(from, 1), wholeOf(to, 2)];
      if (start < 0 || start > end) throw new CallFault("start index must not be above the end", 1);
      if (end > items.length) throw new CallFault("end index is beyond the list", 2);
      return tupleValue(items.slice(start, end));
    },
  },
  sort: {
    params: [texts],
    work: ([list]) => sizeOf(list ?? nullValue),
    call: ([list]) => listOf([...itemsOf(list)].sort((a, b) => compareText(textOf(a), textOf(b)))),
  },
  zipmap: {
    params: [texts, any],
    call: ([keys, values]) => {
      const [names, items] = [itemsOf(keys), inOrderOf(values, 1)];
      if (names.length !== items.length)
        throw new CallFault("number of keys and values differs", 1);
      return objectValue(new Map(names.map((name, at) => [textOf(name), items[at] ?? nullValue])));
    },
  },
};

/** A text is made of every element, by which it is known again. */
function hashingUnits(args: readonly Value[]): number {
  return unifyingUnits(args) + args.reduce((units, arg) => units + 4 * sizeOf(arg), 0);
}

function productUnits(sets: readonly Value[]): number {
  let rows = 1;
  for (const set of sets) rows = Math.min(mostRows, rows * itemsOf(set).length);
  const isSet = sets.some((set) => set.type === "set");
  return rows * (isSet ? 400 : 200) + hashingUnits(sets);
}

const listOf = (items: readonly Value[]): Value => ({ type: "list", items });

function chunks(items: readonly Value[], size: number): Value {
  if (size < 0) throw new CallFault("the size must not be negative", 1);
  const step = size === 0 ? items.length : size;
  const out: Value[] = [];
  for (let at = 0; at < items.length; at += step) out.push(listOf(items.slice(at, at + step)));
  return listOf(out);
}

function coalesce(values: readonly Value[]): Value {
  const unified = unifyValues(values);
  if (unified === undefined) throw new CallFault("all arguments must have the same type");
  const found = unified.find((value) => value.type !== "null");
  if (found === undefined) throw new CallFault("no argument has a value");
  return found;
}

function coalesceList(lists: readonly Value[]): Value {
  const found = lists.find((list, at) => list.type !== "null" && inOrderOf(list, at).length > 0);
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

function lookup([map, key, fallback = nullValue]: readonly Value[]): Value {
  const name = textOf(key, 1);
  const entries = entriesIn(map);
  const found = entries.get(name);
  if (found !== undefined) return found;
  if (map?.type !== "map") return fallback;
  const [first] = entries.values();
  const unified = first === undefined ? [fallback] : unifyValues([first, fallback]);
  const converted = unified?.at(-1);
  if (converted !== undefined && (first === undefined || converted.type === first.type))
    return converted;
  throw new CallFault("the default must have the type of the map's elements", 2);
}

function merge(maps: readonly Value[]): Value {
  if (maps.length > 0 && maps.every((map) => map.type === "null")) return nullValue;
  const entries = maps.flatMap((map, at) => (map.type === "null" ? [] : pairsOf(map, at)));
  return objectValue(new Map(entries));
}

/** The elements of all sets brought to one type, then those that `keeps` wants of them. */
function combine(
  sets: readonly Value[],
  keeps: (key: string, all: readonly ReadonlySet<string>[]) => boolean,
): Value {
  const sizes = sets.map((set, at) => itemsOf(set, at).length);
  const unified = unifyValues(sets.flatMap((set, at) => itemsOf(set, at)));
  if (unified === undefined) throw new CallFault("the elements of all sets must have one type");
  const keys = unified.map((item) => JSON.stringify(identityOf(item)));
  let from = 0;
  const all = sizes.map((size) => new Set(keys.slice(from, (from += size))));
  return setValue(unified.filter((_, at) => keeps(keys[at] ?? "", all)));
}

const inAll = (key: string, all: readonly ReadonlySet<string>[]): boolean =>
  all.every((keys) => keys.has(key));

/** The elements of a list that was perhaps written as a tuple, brought to one type. */
function sameItems(list: Value | undefined, at = 0): readonly Value[] {
  const same = unifyItems("list", itemsOf(list, at));
  if (same === undefined) throw new CallFault("all elements must have the same type", at);
  return itemsOf(same);
}

const mostRows = 100_000;

function product(sets: readonly Value[]): Value {
  let rows: readonly (readonly Value[])[] = [[]];
  for (const [at, set] of sets.entries()) {
    const items = sameItems(set, at);
    if (rows.length * items.length > mostRows) throw new CallFault("the product is too large", at);
    rows = rows.flatMap((row) => items.map((item) => [...row, item]));
  }
  const tuples = rows.map(tupleValue);
  return sets.every((set) => set.type !== "set") ? listOf(tuples) : setValue(tuples);
}
