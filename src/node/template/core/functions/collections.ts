import { asText, between, exactly, wrongType } from "../call.ts";
import type { FunctionTable, TemplateFunction } from "../call.ts";
import type { Budget } from "../budget.ts";
import { CallFault } from "../faults.ts";
import { Dictionary, isList, Structure } from "../value.ts";
import type { Value } from "../value.ts";
import { isSame } from "./compare.ts";

/** Functions on lists and maps. */
export const collectionFunctions: FunctionTable = {
  in: exactly(2, (given, { budget }) => isWithin(given.any(0), given.any(1), budget)),
  contains: exactly(2, (given, { budget }) => isWithin(given.any(1), given.any(0), budget)),
  containsAll: needles((found, count) => found === count),
  containsAny: needles((found) => found > 0),
  containsNone: needles((found) => found === 0),
  containsNotAll: needles((found, count) => found < count),
  loop: between(1, 2, (given, { budget }) => {
    const [start, end] =
      given.count === 1 ? [0n, given.whole(0)] : [given.whole(0), given.whole(1)];
    const length = end > start ? end - start : 0n;
    budget.spend(Number(length));
    return Array.from({ length: Number(length) }, (_, at) => start + BigInt(at));
  }),
  byTag: exactly(1, (given, { budget }) => {
    const groups = new Map<string, Value[]>();
    for (const service of given.list(0))
      for (const tag of tagsOf(service)) {
        budget.spend(1);
        addTo(groups, tag, service);
      }
    return new Dictionary(groups);
  }),
  byKey: exactly(1, (given, { budget }) => groupByKey(given.list(0), budget)),
  explodeMap: exactly(1, (given, { budget }) => explode(given.any(0), budget)),
  mergeMap: exactly(2, (given, { budget }) =>
    merge(given.any(1), given.any(0), { wins: "first", budget }),
  ),
  mergeMapWithOverride: exactly(2, (given, { budget }) =>
    merge(given.any(1), given.any(0), { wins: "second", budget }),
  ),
  scratch: exactly(0, (_, { scratch, budget }) => scratchOf(scratch, budget)),
};

function isWithin(whole: Value, part: Value, budget: Budget): boolean {
  if (whole === undefined) return false;
  if (typeof whole === "string") {
    budget.read(whole.length);
    return whole.includes(asText(part));
  }
  if (isList(whole)) return whole.some((item) => isSame(shown(item), shown(part), budget));
  if (whole instanceof Dictionary)
    return [...whole.entries.values()].some((item) => isSame(shown(item), shown(part), budget));
  throw wrongType("list, map or string", whole);
}

/** Items of variables count as the text that they show. */
const shown = (value: Value): Value =>
  value instanceof Structure && value.text !== undefined ? value.text : value;

/** First what is looked for, then where. */
function needles(decide: (found: number, count: number) => boolean): TemplateFunction {
  return exactly(2, (given, { budget }) => {
    const wanted = given.list(0);
    const found = wanted.filter((needle) => isWithin(given.any(1), needle, budget)).length;
    return decide(found, wanted.length);
  });
}

function tagsOf(service: Value): readonly string[] {
  const tags = service instanceof Structure ? service.fields.get("Tags") : undefined;
  if (!isList(tags)) throw wrongType("list of services", service);
  return tags.map(asText);
}

function addTo(groups: Map<string, Value[]>, key: string, value: Value): void {
  const known = groups.get(key);
  if (known === undefined) groups.set(key, [value]);
  else known.push(value);
}

/** Groups pairs by the first part of their key, which is cut off. */
function groupByKey(pairs: readonly Value[], budget: Budget): Dictionary {
  const groups = new Map<string, Value>();
  for (const pair of pairs) {
    budget.spend(1);
    const fields =
      pair instanceof Structure
        ? pair.fields
        : pair instanceof Dictionary
          ? pair.entries
          : undefined;
    const key = fields?.get("Key");
    if (fields === undefined || typeof key !== "string") throw wrongType("list of pairs", pair);
    const [, group = "", rest = ""] = /^([^/]*)\/(.*)$/s.exec(key) ?? [];
    if (rest === "") continue;
    const known = groups.get(group);
    const members = known instanceof Dictionary ? known : new Dictionary(new Map());
    members.entries.set(rest, new Structure("KeyPair", new Map([...fields, ["Key", rest]])));
    groups.set(group, members);
  }
  return new Dictionary(groups);
}

