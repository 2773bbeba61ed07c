import * as fc from "fast-check";

/** What an expression is meant to give; now and then something else is put there. */
export type Wanted = "number" | "bool" | "text" | "sequence" | "mapping" | "null" | "any";

/** The names that every generated expression may use, by what they hold; loops add their own. */
export const globalNames: Readonly<Record<string, Wanted>> = {
  n: "number",
  tenth: "number",
  s: "text",
  digits: "text",
  b: "bool",
  z: "null",
  t: "sequence",
  l: "sequence",
  ns: "sequence",
  o: "mapping",
  m: "mapping",
};

/** Choices one after the other. When they run out every choice is the first, which is the simplest. */
export interface Tape {
  below(count: number): number;
}

export function tapeOf(bytes: ArrayLike<number>): Tape {
  let at = 0;
  return { below: (count) => (bytes[at++] ?? 0) % count };
}

export const anyTape = fc.uint8Array({ maxLength: 300, size: "max" });

/** Where a tree grows: what is left of the choices, the names in reach, and how deep it is. */
export interface Soil {
  readonly tape: Tape;
  readonly names: Readonly<Record<string, Wanted>>;
  readonly depth: number;
}

export const pick = <T>(tape: Tape, items: readonly T[]): T => {
  const item = items[tape.below(items.length)];
  if (item === undefined) throw new Error("there is something to pick");
  return item;
};
export const chance = (tape: Tape, count: number): boolean => tape.below(count) === count - 1;
export const deeper = (soil: Soil): Soil => ({ ...soil, depth: soil.depth + 1 });
