/** Sets of small whole numbers as people write them: `0-3,7`. */

const largestId = 65_535;

/** In rising order, each once; undefined when the text is no such set. The empty text is the empty set. */
export function parseIdSet(text: string): number[] | undefined {
  const ids = new Set<number>();
  if (text.trim() === "") return [];
  for (const part of text.split(",")) {
    const match = /^\s*(\d{1,5})(?:\s*-\s*(\d{1,5}))?\s*$/.exec(part);
    if (match === null) return undefined;
    const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
    if (first > last || last > largestId) return undefined;
    for (let id = first; id <= last; id += 1) ids.add(id);
  }
  return [...ids].toSorted((a, b) => a - b);
}

/** `0-2,5` for [0, 1, 2, 5]. */
export function formatIdSet(ids: readonly number[]): string {
  const ranges: { first: number; last: number }[] = [];
  for (const id of ids.toSorted((a, b) => a - b)) {
    const range = ranges.at(-1);
    if (range && id <= range.last + 1) range.last = id;
    else ranges.push({ first: id, last: id });
  }
  return ranges
    .map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`))
    .join(",");
}
