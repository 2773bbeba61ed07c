import { assertNever } from "../../../lib/errors.ts";
import type { Json, JsonObject } from "../../../lib/json.ts";
import type { Kind, Schema } from "./schema.ts";

/** Deeper input is refused: no job is that deep, and recursion must stay bounded. */
const deepest = 100;

/** Thrown inside this file only; `decodeObject` turns it into a value. */
class DecodeFault extends Error {}

/**
 * Reads an object of unknown JSON by its schema. Keys match without regard to case (the last spelling wins, as in
 * the reference), unknown keys are dropped, null counts as not written.
 */
export function decodeObject(
  schema: Schema,
  value: unknown,
):
  | { readonly ok: true; readonly value: JsonObject }
  | { readonly ok: false; readonly message: string } {
  try {
    return { ok: true, value: readObject(schema, value, schema.name) };
  } catch (thrown) {
    if (thrown instanceof DecodeFault) return { ok: false, message: thrown.message };
    throw thrown;
  }
}

function readObject(schema: Schema, value: unknown, path: string): JsonObject {
  const read: Record<string, Json> = {};
  for (const [key, item] of Object.entries(record(value, path))) {
    const field = schema.byKey.get(key) ?? schema.byKey.get(key.toLowerCase());
    if (field === undefined || item === null || item === undefined) continue;
    read[field.name] = readValue(field.kind, item, `${path}.${field.name}`);
  }
  return read;
}

function readValue(kind: Kind, value: unknown, path: string): Json {
  switch (kind.kind) {
    case "text":
      return typeof value === "string" ? value : wrong(path, "text", value);
    case "bool":
      return typeof value === "boolean" ? value : wrong(path, "true or false", value);
    case "duration":
      return Number.isInteger(value)
        ? Number(value)
        : wrong(path, "a duration as a whole number of nanoseconds", value);
    case "whole":
      return readWhole(kind, value, path);
    case "list":
      if (!Array.isArray(value)) return wrong(path, "a list", value);
      return value.map((item: unknown, at) => readItem(kind.of, item, `${path}[${at}]`));
    case "map":
      return mapEntries(record(value, path), (item, key) =>
        readItem(kind.of, item, `${path}[${key}]`),
      );
    case "object":
      return readObject(kind.schema, value, path);
    case "free":
      return readFree(value, path, 0);
    default:
      return assertNever(kind);
  }
}

/** null inside a list or map is the zero value of its kind. */
function readItem(kind: Kind, value: unknown, path: string): Json {
  if (value !== null) return readValue(kind, value, path);
  switch (kind.kind) {
    case "text":
      return "";
    case "bool":
      return false;
    case "duration":
    case "whole":
      return 0;
    case "list":
      return [];
    case "map":
    case "object":
      return {};
    case "free":
      return null;
    default:
      return assertNever(kind);
  }
}

function readWhole(
  kind: { readonly min: number; readonly max: number },
  value: unknown,
  path: string,
): number {
  if (typeof value !== "number" || !Number.isInteger(value))
    return wrong(path, "a whole number", value);
  if (value < kind.min || value > kind.max)
    return wrong(path, `a whole number from ${kind.min} to ${kind.max}`, value);
  return value;
}

function readFree(value: unknown, path: string, depth: number): Json {
  if (depth > deepest) throw new DecodeFault(`${path}: nested deeper than ${deepest} levels`);
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number")
    return Number.isFinite(value) ? value : wrong(path, "a number", value);
  if (Array.isArray(value))
    return value.map((item: unknown, at) => readFree(item, `${path}[${at}]`, depth + 1));
  return mapEntries(record(value, path), (item, key) =>
    readFree(item, `${path}[${key}]`, depth + 1),
  );
}

/** Entries are defined, not assigned, so that a key named __proto__ stays data. */
function mapEntries(
  value: Readonly<Record<string, unknown>>,
  read: (item: unknown, key: string) => Json,
): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, read(item, key)]));
}

function record(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return wrong(path, "an object", value);
  return Object.fromEntries(Object.entries(value));
}

function wrong(path: string, wanted: string, value: unknown): never {
  throw new DecodeFault(`${path}: expected ${wanted}, got ${describe(value)}`);
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return `the text ${JSON.stringify(value.slice(0, 40))}`;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return "an object";
}
