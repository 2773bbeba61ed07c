/** Costly to make, and only texts beyond ASCII need it. */
let graphemes: Intl.Segmenter | undefined;

/** The segmenter's time grows with the square of the text, so a text is handed to it in pieces. */
const pieceLength = 128;

/** What a person takes for one character each. */
export function graphemesOf(text: string): string[] {
  const found: string[] = [];
  let length = pieceLength;
  for (let at = 0; at < text.length;) {
    // Half of a surrogate pair would hide what the pair belongs to.
    const end = at + length + (/[\uD800-\uDBFF]/.test(text[at + length - 1] ?? "") ? 1 : 0);
    const pieces = segmentsOf(text.slice(at, end));
    const isEnd = end >= text.length;
    // The last one may go on behind the piece; whatever begins at its start is split there in any case.
    if (!isEnd) pieces.pop();
    if (pieces.length === 0) {
      length *= 2;
      continue;
    }
    for (const piece of pieces) {
      found.push(piece);
      at += piece.length;
    }
    length = pieceLength;
  }
  return found;
}

function segmentsOf(text: string): string[] {
  graphemes ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return Array.from(graphemes.segment(text), (piece) => piece.segment);
}

export function graphemeCount(text: string): number {
  if (/^[\x20-\x7e\t]*$/.test(text)) return text.length;
  return graphemesOf(text).length;
}
