import type { Json } from "../../../lib/json.ts";
import type { JsonMap, StringMap } from "../../../model/job.ts";

const reference = /\$\{([a-zA-Z0-9_\-.]+)\}/g;

/** Replaces every `${name}` that one of the tables knows, in one pass; what none knows stays as it is written. */
export function interpolateText(text: string, tables: readonly StringMap[]): string {
  return text.includes("${")
    ? text.replaceAll(reference, (whole, name: string) => lookUp(name, tables) ?? whole)
    : text;
}

export function interpolateMap(values: StringMap | null, tables: readonly StringMap[]): StringMap {
  return Object.fromEntries(
    Object.entries(values ?? {}).map(([key, value]) => [key, interpolateText(value, tables)]),
  );
}

export type InterpolatedConfig =
  | { readonly ok: true; readonly config: JsonMap }
  | { readonly ok: false; readonly error: string };

/** A driver's config: here an unknown name is an error, because the task would run with the wrong words. */
export function interpolateConfig(
  config: JsonMap | null,
  tables: readonly StringMap[],
): InterpolatedConfig {
  const problems: string[] = [];
  const visit = (value: Json): Json => {
    if (typeof value === "string") return expand(value, tables, problems);
    if (Array.isArray(value)) return value.map(visit);
    if (value !== null && typeof value === "object")
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visit(inner)]));
    return value;
  };
  const expanded = Object.fromEntries(
    Object.entries(config ?? {}).map(([key, value]) => [key, visit(value)]),
  );
  const error = problems[0];
  return error === undefined ? { ok: true, config: expanded } : { ok: false, error };
}

/** `$${` is the escape for a literal `${`; `env["NAME"]` and `env.NAME` reach every variable of the task. */
function expand(text: string, tables: readonly StringMap[], problems: string[]): string {
  return text.replaceAll(
    /\$(\$)?\{([^}]*)\}/g,
    (whole, escape: string | undefined, body: string) => {
      if (escape !== undefined) return whole.slice(1);
      const expression = body.trim();
      const quoted = /^env\["([^"]*)"\]$/.exec(expression) ?? /^env\.(.+)$/.exec(expression);
      const name = quoted?.[1] ?? expression;
      const found = lookUp(name, tables);
      if (found !== undefined) return found;
      problems.push(
        /^[a-zA-Z0-9_\-.]+$/.test(name)
          ? `Unknown variable: There is no variable named "${name}".`
          : `Unsupported expression: "\${${expression}}" is no plain variable; functions in driver config are not supported.`,
      );
      return whole;
    },
  );
}

function lookUp(name: string, tables: readonly StringMap[]): string | undefined {
  for (const table of tables) if (Object.hasOwn(table, name)) return table[name];
  return undefined;
}
