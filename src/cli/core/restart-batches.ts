export type BatchSize = { readonly count: number } | { readonly percent: number };

/** `3` or `25%`; undefined for anything else. */
export function parseBatchSize(text: string): BatchSize | undefined {
  const [, digits, sign] = /^(\d+)(%?)$/.exec(text) ?? [];
  const value = Number(digits ?? 0);
  if (value < 1 || (sign === "%" && value > 100)) return undefined;
  return sign === "%" ? { percent: value } : { count: value };
}

/** Consecutive parts of that size; a share is rounded up, so that there is progress. */
export function batchesOf<T>(items: readonly T[], size: BatchSize): readonly (readonly T[])[] {
  const count = "count" in size ? size.count : Math.ceil((items.length * size.percent) / 100);
  const batches: (readonly T[])[] = [];
  for (let at = 0; at < items.length; at += count) batches.push(items.slice(at, at + count));
  return batches;
}
