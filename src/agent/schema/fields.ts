import type { ConfigBlock, ConfigFields, ConfigKind, ConfigLeaf } from "../core/config-types.ts";

export const leaf =
  (kind: ConfigKind) =>
  (fallback?: string | number | boolean): ConfigLeaf =>
    fallback === undefined ? { kind, acted: true } : { kind, fallback, acted: true };
export const str = leaf("string");
export const int = leaf("int");
export const float = leaf("float");
export const bool = leaf("bool");
export const dur = leaf("duration");
export const list = leaf("list");
export const map = leaf("map");
export const any = leaf("any");
export const appended: ConfigLeaf = { kind: "list", acted: true, append: true };
export const tri = (fallback: boolean): ConfigLeaf => ({
  kind: "bool",
  fallback,
  acted: true,
  triState: true,
});
export const block = (fields: ConfigFields): ConfigBlock => ({
  kind: "block",
  fields,
  labeled: false,
  acted: true,
});
export const named = (fields: ConfigFields): ConfigBlock => ({
  kind: "block",
  fields,
  labeled: true,
  acted: true,
});

/** Carried, not acted on yet. A block given this way marks all that is inside. */
export const later = (entry: ConfigLeaf | ConfigBlock): ConfigLeaf | ConfigBlock =>
  entry.kind === "block"
    ? { ...entry, acted: false, fields: laterFields(entry.fields) }
    : { ...entry, acted: false };
export const laterFields = (fields: ConfigFields): ConfigFields =>
  Object.fromEntries(Object.entries(fields).map(([key, entry]) => [key, later(entry)]));

export const strings = (keys: string): ConfigFields =>
  Object.fromEntries(keys.split(/\s+/).map((key) => [key, str()]));
export const durations = (keys: string): ConfigFields =>
  Object.fromEntries(keys.split(/\s+/).map((key) => [key, dur()]));

export const joinFields: ConfigFields = laterFields({
  start_join: list(),
  retry_join: list(),
  retry_max: int(0),
  retry_interval: dur("30s"),
});
