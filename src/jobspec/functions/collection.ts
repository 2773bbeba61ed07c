import { sizeOf, unifyingUnits } from "../core/hcl/limits.ts";
import { CallFault } from "../core/hcl/scope-types.ts";
import type { LanguageFunction, ParameterSpec } from "../core/hcl/scope-types.ts";
import { anyType, isSameType, textType, typeOf } from "../core/hcl/types.ts";
import { unifyTypes } from "../core/hcl/unify.ts";
import { boolValue, compareText, convertValue, equalValues } from "../core/hcl/value.ts";
import { identityOf, listValue, mapValue, nullValue, numberValue } from "../core/hcl/value.ts";
import { objectValue, setValue, textValue, tupleValue } from "../core/hcl/value.ts";
import type { TypeSpec, Value } from "../core/hcl/value-types.ts";
import { entriesIn, inOrderOf, itemsOf, pairsOf, textOf, wholeOf } from "./arguments.ts";

const any: TypeSpec = anyType;
const string: TypeSpec = textType;
const number: TypeSpec = { kind: "number" };
const texts: TypeSpec = { kind: "list", of: string };
const nullable: ParameterSpec = { kind: "nullable" };

export const collectionFunctions: Readonly<Record<string, LanguageFunction>> = {
  chunklist: {
    params: [any, number],
    work: unifyingUnits,
    call: ([list, size]) => chunks(oneType(list), wholeOf(size, 1)),
  },
  coalesce: { params: [], rest: nullable, work: unifyingUnits, call: coalesce },
  coalescelist: { params: [], rest: nullable, call: coalesceList },
  compact: {
    params: [texts],
    call: ([list]) =>
      listValue(
        itemsOf(list).filter((item) => item.type !== "null" && textOf(item) !== ""),
        string,
      ),
  },
  concat: { params: [], rest: any, work: unifyingUnits, call: concat },
  contains: {
    params: [any, any],
    call: ([list, wanted]) =>
      boolValue(itemsOf(list).some((item) => equalValues(item, wanted ?? nullValue))),
  },
  distinct: {
    params: [any],
    work: hashingUnits,
    call: ([list]) => {
      const { items, of } = oneType(list);
      const seen = new Set<string>();
      const kept = items.filter((item) => {
        const key = JSON.stringify(identityOf(item));
        const isNew = !seen.has(key);
        seen.add(key);
        return isNew;
      });
      return listValue(kept, of);
    },
  },
  element: {
    params: [any, number],
    call: ([list, index]) => {
      const items = inOrderOf(list);
      if (items.length === 0) throw new CallFault("cannot use element with an empty list", 0);
      const at = wholeOf(index, 1) % items.length;
      return items.at(at) ?? nullValue;
    },
  },
  flatten: { params: [any], call: ([list]) => tupleValue(flatItems(itemsOf(list))) },
  index: { params: [any, any], call: ([collection, key]) => pick(collection, key) },
  keys: {
    params: [any],
    call: ([map]) => {
      const keys = pairsOf(map).map(([key]) => textValue(key));
      return map?.type === "map" ? listValue(keys, string) : tupleValue(keys);
    },
  },
  values: {
    params: [any],
    call: ([map]) => {
      const items = pairsOf(map).map(([, item]) => item);
      return map?.type === "map" ? listValue(items, map.of) : tupleValue(items);
    },
  },
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
  slice: { params: [any, number, number], call: slice },
  sort: {
    params: [texts],
    work: ([list]) => sizeOf(list ?? nullValue),
    call: ([list]) =>
      listValue(
        [...itemsOf(list)].sort((a, b) => compareText(textOf(a), textOf(b))),
        string,
      ),
  },
  zipmap: {
    params: [texts, any],
    call: ([keys, values]) => {
      const [names, items] = [itemsOf(keys), inOrderOf(values, 1)];
      if (names.length !== items.length)
        throw new CallFault("number of keys and values differs", 1);
      const entries = new Map(names.map((name, at) => [textOf(name), items[at] ?? nullValue]));
      return values?.type === "list" ? mapValue(entries, values.of) : objectValue(entries);
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

type List = Extract<Value, { type: "list" | "set" }>;

/** The elements of a list that was perhaps written as a tuple, brought to one type. */
function oneType(list: Value | undefined, at = 0): List {
  if (list?.type === "list" || list?.type === "set") return list;
  const same = convertValue(tupleValue(itemsOf(list, at)), { kind: "list", of: any });
  if (same?.type === "list") return same;
  throw new CallFault("all elements must have the same type", at);
}

function chunks({ items, of }: List, size: number): Value {
  if (size < 0) throw new CallFault("the size must not be negative", 1);
  const step = size === 0 ? items.length : size;
  const out: Value[] = [];
  for (let at = 0; at < items.length; at += step)
    out.push(listValue(items.slice(at, at + step), of));
  return listValue(out, { kind: "list", of });
}

/** Only what comes before the first value that is not null has to fit the type of all. */
function coalesce(values: readonly Value[]): Value {
  const type = unifyTypes(values.map(typeOf));
  if (type === undefined) throw new CallFault("all arguments must have the same type");
  const found = values.find((value) => value.type !== "null");
  if (found === undefined) throw new CallFault("no argument has a value");
  const converted = convertValue(found, type);
  if (converted === undefined) throw new CallFault("all arguments must have the same type");
  return converted;
}

function coalesceList(lists: readonly Value[]): Value {
  for (const [at, list] of lists.entries())
    if (!isOrdered(typeOf(list))) throw new CallFault("a list or tuple is required", at);
  const found = lists.find((list) => "items" in list && list.items.length > 0);
  if (found === undefined) throw new CallFault("no list has an element");
  return found;
}

const isOrdered = ({ kind }: TypeSpec): boolean => kind === "list" || kind === "tuple";

/** Lists of elements that come to one type are one list; anything else is a tuple. */
function concat(sequences: readonly Value[]): Value {
  if (sequences.length === 0) throw new CallFault("at least one argument is required");
  const items = sequences.map((sequence, at) => inOrderOf(sequence, at));
  const type = sequences.every((sequence) => sequence.type === "list")
    ? unifyTypes(sequences.map(typeOf))
    : undefined;
  if (type?.kind !== "list") return tupleValue(items.flat());
  return listValue(
    items.flatMap((list, at) => list.map((item) => fitting(item, type.of, at))),
    type.of,
  );
}

function fitting(value: Value, type: TypeSpec, at: number): Value {
  const converted = convertValue(value, type);
  if (converted !== undefined) return converted;
  throw new CallFault(`this does not fit: a ${type.kind} is required`, at);
}

const flatItems = (items: readonly Value[]): readonly Value[] =>
  items.flatMap((item) => ("items" in item ? flatItems(item.items) : [item]));

function pick(collection: Value = nullValue, key: Value = nullValue): Value {
  if (collection.type === "map") {
    if (key.type !== "string") throw new CallFault("key for map must be string", 1);
    const found = collection.entries.get(key.text);
    if (found !== undefined) return found;
  } else if (collection.type === "list" || collection.type === "tuple") {
    if (key.type !== "number") throw new CallFault(`key for ${collection.type} must be number`, 1);
    const found = collection.items[wholeOf(key, 1)];
    if (found !== undefined) return found;
  } else throw new CallFault("collection must be a list, a map or a tuple", 0);
  throw new CallFault("invalid index", 1);
}

function lengthOf(value: Value): Value {
  if ("items" in value) return numberValue(value.items.length);
  if (value.type === "map") return numberValue(value.entries.size);
  throw new CallFault("collection must be a list, a map or a tuple");
}

function lookup([map, key, fallback = nullValue]: readonly Value[]): Value {
  const entries = entriesIn(map);
  const found = entries.get(textOf(key, 1));
  if (map?.type !== "map") return found ?? fallback;
  const converted = convertValue(fallback, map.of);
  if (converted === undefined)
    throw new CallFault("the default must have the type of the map's elements", 2);
  return found ?? converted;
}

/** Maps of one type are one map; anything else is an object. */
function merge(maps: readonly Value[]): Value {
  const types = maps.map(typeOf);
  for (const [at, { kind }] of types.entries())
    if (kind !== "map" && kind !== "object" && kind !== "any")
      throw new CallFault("a map or object is required", at);
  const merged = new Map(maps.flatMap((map, at) => (map.type === "null" ? [] : pairsOf(map, at))));
  const [first] = types;
  return first?.kind === "map" && types.every((type) => isSameType(type, first))
    ? mapValue(merged, first.of)
    : objectValue(merged);
}

/** The elements of all sets brought to one type, then those that `keeps` wants of them. */
function combine(
  sets: readonly Value[],
  keeps: (key: string, all: readonly ReadonlySet<string>[]) => boolean,
): Value {
  const all = sets.map((set, at) => oneType(set, at));
  // An empty tuple is a set of anything.
  const typed = all.filter(({ items, of }) => items.length > 0 || of.kind !== "any");
  const of = typed.length === 0 ? any : unifyTypes(typed.map((set) => set.of));
  if (of === undefined) throw new CallFault("the elements of all sets must have one type");
  const unified = all.map(({ items }, at) => items.map((item) => fitting(item, of, at)));
  const keyOf = (item: Value): string => JSON.stringify(identityOf(item));
  const keys = unified.map((items) => new Set(items.map(keyOf)));
  return setValue(
    unified.flat().filter((item) => keeps(keyOf(item), keys)),
    of,
  );
}

const inAll = (key: string, all: readonly ReadonlySet<string>[]): boolean =>
  all.every((keys) => keys.has(key));

const mostRows = 100_000;

function product(sets: readonly Value[]): Value {
  let rows: readonly (readonly Value[])[] = [[]];
  const types: TypeSpec[] = [];
  for (const [at, set] of sets.entries()) {
    const { items, of } = oneType(set, at);
    if (rows.length * items.length > mostRows) throw new CallFault("the product is too large", at);
    rows = rows.flatMap((row) => items.map((item) => [...row, item]));
    types.push(of);
  }
  const tuples = rows.map(tupleValue);
  const of: TypeSpec = { kind: "tuple", items: types };
  return sets.every((set) => set.type !== "set") ? listValue(tuples, of) : setValue(tuples, of);
}

function slice([list, from, to]: readonly Value[]): Value {
  const items = inOrderOf(list);
  const [start, end] = [wholeOf(from, 1), wholeOf(to, 2)];
  if (start < 0 || start > items.length) throw new CallFault("start index is not in the list", 1);
  if (end < 0 || end > items.length) throw new CallFault("end index is not in the list", 2);
  if (start > end) throw new CallFault("start index must not be above the end", 1);
  const kept = items.slice(start, end);
  return list?.type === "list" ? listValue(kept, list.of) : tupleValue(kept);
}
