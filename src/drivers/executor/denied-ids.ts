/** Numbers of users or groups that no task may have: `1,5-9`. */
export type IdRanges = readonly (readonly [from: number, to: number])[];

const highest = 4_294_967_295;

/** The ranges, or what is wrong with them. */
export function parseIdRanges(text: string): IdRanges | string {
  const ranges: [number, number][] = [];
  for (const part of text.split(",").map((one) => one.trim())) {
    if (part === "") continue;
    const match = /^(\d+)(?:\s*-\s*(\d+))?$/.exec(part);
    const [from, to] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
    if (!match || from > highest || to > highest) return `"${part}" is no number or range`;
    if (from > to) return `the range "${part}" ends before it begins`;
    ranges.push([from, to]);
  }
  return ranges;
}

export const isInRanges = (ranges: IdRanges, id: number): boolean =>
  ranges.some(([from, to]) => id >= from && id <= to);
