import type { Json, JsonObject } from "../../lib/json.ts";
import type { JsonPath } from "../../lib/json-path.ts";

/**
 * The way within a task's `config` to the option that a driver's complaint names, as in `config.mount.type`. Blocks
 * are lists there: of several the first that has the option is meant, or that lacks it where it is missing.
 */
export function optionPath(summary: string, config: JsonObject): JsonPath {
  const dotted = /\bconfig((?:\.[\w-]+)+)/.exec(summary)?.[1];
  if (dotted === undefined) return [];
  const names = dotted.slice(1).split(".");
  return pathTo(names, config, summary.endsWith(" is missing"));
}

function pathTo(names: readonly string[], value: Json, isMissing: boolean): JsonPath {
  const [name, ...rest] = names;
  if (name === undefined) return [];
  if (Array.isArray(value)) {
    const items: readonly Json[] = value;
    const meant = items.findIndex((item) => hasPath(names, item) !== isMissing);
    const at = Math.max(meant, 0);
    return [at, ...pathTo(names, items[at] ?? null, isMissing)];
  }
  return [name, ...(isObject(value) ? pathTo(rest, value[name] ?? null, isMissing) : rest)];
}

function hasPath(names: readonly string[], value: Json): boolean {
  const [name, ...rest] = names;
  if (name === undefined) return true;
  if (Array.isArray(value)) return value.some((item: Json) => hasPath(names, item));
  return isObject(value) && Object.hasOwn(value, name) && hasPath(rest, value[name] ?? null);
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
