import type { Budget } from "../budget.ts";
import { between, exactly, wrongType } from "../call.ts";
import type { FunctionTable } from "../call.ts";
import { CallFault } from "../faults.ts";
import { compareText, Dictionary, isList } from "../value.ts";
import type { Value } from "../value.ts";
import { isEmptyValue, toCount, toText } from "./cast.ts";
import { dictionaryOf, merge } from "./collections.ts";
import { isSame } from "./compare.ts";

/** The list and map functions of the sprig collection. Only `set`, `unset` and the merges change what they are given. */
export const sprigListFunctions: FunctionTable = {
  list: between(0, Infinity, (given) => given.all),
  first: exactly(1, (given) => listOf(given.any(0))[0]),
  last: exactly(1, (given) => listOf(given.any(0)).at(-1)),
  rest: exactly(1, (given, { budget }) => part(given.any(0), 1, undefined, budget)),
  initial: exactly(1, (given, { budget }) => part(given.any(0), 0, -1, budget)),
  append: exactly(2, (given, { budget }) => [...copied(given.any(0), budget), given.any(1)]),
  prepend: exactly(2, (given, { budget }) => [given.any(1), ...copied(given.any(0), budget)]),
  concat: between(0, Infinity, (given, { budget }) =>
    given.all.flatMap((list) => copied(list, budget)),
  ),
  reverse: exactly(1, (given, { budget }) => [...copied(given.any(0), budget)].reverse()),
  uniq: exactly(1, (given, { budget }) => unique(listOf(given.any(0)), budget)),
  without: between(1, Infinity, (given, { budget }) =>
    listOf(given.any(0)).filter(
      (item) => !given.all.slice(1).some((other) => isSame(item, other, budget)),
    ),
  ),
  has: exactly(2, (given, { budget }) =>
    given.any(1) === undefined
      ? false
      : listOf(given.any(1)).some((item) => isSame(item, given.any(0), budget)),
  ),
  compact: exactly(1, (given, { budget }) =>
    copied(given.any(0), budget).filter((item) => !isEmptyValue(item)),
  ),
  slice: between(1, 3, (given, { budget }) => {
    const list = listOf(given.any(0));
    const from = given.count > 1 ? toCount(given.any(1)) : 0;
    const to = given.count > 2 ? toCount(given.any(2)) : list.length;
    if (from < 0 || to > list.length || from > to)
      throw new CallFault(`slice bounds out of range [${from}:${to}]`);
    return part(list, from, to, budget);
  }),
  chunk: exactly(2, (given, { budget }) => {
    const size = toCount(given.any(0));
    if (size < 1) throw new CallFault("the size of a chunk must be positive");
    const list = copied(given.any(1), budget);
    return Array.from({ length: Math.ceil(list.length / size) }, (_, at) =>
      list.slice(at * size, (at + 1) * size),
    );
  }),
  dict: between(0, Infinity, (given, { budget }) => {
    const entries = new Map<string, Value>();
    for (let at = 0; at < given.count; at += 2)
      // A key without a value stands for an empty text.
      entries.set(toText(given.any(at), budget), at + 1 < given.count ? given.any(at + 1) : "");
    return new Dictionary(entries);
  }),
  get: exactly(2, (given) => {
    const { entries } = dictionaryOf(given.any(0));
    return entries.has(given.text(1)) ? entries.get(given.text(1)) : "";
  }),
  set: exactly(3, (given, { budget }) => {
    budget.spend(1);
    dictionaryOf(given.any(0)).entries.set(given.text(1), given.any(2));
    return given.any(0);
  }),
  unset: exactly(2, (given) => {
    dictionaryOf(given.any(0)).entries.delete(given.text(1));
    return given.any(0);
  }),
  hasKey: exactly(2, (given) => dictionaryOf(given.any(0)).entries.has(given.text(1))),
  pluck: between(1, Infinity, (given) =>
    given.all
      .slice(1)
      .map((value) => dictionaryOf(value).entries)
      .filter((entries) => entries.has(given.text(0)))
      .map((entries) => entries.get(given.text(0))),
  ),
  keys: between(0, Infinity, (given, { budget }) =>
    given.all.flatMap((value) => sortedEntries(value, budget).map(([key]) => key)),
  ),
  values: exactly(1, (given, { budget }) =>
    sortedEntries(given.any(0), budget).map(([, value]) => value),
  ),
  pick: between(1, Infinity, (given, { budget }) => {
    const wanted = new Set(given.all.slice(1).map((key) => toText(key, budget)));
    return keeping(given.any(0), budget, (key) => wanted.has(key));
  }),
  omit: between(1, Infinity, (given, { budget }) => {
    const unwanted = new Set(given.all.slice(1).map((key) => toText(key, budget)));
    return keeping(given.any(0), budget, (key) => !unwanted.has(key));
  }),
  merge: between(1, Infinity, (given, { budget }) => mergeInto(given.all, "first", budget)),
  mergeOverwrite: between(1, Infinity, (given, { budget }) =>
    mergeInto(given.all, "second", budget),
  ),
  deepCopy: exactly(1, (given, { budget }) => deepCopy(given.any(0), budget)),
  dig: between(3, Infinity, (given) => {
    let value: Value = given.any(given.last);
    for (let at = 0; at < given.last - 1; at++) {
      const { entries } = dictionaryOf(value);
      if (!entries.has(given.text(at))) return given.any(given.last - 1);
      value = entries.get(given.text(at));
    }
    return value;
  }),
};

function listOf(value: Value): readonly Value[] {
  if (value === undefined) return [];
  if (isList(value)) return value;
  throw wrongType("list", value);
}

/** The list, with the making of another of its length counted. */
function copied(value: Value, budget: Budget): readonly Value[] {
  const list = listOf(value);
  budget.spend(list.length);
  return list;
}

function part(
  value: Value,
  from: number,
  to: number | undefined,
  budget: Budget,
): readonly Value[] {
  return copied(value, budget).slice(from, to);
}

function unique(list: readonly Value[], budget: Budget): readonly Value[] {
  const kept: Value[] = [];
  for (const item of list) if (!kept.some((other) => isSame(item, other, budget))) kept.push(item);
  return kept;
}

/** The collection gives them in no order; this one is the same every time. */
function sortedEntries(value: Value, budget: Budget): readonly (readonly [string, Value])[] {
  const { entries } = dictionaryOf(value);
  budget.spend(entries.size);
  return [...entries].sort(([a], [b]) => compareText(a, b));
}

function keeping(value: Value, budget: Budget, isKept: (key: string) => boolean): Dictionary {
  return new Dictionary(new Map(sortedEntries(value, budget).filter(([key]) => isKept(key))));
}

function mergeInto(all: readonly Value[], wins: "first" | "second", budget: Budget): Dictionary {
  const target = dictionaryOf(all[0]);
  for (const source of all.slice(1))
    for (const [key, value] of merge(target, source, { wins, budget }).entries)
      target.entries.set(key, value);
  return target;
}

function deepCopy(value: Value, budget: Budget): Value {
  budget.spend(1);
  if (!isList(value) && !(value instanceof Dictionary)) return value;
  budget.enter();
  const copy = isList(value)
    ? value.map((item) => deepCopy(item, budget))
    : new Dictionary(
        new Map([...value.entries].map(([key, item]) => [key, deepCopy(item, budget)])),
        value,
      );
  budget.leave();
  return copy;
}
