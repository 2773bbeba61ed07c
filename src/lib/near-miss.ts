/** Longer words are not compared: the work grows with the product of both lengths, and a user chooses them. */
const longestWord = 60;
const mostEdits = 4;

/** The candidate that a person most likely meant, the first of equals; undefined when none is near enough. */
export function nearMiss(text: string, candidates: Iterable<string>): string | undefined {
  if (text.length > longestWord) return undefined;
  const limit = Math.max(1, Math.min(mostEdits, Math.floor(text.length / 3)));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    const distance = editDistance(text.toLowerCase(), candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Optimal string alignment: a swap of neighbours counts one. Gives up at `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped =
        row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        (last[column] ?? limit) + 1,
        (current[column - 1] ?? limit) + 1,
        (last[column - 1] ?? limit) + (same ? 0 : 1),
        swapped ? (beforeLast[column - 2] ?? limit) + 1 : limit,
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? limit;
}
