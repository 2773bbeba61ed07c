import { Binding, differences } from "./match.ts";

type Fields = { readonly [key: string]: unknown };
/** What three recordings of the same scenario did not agree on. */
export interface Marks {
  readonly collapsed?: unknown;
  readonly optionalEvents?: readonly string[];
  readonly tolerate?: readonly string[];
}

/** Both sides of one observation, made comparable as the recording's marks allow, and no further. */
export function applyMarks(
  name: string,
  expected: unknown,
  actual: unknown,
  marks: Marks,
): { readonly expected: unknown; readonly actual: unknown } {
  const sides = { expected: structuredClone(expected), actual: structuredClone(actual) };
  const inside = (path: string): readonly string[] | undefined => {
    const start = `$.observations.${name}.`;
    return path.startsWith(start)
      ? path
          .slice(start.length)
          .split(/\.|\[|\]\.?/)
          .filter((key) => key !== "")
      : undefined;
  };
  if (marks.collapsed !== undefined) sides.actual = collapse(sides.actual);
  for (const path of marks.optionalEvents ?? []) {
    const keys = inside(path);
    if (keys === undefined) continue;
    const events = at(sides.expected, keys);
    const given = at(sides.actual, keys);
    if (Array.isArray(events) && Array.isArray(given))
      put(sides.expected, keys, withoutMissing(events as readonly Fields[], given));
  }
  for (const path of marks.tolerate ?? []) {
    const keys = inside(path);
    if (keys === undefined) continue;
    put(sides.expected, keys, undefined);
    put(sides.actual, keys, undefined);
  }
  return sides;
}

/** Canceled evaluations of the deployment watcher vanish, neighbouring complete ones of a deployment count as one. */
function collapse(observation: unknown): unknown {
  const rows = (observation as { readonly evaluations?: readonly Fields[] }).evaluations;
  if (rows === undefined) return observation;
  const isWatcher = (one: Fields, status: string): boolean =>
    one["TriggeredBy"] === "deployment-watcher" && one["Status"] === status;
  const kept = rows.filter((one) => !isWatcher(one, "canceled"));
  const evaluations = kept.filter((one, index) => {
    const next = kept[index + 1];
    return !(
      next !== undefined &&
      isWatcher(one, "complete") &&
      isWatcher(next, "complete") &&
      one["DeploymentID"] === next["DeploymentID"]
    );
  });
  return { ...(observation as Fields), evaluations };
}

/** An optional event that is not the next one given is left out; the mark itself is never compared. */
function withoutMissing(events: readonly Fields[], given: readonly unknown[]): readonly Fields[] {
  const kept: Fields[] = [];
  for (const { optional, ...event } of events)
    if (optional !== true || differences(event, given[kept.length], new Binding()).length === 0)
      kept.push(event);
  return kept;
}

function at(value: unknown, keys: readonly string[]): unknown {
  let here = value;
  for (const key of keys)
    here = typeof here === "object" && here !== null ? (here as Fields)[key] : undefined;
  return here;
}

function put(value: unknown, keys: readonly string[], wanted: unknown): void {
  const parent = at(value, keys.slice(0, -1));
  const last = keys.at(-1);
  if (typeof parent === "object" && parent !== null && last !== undefined)
    (parent as { [key: string]: unknown })[last] = wanted;
}
