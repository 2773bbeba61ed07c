/** Costly to make, and only texts beyond ASCII need it. */
let graphemes: Intl.Segmenter | undefined;
/** The segmenter takes quadratic time, so long texts are given to it in pieces. */
const pieceLength = 512;

/** What a person takes for one character each. */
export function graphemesOf(text: string): string[] {
  graphemes ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  const found: string[] = [];
  let at = 0;
  let length = pieceLength;
  while (at < text.length) {
    const end = isHighSurrogate(text.charCodeAt(at + length - 1)) ? at + length + 1 : at + length;
    const piece = Array.from(graphemes.segment(text.slice(at, end)), (one) => one.segment);
    const isLast = end >= text.length;
    // The last of a piece may go on behind it. What begins a character hangs on nothing before it.
    if (!isLast) piece.pop();
    if (piece.length === 0) {
      length *= 2;
      continue;
    }
    for (const one of piece) {
      found.push(one);
      at += one.length;
    }
    length = pieceLength;
  }
  return found;
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

export function graphemeCount(text: string): number {
  if (/^[\x20-\x7e\t]*$/.test(text)) return text.length;
  return graphemesOf(text).length;
}
