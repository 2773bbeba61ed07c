/** Costly to make, and only texts beyond ASCII need it. */
let graphemes: Intl.Segmenter | undefined;

/** What a person takes for one character each. */
export function graphemesOf(text: string): string[] {
  graphemes ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return Array.from(graphemes.segment(text), (piece) => piece.segment);
}

export function graphemeCount(text: string): number {
  if (/^[\x20-\x7e\t]*$/.test(text)) return text.length;
  return graphemesOf(text).length;
}
