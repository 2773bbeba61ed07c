/** The last `count` lines of a text; a line end at its very end closes the last line and begins none. */
export function lastLines(text: string, count: number): string {
  if (count <= 0) return "";
  let at = text.endsWith("\n") ? text.length - 1 : text.length;
  for (let left = count; left > 0; left--) {
    at = text.lastIndexOf("\n", at - 1);
    if (at < 0) return text;
  }
  return text.slice(at + 1);
}
