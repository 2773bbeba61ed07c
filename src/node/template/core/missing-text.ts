const mostShown = 3;

/** `Missing: a, b, c, and 2 more`: the first three in order. */
export function missingText(missing: Iterable<string>): string {
  const all = [...new Set(missing)].sort();
  const shown = all.slice(0, mostShown);
  const rest = all.length - shown.length;
  return `Missing: ${[...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join(", ")}`;
}
