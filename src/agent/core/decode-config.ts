import type { Diagnostic, Position } from "../../lib/diagnostic.ts";
import { parseDuration } from "../../lib/duration.ts";
import { assertNever } from "../../lib/errors.ts";
import type { Json, JsonObject } from "../../lib/json.ts";
import { nearMiss } from "../../lib/near-miss.ts";
import type { ConfigBlock, ConfigFields, ConfigLeaf } from "./config-types.ts";
import type { ConfigEntry, ConfigValue } from "./config-text.ts";

/** One source of configuration, decoded: only what was written. Durations are nanoseconds. */
export interface DecodedConfig {
  readonly values: JsonObject;
  readonly faults: readonly Diagnostic[];
  /** Dotted keys that were set but are not acted on yet. */
  readonly unacted: readonly string[];
  /** Where the keys below free-form values stand, by dotted name: whoever reads those names their faults with it. */
  readonly places: ReadonlyMap<string, Position>;
}

interface Context {
  readonly file: string;
  readonly faults: Diagnostic[];
  readonly unacted: string[];
  readonly places: Map<string, Position>;
}
type Target = { [key: string]: Json };

export function decodeConfig(
  entries: readonly ConfigEntry[],
  schema: ConfigFields,
  file: string,
): DecodedConfig {
  const context: Context = { file, faults: [], unacted: [], places: new Map() };
  const values = decodeFields(entries, schema, "", context);
  const { faults, unacted, places } = context;
  return { values, faults, unacted: [...new Set(unacted)], places };
}

function decodeFields(
  entries: readonly ConfigEntry[],
  schema: ConfigFields,
  path: string,
  context: Context,
): JsonObject {
  const out: Target = {};
  for (const entry of entries) {
    const field = Object.hasOwn(schema, entry.key) ? schema[entry.key] : schema["*"];
    if (field === undefined) {
      context.faults.push(unknownKey(entry, schema, path, context.file));
      continue;
    }
    if (entry.value.kind === "null") continue;
    const name = path === "" ? entry.key : `${path}.${entry.key}`;
    if (field.kind === "block") decodeBlock(entry, field, out, { ...context, name });
    else decodeLeafInto(entry, field, out, { ...context, name });
  }
  return out;
}

function unknownKey(
  entry: ConfigEntry,
  schema: ConfigFields,
  path: string,
  file: string,
): Diagnostic {
  const near = nearMiss(entry.key, Object.keys(schema));
  const where = path === "" ? "" : ` in ${path}`;
  return {
    severity: "error",
    summary: `unexpected key ${entry.key}${where}`,
    detail: near === undefined ? "" : `did you mean ${near}?`,
    file,
    start: entry.at,
  };
}

function decodeLeafInto(
  entry: ConfigEntry,
  field: ConfigLeaf,
  out: Target,
  context: Context & { readonly name: string },
): void {
  const value = decodeLeaf(entry.value, field);
  if (value === undefined) {
    fault(context, entry.value.at, `${context.name} must be ${article(field.kind)}`);
    return;
  }
  if (!field.acted) context.unacted.push(context.name);
  if (field.kind === "any") notePlaces(entry.value, context.name, context.places);
  const before = out[entry.key];
  // `meta` and its like may be written as several blocks.
  if (field.kind === "map" && isObject(before) && isObject(value))
    out[entry.key] = { ...before, ...value };
  else out[entry.key] = value;
}

function notePlaces(value: ConfigValue, path: string, places: Map<string, Position>): void {
  if (value.kind === "list") for (const item of value.items) notePlaces(item, path, places);
  if (value.kind !== "object") return;
  for (const { key, labels, value: inner, at } of value.entries) {
    const name = [path, key, ...labels].join(".");
    places.set(name, at);
    notePlaces(inner, name, places);
  }
}

function decodeBlock(
  entry: ConfigEntry,
  field: ConfigBlock,
  out: Target,
  context: Context & { readonly name: string },
): void {
  if (!field.acted) context.unacted.push(context.name);
  const quiet: Context = field.acted ? context : { ...context, unacted: [] };
  for (const { labels, value } of blockBodies(entry, field)) {
    if (value.kind !== "object") {
      fault(context, value.at, `${context.name} must be a block`);
      continue;
    }
    const name = [context.name, ...labels].join(".");
    const decoded = decodeFields(value.entries, field.fields, name, quiet);
    if (!field.labeled) {
      const before = out[entry.key];
      out[entry.key] = isObject(before) ? deepMerge(before, decoded) : decoded;
      continue;
    }
    const all = out[entry.key];
    out[entry.key] = { ...(isObject(all) ? all : {}), [labels[0] ?? ""]: decoded };
  }
}

