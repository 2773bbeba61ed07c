import type { Json, JsonObject } from "../../../lib/json.ts";
import type { DiffType, FieldDiff } from "../../../model/job-diff.ts";
import { isObject } from "../model/fill.ts";
import type { Schema } from "../model/schema.ts";

/** Field name to text. Absent fields are not in it. */
export type FlatFields = ReadonlyMap<string, string>;

/** The plain fields of an object as text, maps of plain values as `Name[key]`. */
export function flatFields(schema: Schema, value: JsonObject | null): FlatFields {
  const flat = new Map<string, string>();
  if (value === null) return flat;
  for (const field of schema.fields) {
    if (field.listed === false) continue;
    const item = value[field.storedName] ?? null;
    if (item === null && field.listed === "nil") flat.set(field.storedName, "nil");
    else if (isObject(item) && field.kind.kind === "map") flattenMap(field.storedName, item, flat);
    else if (isPlain(item)) flat.set(field.storedName, String(item));
  }
  return flat;
}

const isPlain = (value: Json): value is string | number | boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

/** Lists inside a map of free values are not plain and stay out. */
function flattenMap(name: string, map: JsonObject, flat: Map<string, string>): void {
  for (const [key, value] of Object.entries(map)) {
    if (isPlain(value)) flat.set(`${name}[${key}]`, String(value));
    else if (isObject(value)) flattenMap(`${name}[${key}]`, value, flat);
  }
}

/** A value of any depth as flat fields: `args[0]`, `labels[0][team]`. */
export function flatValue(value: JsonObject | null): FlatFields {
  const flat = new Map<string, string>();
  for (const [key, item] of Object.entries(value ?? {})) flattenValue(key, item, flat);
  return flat;
}

function flattenValue(name: string, value: Json, flat: Map<string, string>): void {
  if (value === null) flat.set(name, "nil");
  else if (isPlain(value)) flat.set(name, String(value));
  else if (isObject(value))
    for (const [key, item] of Object.entries(value)) flattenValue(`${name}[${key}]`, item, flat);
  else if (Array.isArray(value))
    value.forEach((item: Json, at) => flattenValue(`${name}[${at}]`, item, flat));
}

/** Field by field, sorted by name; fields that stay equal are listed only when `contextual`. */
export function fieldDiffs(old: FlatFields, next: FlatFields, contextual: boolean): FieldDiff[] {
  const names = [...new Set([...old.keys(), ...next.keys()])].toSorted();
  return names
    .map((name) => fieldDiff(name, old.get(name) ?? "", next.get(name) ?? ""))
    .filter((diff) => contextual || diff.Type !== "None");
}

/** Lists of texts are compared as sets; every entry is a field of the list's own name. */
export function textSetFields(
  name: string,
  old: readonly string[],
  next: readonly string[],
  contextual: boolean,
): FieldDiff[] {
  const [before, after] = [new Set(old), new Set(next)];
  const kept = [...before].filter((text) => after.has(text));
  return [
    ...[...before].filter((text) => !after.has(text)).map((text) => fieldDiff(name, text, "")),
    ...[...after].filter((text) => !before.has(text)).map((text) => fieldDiff(name, "", text)),
    ...(contextual ? kept.map((text) => fieldDiff(name, text, text)) : []),
  ].toSorted(byOldThenNew);
}

const fieldDiff = (name: string, old: string, next: string): FieldDiff => ({
  Type: typeOf(old, next),
  Name: name,
  Old: old,
  New: next,
  Annotations: null,
});

function typeOf(old: string, next: string): DiffType {
  if (old === next) return "None";
  if (old === "") return "Added";
  return next === "" ? "Deleted" : "Edited";
}

const byOldThenNew = (a: FieldDiff, b: FieldDiff): number =>
  compare(a.Old, b.Old) || compare(a.New, b.New);

export const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
