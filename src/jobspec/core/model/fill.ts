import { assertNever } from "../../../lib/errors.ts";
import type { Json, JsonObject } from "../../../lib/json.ts";
import type { Kind, Schema } from "./schema.ts";

/**
 * The table-driven halves of reading, canonicalize and storing. `fillCanonical` puts every field of the table in place:
 * what is written, else the table's canonical value. `fillStored` turns a canonical body into the stored shape.
 */
export function fillCanonical(schema: Schema, body: JsonObject): JsonObject {
  const filled: Record<string, Json> = {};
  for (const field of schema.fields) {
    const written = body[field.name] ?? field.unwritten;
    const value = written === field.unwritten ? field.canonical : written;
    filled[field.name] = value === null ? null : walk(field.kind, value, fillCanonical);
  }
  return filled;
}

/** What is written, and the zero values of the plain fields: a body as a job file's parse gives it. */
export function fillPlain(schema: Schema, body: JsonObject): JsonObject {
  const filled: Record<string, Json> = {};
  for (const field of schema.fields) {
    const value = body[field.name] ?? field.unwritten;
    if (value !== null) filled[field.name] = walk(field.kind, value, fillPlain);
  }
  return filled;
}

export function fillStored(schema: Schema, body: JsonObject): JsonObject {
  const stored: Record<string, Json> = {};
  for (const field of schema.fields) {
    if (field.stored === undefined) continue;
    const written = body[field.name] ?? null;
    const value = written === null || isEmptyList(field.kind, written) ? field.stored : written;
    stored[field.storedName] = value === null ? null : walk(field.kind, value, fillStored);
  }
  return stored;
}

/** Empty and absent lists and maps are one thing when jobs are compared, so one form of them is stored. */
function isEmptyList(kind: Kind, value: Json): boolean {
  if (kind.kind === "list") return Array.isArray(value) && value.length === 0;
  return kind.kind === "map" && isObject(value) && Object.keys(value).length === 0;
}

function walk(
  kind: Kind,
  value: Json,
  fill: (schema: Schema, body: JsonObject) => JsonObject,
): Json {
  switch (kind.kind) {
    case "text":
    case "bool":
    case "duration":
    case "whole":
    case "free":
      return value;
    case "list":
      return Array.isArray(value) ? value.map((item) => walk(kind.of, item, fill)) : value;
    case "map":
      if (!isObject(value) || kind.of.kind !== "object") return value;
      return mapValues(value, (item) => walk(kind.of, item, fill));
    case "object":
      return isObject(value) ? fill(kind.schema, value) : value;
    default:
      return assertNever(kind);
  }
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const mapValues = (
  map: JsonObject,
  change: (value: Json, key: string) => Json,
): JsonObject =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));

export function objects(list: Json | undefined): readonly JsonObject[] | null {
  return Array.isArray(list) ? list.filter((item: Json) => isObject(item)) : null;
}

export const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");
