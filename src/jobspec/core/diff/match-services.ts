import type { JsonObject } from "../../../lib/json.ts";

const threshold = 2;

/**
 * Pairs old services with new ones. They have no lasting key, so they are told by likeness: the same name counts 3,
 * the same port label 2, the same place in the list 1. One old and one new always belong together.
 */
export function matchServices(
  old: readonly JsonObject[],
  next: readonly JsonObject[],
): readonly (readonly [JsonObject | null, JsonObject | null])[] {
  const [onlyOld, onlyNew] = [old[0], next[0]];
  if (old.length === 1 && next.length === 1 && onlyOld && onlyNew) return [[onlyOld, onlyNew]];
  const free = new Set(next.keys());
  const pairs = old.map((service, at): readonly [JsonObject, JsonObject | null] => {
    const match = bestMatch(service, at, next, free);
    if (match === undefined) return [service, null];
    free.delete(match);
    return [service, next[match] ?? null];
  });
  return [
    ...pairs,
    ...[...free].map((at): readonly [null, JsonObject | null] => [null, next[at] ?? null]),
  ];
}

function bestMatch(
  service: JsonObject,
  at: number,
  next: readonly JsonObject[],
  free: ReadonlySet<number>,
): number | undefined {
  let [best, match]: [number, number | undefined] = [threshold, undefined];
  for (const candidate of free) {
    const other = next[candidate];
    const score =
      (other?.["Name"] === service["Name"] ? 3 : 0) +
      (other?.["PortLabel"] === service["PortLabel"] ? 2 : 0) +
      (candidate === at ? 1 : 0);
    if (score > best) [best, match] = [score, candidate];
  }
  return match;
}
