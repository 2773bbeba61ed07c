import type { Json, JsonObject } from "../../lib/json.ts";
import type { ConfigFields } from "./config-types.ts";
import { isObject } from "./decode-config.ts";

/**
 * Lays a later source over an earlier one as published: later non-zero scalars win, plain bools can only turn on,
 * some lists are appended, maps merge by key, labeled blocks by label; plugin args and config are replaced whole.
 */
export function mergeConfig(
  before: JsonObject,
  after: JsonObject,
  schema: ConfigFields,
): JsonObject {
  const out: { [key: string]: Json } = { ...before };
  for (const [key, value] of Object.entries(after)) {
    const field = schema[key] ?? schema["*"];
    const old = out[key];
    if (field === undefined || old === undefined) out[key] = value;
    else if (field.kind === "block") out[key] = mergeBlock(old, value, field);
    else if (field.kind === "map")
      out[key] = isObject(old) && isObject(value) ? { ...old, ...value } : value;
    else if (field.append === true && Array.isArray(old) && Array.isArray(value))
      out[key] = [...old, ...value];
    else if (field.triState === true || !isZero(value)) out[key] = value;
  }
  return out;
}

function mergeBlock(
  old: Json,
  value: Json,
  field: { readonly labeled: boolean; readonly fields: ConfigFields },
): Json {
  if (!isObject(old) || !isObject(value)) return value;
  if (!field.labeled) return mergeConfig(old, value, field.fields);
  const out: { [label: string]: Json } = { ...old };
  for (const [label, body] of Object.entries(value)) {
    const earlier = out[label];
    out[label] =
      isObject(earlier) && isObject(body) ? mergeConfig(earlier, body, field.fields) : body;
  }
  return out;
}

const isZero = (value: Json): boolean =>
  value === false ||
  value === 0 ||
  value === "" ||
  value === null ||
  (Array.isArray(value) && value.length === 0);