/** JSON writes repeated blocks as a list and labels as keys of an object. */
function blockBodies(
  entry: ConfigEntry,
  field: ConfigBlock,
): readonly { readonly labels: readonly string[]; readonly value: ConfigValue }[] {
  const values = entry.value.kind === "list" ? entry.value.items : [entry.value];
  if (!field.labeled || entry.labels.length > 0)
    return values.map((value) => ({ labels: entry.labels, value }));
  return values.flatMap((value) => {
    const isLabels =
      value.kind === "object" &&
      value.entries.length > 0 &&
      value.entries.every(
        (inner) => !Object.hasOwn(field.fields, inner.key) && inner.value.kind === "object",
      );
    if (!isLabels || value.kind !== "object") return [{ labels: [], value }];
    return value.entries.map((inner) => ({ labels: [inner.key], value: inner.value }));
  });
}

function decodeLeaf(value: ConfigValue, field: ConfigLeaf): Json | undefined {
  switch (field.kind) {
    case "string":
      if (value.kind === "string" || value.kind === "number") return value.text;
      return value.kind === "bool" ? String(value.value) : undefined;
    case "int":
    case "float":
      return decodeNumber(value, field.kind);
    case "bool":
      if (value.kind === "bool") return value.value;
      if (value.kind === "string" && /^(?:true|false|1|0)$/.test(value.text))
        return /^(?:true|1)$/.test(value.text);
      return undefined;
    case "duration":
      if (value.kind === "string") return parseDuration(value.text);
      return decodeNumber(value, "int");
    case "list":
      if (value.kind === "string") return [value.text];
      return value.kind === "list" ? value.items.map(plainJson) : undefined;
    case "map":
      return decodeMap(value);
    case "any":
      return plainJson(value);
    default:
      return assertNever(field.kind);
  }
}

function decodeNumber(value: ConfigValue, kind: "int" | "float"): number | undefined {
  if (value.kind !== "number" && value.kind !== "string") return undefined;
  const number = value.text.trim() === "" ? Number.NaN : Number(value.text);
  return Number.isFinite(number) && (kind === "float" || Number.isSafeInteger(number))
    ? number
    : undefined;
}

function decodeMap(value: ConfigValue): JsonObject | undefined {
  if (value.kind === "list" && value.items.length === 1) {
    const [only] = value.items;
    return only === undefined ? undefined : decodeMap(only);
  }
  if (value.kind !== "object") return undefined;
  const out: Target = {};
  for (const entry of value.entries) {
    const text = plainJson(entry.value);
    if (text === null || typeof text === "object") return undefined;
    out[entry.key] = String(text);
  }
  return out;
}

/** Free-form values: blocks become objects, repeated blocks a list, labels nested keys. */
export function plainJson(value: ConfigValue): Json {
  switch (value.kind) {
    case "string":
      return value.text;
    case "number":
      return Number(value.text);
    case "bool":
      return value.value;
    case "null":
      return null;
    case "list":
      return value.items.map(plainJson);
    case "object": {
      const out: Target = {};
      for (const entry of value.entries) {
        const inner = entry.labels.reduceRight<Json>(
          (json, label) => ({ [label]: json }),
          plainJson(entry.value),
        );
        const before = out[entry.key];
        if (before === undefined) out[entry.key] = inner;
        else out[entry.key] = Array.isArray(before) ? [...before, inner] : [before, inner];
      }
      return out;
    }
    default:
      return assertNever(value);
  }
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function deepMerge(before: JsonObject, after: JsonObject): JsonObject {
  const out: Target = { ...before };
  for (const [key, value] of Object.entries(after)) {
    const old = out[key];
    out[key] = isObject(old) && isObject(value) ? deepMerge(old, value) : value;
  }
  return out;
}

function fault(context: Context, at: Position, summary: string): void {
  context.faults.push({ severity: "error", summary, detail: "", file: context.file, start: at });
}

const article = (kind: ConfigLeaf["kind"]): string =>
  ({
    string: "a string",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    duration: 'a duration such as "30s"',
    list: "a list",
    map: "a block of keys and values",
    any: "a value",
  })[kind];
