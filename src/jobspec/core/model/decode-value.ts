import { assertNever } from "../../../lib/errors.ts";
import type { Json, JsonObject } from "../../../lib/json.ts";
import type { JsonPath } from "../../../lib/json-path.ts";
import type { Kind, Schema } from "./schema.ts";

/** Deeper input is refused: no job is that deep, and recursion must stay bounded. */
const deepest = 100;

export type Decoded =
  | { readonly ok: true; readonly value: JsonObject }
  | {
      readonly ok: false;
      readonly message: string;
      /** From the outermost object to the value that is wrong. */
      readonly path: JsonPath;
    };

/** Thrown inside this file only; `decodeObject` turns it into a value. */
class DecodeFault extends Error {}

/** The way to the value that is read at this moment. A text of it for each of the values would cost more than they do. */
type Trail = (string | number)[];

/**
 * Reads an object of unknown JSON by its schema. Keys match without regard to case (the last spelling wins, as in
 * the reference), unknown keys are dropped, null counts as not written.
 */
export function decodeObject(schema: Schema, value: unknown): Decoded {
  const trail: Trail = [];
  try {
    return { ok: true, value: readObject(schema, value, trail) };
  } catch (thrown) {
    if (!(thrown instanceof DecodeFault)) throw thrown;
    const place = trailText(schema, trail);
    return { ok: false, message: `${place}: ${thrown.message}`, path: trail };
  }
}

function readObject(schema: Schema, value: unknown, trail: Trail): JsonObject {
  const read: Record<string, Json> = {};
  const written = record(value);
  for (const key of Object.keys(written)) {
    const field = schema.byKey.get(key) ?? schema.byKey.get(key.toLowerCase());
    const item = written[key];
    if (field === undefined || item === null || item === undefined) continue;
    trail.push(field.name);
    read[field.name] = readValue(field.kind, item, trail);
    trail.pop();
  }
  return read;
}

function readValue(kind: Kind, value: unknown, trail: Trail): Json {
  switch (kind.kind) {
    case "text":
      return typeof value === "string" ? value : wrong("text", value);
    case "bool":
      return typeof value === "boolean" ? value : wrong("true or false", value);
    case "duration":
      return Number.isInteger(value)
        ? Number(value)
        : wrong("a duration as a whole number of nanoseconds", value);
    case "whole":
      return readWhole(kind, value);
    case "list":
      return listItems(value, trail, (item) => readItem(kind.of, item, trail));
    case "map":
      return mapEntries(record(value), trail, (item) => readItem(kind.of, item, trail));
    case "object":
      return readObject(kind.schema, value, trail);
    case "free":
      return readFree(value, trail, 0);
    default:
      return assertNever(kind);
  }
}

/** null inside a list or map is the zero value of its kind. */
function readItem(kind: Kind, value: unknown, trail: Trail): Json {
  if (value !== null) return readValue(kind, value, trail);
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

function readWhole(kind: { readonly min: number; readonly max: number }, value: unknown): number {
  if (typeof value !== "number" || !Number.isInteger(value)) return wrong("a whole number", value);
  if (value < kind.min || value > kind.max)
    return wrong(`a whole number from ${kind.min} to ${kind.max}`, value);
  return value;
}

function readFree(value: unknown, trail: Trail, depth: number): Json {
  if (depth > deepest) throw new DecodeFault(`nested deeper than ${deepest} levels`);
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : wrong("a number", value);
  const inner = (item: unknown): Json => readFree(item, trail, depth + 1);
  return Array.isArray(value)
    ? listItems(value, trail, inner)
    : mapEntries(record(value), trail, inner);
}

function listItems(value: unknown, trail: Trail, read: (item: unknown) => Json): Json[] {
  if (!Array.isArray(value)) return wrong("a list", value);
  return value.map((item: unknown, at) => {
    trail.push(at);
    const out = read(item);
    trail.pop();
    return out;
  });
}

/** Entries are defined, not assigned, so that a key named __proto__ stays data. */
function mapEntries(
  value: Readonly<Record<string, unknown>>,
  trail: Trail,
  read: (item: unknown) => Json,
): JsonObject {
  const entries = Object.keys(value).map((key): [string, Json] => {
    trail.push(key);
    const out = read(value[key]);
    trail.pop();
    return [key, out];
  });
  return Object.fromEntries(entries);
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : wrong("an object", value);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Throws with what is wrong; whoever catches it knows where. */
function wrong(wanted: string, value: unknown): never {
  throw new DecodeFault(`expected ${wanted}, got ${describe(value)}`);
}

/** `Job.TaskGroups[0].Meta[key]`: what is read by a table has a dot before it. */
function trailText(schema: Schema, trail: JsonPath): string {
  let text = schema.name;
  let kind: Kind | undefined = { kind: "object", schema };
  for (const key of trail) {
    text += kind?.kind === "object" ? `.${key}` : `[${key}]`;
    kind = kind === undefined ? undefined : kindInside(kind, String(key));
  }
  return text;
}

function kindInside(kind: Kind, key: string): Kind | undefined {
  if (kind.kind === "object") return kind.schema.byKey.get(key.toLowerCase())?.kind;
  return kind.kind === "list" || kind.kind === "map" ? kind.of : undefined;
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return `the text ${JSON.stringify(value.slice(0, 40))}`;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return "an object";
}
