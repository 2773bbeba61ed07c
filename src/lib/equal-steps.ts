import { isDeepEqual } from "./deep-equal.ts";
import { Weigher } from "./weigher.ts";

/** The same answer as `isDeepEqual`, with a stop wherever others may have the event loop. */
export function* equalSteps(
  a: unknown,
  b: unknown,
  weigher: Weigher = new Weigher(),
): Generator<void, boolean> {
  if (a === b) return true;
  if (weigher.isSmall(a) || weigher.isSmall(b)) return isDeepEqual(a, b);
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) {
    yield;
    if (!Object.hasOwn(b, key)) return false;
    if (!(yield* equalSteps(fieldOf(a, key), fieldOf(b, key), weigher))) return false;
  }
  return true;
}

const fieldOf = (value: object, key: string): unknown => (value as Record<string, unknown>)[key];
