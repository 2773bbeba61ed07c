import { badRequest } from "../errors.ts";
import { jsonFault } from "../../lib/json-fault.ts";

/**
 * A JSON object whose keys are found whatever their case, an exact one first, as clients in the wild send them
 * (`Job`, `job`). Only own keys are looked at, so `__proto__` is a key like any other.
 */
export interface Fields {
  readonly raw: Readonly<Record<string, unknown>>;
  /** null counts as absent. */
  get(name: string): unknown;
  text(name: string): string | undefined;
  number(name: string): number | undefined;
  bool(name: string): boolean | undefined;
  texts(name: string): readonly string[] | undefined;
  textMap(name: string): Readonly<Record<string, string>> | undefined;
  object(name: string): Fields | undefined;
  objects(name: string): readonly Fields[] | undefined;
}

export function parseJson(body: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw badRequest(jsonFault(body));
  }
  return fieldsOfJson(value);
}

/** The same for a body that was read elsewhere. */
export const fieldsOfJson = (value: unknown): Fields =>
  value === null ? fieldsOf({}) : fieldsOf(asObject(value, "body"));

export function fieldsOf(raw: Readonly<Record<string, unknown>>): Fields {
  const get = (name: string): unknown => {
    const key = Object.hasOwn(raw, name) ? name : otherCase(raw, name);
    return key === undefined ? undefined : (raw[key] ?? undefined);
  };
  const typed =
    <T>(kind: string, is: (value: unknown) => value is T) =>
    (name: string): T | undefined => {
      const value = get(name);
      if (value === undefined) return undefined;
      if (!is(value)) throw wrongType(value, name, kind);
      return value;
    };
  const list = typed("slice", (value): value is readonly unknown[] => Array.isArray(value));
  return {
    raw,
    get,
    text: typed("string", (value): value is string => typeof value === "string"),
    number: typed("int", (value): value is number => typeof value === "number"),
    bool: typed("bool", (value): value is boolean => typeof value === "boolean"),
    texts: (name) => list(name)?.map((item) => asText(item, name)),
    textMap(name) {
      const value = get(name);
      if (value === undefined) return undefined;
      const pairs = Object.entries(asObject(value, name));
      return Object.fromEntries(pairs.map(([key, item]) => [key, asText(item, name)]));
    },
    object(name) {
      const value = get(name);
      return value === undefined ? undefined : fieldsOf(asObject(value, name));
    },
    objects: (name) => list(name)?.map((item) => fieldsOf(asObject(item, name))),
  };
}

function otherCase(raw: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const lower = name.toLowerCase();
  return Object.keys(raw).find((key) => key.toLowerCase() === lower);
}

function asObject(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw wrongType(value, name, "object");
  return value as Readonly<Record<string, unknown>>;
}

function asText(value: unknown, name: string): string {
  if (typeof value !== "string") throw wrongType(value, name, "string");
  return value;
}

function wrongType(value: unknown, name: string, wanted: string): Error {
  const got = Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
  const kind = got === "boolean" ? "bool" : got;
  return badRequest(`json: cannot unmarshal ${kind} into field ${name} of type ${wanted}`);
}