/** Keys with slashes become maps within maps. */
function explode(value: Value, budget: Budget): Dictionary {
  const root = new Dictionary(new Map());
  for (const [key, item] of dictionaryOf(value).entries) {
    budget.scan(key.length);
    const path = key.split("/").filter((_, place, all) => !isOuterBlank(all, place));
    const last = path.pop() ?? "";
    let place = root;
    for (const part of path) {
      budget.spend(1);
      const next = place.entries.get(part);
      if (next !== undefined && !(next instanceof Dictionary))
        throw new CallFault(`${JSON.stringify(key)} is below a key that has a value itself`);
      const inner = next ?? new Dictionary(new Map());
      place.entries.set(part, inner);
      place = inner;
    }
    budget.spend(1);
    place.entries.set(last, shown(item));
  }
  return root;
}

/** What slashes at either end leave behind when they are parted. */
const isOuterBlank = (parts: readonly string[], at: number): boolean =>
  parts[at] === "" && (at === 0 || at === parts.length - 1);

export function dictionaryOf(value: Value): Dictionary {
  if (value instanceof Dictionary) return value;
  throw wrongType("map", value);
}

/** Maps within maps are merged too; a new map comes out. */
export function merge(
  first: Value,
  second: Value,
  how: { readonly wins: "first" | "second"; readonly budget: Budget },
): Dictionary {
  const { budget, wins } = how;
  const entries = new Map(dictionaryOf(first).entries);
  budget.enter();
  budget.spend(entries.size);
  for (const [key, value] of dictionaryOf(second).entries) {
    budget.spend(1);
    const known = entries.get(key);
    if (known instanceof Dictionary && value instanceof Dictionary)
      entries.set(key, merge(known, value, how));
    else if (wins === "second" || !entries.has(key)) entries.set(key, value);
  }
  budget.leave();
  return new Dictionary(entries);
}

/** A place to keep values in while one template is rendered. */
function scratchOf(kept: Map<string, Value>, budget: Budget): Structure {
  const set = (key: string, value: Value): string => {
    budget.spend(1);
    kept.set(key, value);
    return "";
  };
  const mapOf = (key: string): Dictionary => {
    const known = kept.get(key);
    if (known === undefined) {
      const made = new Dictionary(new Map());
      kept.set(key, made);
      return made;
    }
    return dictionaryOf(known);
  };
  const method = (count: number, call: (given: readonly Value[]) => Value) =>
    ({ least: count, most: count, call }) as const;
  return new Structure("scratch", new Map(), {
    methods: new Map([
      ["Key", method(1, ([key]) => kept.has(asText(key)))],
      ["Get", method(1, ([key]) => kept.get(asText(key)))],
      ["Set", method(2, ([key, value]) => set(asText(key), value))],
      ["SetX", method(2, ([key, value]) => (kept.has(asText(key)) ? "" : set(asText(key), value)))],
      [
        "MapSet",
        method(3, ([name, key, value]) => {
          budget.spend(1);
          mapOf(asText(name)).entries.set(asText(key), value);
          return "";
        }),
      ],
      [
        "MapSetX",
        method(3, ([name, key, value]) => {
          budget.spend(1);
          const { entries } = mapOf(asText(name));
          if (!entries.has(asText(key))) entries.set(asText(key), value);
          return "";
        }),
      ],
      [
        "MapValues",
        method(1, ([name]) => {
          const { entries } = mapOf(asText(name));
          budget.spend(entries.size);
          return [...entries.keys()].sort().map((key) => entries.get(key));
        }),
      ],
    ]),
  });
}
