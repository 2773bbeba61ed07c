import type { Diagnostic } from "../lib/diagnostic.ts";
import { parseDuration } from "../lib/duration.ts";
import type { Json, JsonObject } from "../lib/json.ts";
import { agentConfigSchema } from "./schema/agent-keys.ts";
import type { ConfigFields } from "./core/config-types.ts";
import { isObject } from "./core/decode-config.ts";

/** The merged configuration with defaults filled in, read by dotted name. */
export interface Settings {
  text(name: string): string;
  number(name: string): number;
  flag(name: string): boolean;
  /** Durations are kept in nanoseconds. */
  milliseconds(name: string): number;
  list(name: string): readonly string[];
  map(name: string): { readonly [key: string]: string };
  /** A labeled block such as `plugin "docker"`; undefined when it was not written. */
  block(name: string, label: string): JsonObject | undefined;
  /** True when some source wrote it. */
  has(name: string): boolean;
  /** Where a key of a free-form block was written last, by its dotted name; empty for all others. */
  placeOf(name: string): Place;
  readonly values: JsonObject;
}
export type Place = Pick<Diagnostic, "file" | "start">;

export function createSettings(
  values: JsonObject,
  places: ReadonlyMap<string, Place> = new Map(),
): Settings {
  const look = (name: string): Json | undefined => {
    const written = at(values, name.split("."));
    return written === undefined ? fallbackOf(name.split(".")) : written;
  };
  const number = (name: string): number => {
    const value = look(name);
    return typeof value === "number" ? value : 0;
  };
  return {
    values,
    number,
    text(name) {
      const value = look(name);
      return textOf(value);
    },
    flag: (name) => look(name) === true,
    milliseconds: (name) => number(name) / 1e6,
    list(name) {
      const value = look(name);
      return Array.isArray(value) ? value.map(textOf) : [];
    },
    map(name) {
      const value = look(name);
      if (!isObject(value)) return {};
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, textOf(item)]));
    },
    block(name, label) {
      const value = at(values, [...name.split("."), label]);
      return isObject(value) ? value : undefined;
    },
    placeOf: (name) => places.get(name) ?? {},
    has: (name) => at(values, name.split(".")) !== undefined,
  };
}

function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function at(values: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (value, key) => (isObject(value) ? value[key] : undefined),
    values,
  );
}

function fallbackOf(path: readonly string[]): Json | undefined {
  let fields: ConfigFields = agentConfigSchema;
  for (const [depth, key] of path.entries()) {
    const field = fields[key];
    if (field === undefined) throw new Error(`no such configuration key: ${path.join(".")}`);
    if (field.kind === "block") {
      fields = field.fields;
      continue;
    }
    if (depth !== path.length - 1) return undefined;
    return field.kind === "duration" && typeof field.fallback === "string"
      ? durationNs(field.fallback)
      : field.fallback;
  }
  return undefined;
}

function durationNs(text: string): number {
  const parsed = parseDuration(text);
  if (parsed === undefined) throw new Error(`bad default duration ${text}`);
  return parsed;
}
