import type { HostileText } from "./hostile/parts.ts";
import { shapes } from "./hostile/shapes.ts";
import { jsonAttacks, longAttacks, numberAttacks, patternAttacks } from "./hostile/values.ts";
import { decodingAttacks, growingAttacks, loopingAttacks } from "./hostile/work.ts";

/** Every text with so many parts as `n` makes of the count that is written; whole with `(count) => count`. */
export function hostileTexts(n: (count: number) => number): readonly HostileText[] {
  return [
    ...shapes(n),
    // Values that grow, work that hides in one short call, and texts that are long in one way only.
    ...growingAttacks(n),
    ...loopingAttacks(n),
    ...decodingAttacks(n),
    ...patternAttacks(n),
    ...numberAttacks(n),
    ...longAttacks(n),
    ...jsonAttacks(n),
  ];
}
