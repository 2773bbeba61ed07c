/**
 * Cuts a stream of JSON objects that follow each other without a separator. Braces inside texts do not count.
 * Give it what has arrived; it hands back whole objects and the beginning of the next one.
 */
export function splitFrames(text: string): {
  readonly frames: readonly string[];
  readonly rest: string;
} {
  const frames: string[] = [];
  let start = 0;
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (inText) {
      if (char === "\\") at++;
      else if (char === '"') inText = false;
    } else if (char === '"') inText = true;
    else if (char === "{") {
      if (depth++ === 0) start = at;
    } else if (char === "}" && --depth === 0) {
      frames.push(text.slice(start, at + 1));
      start = at + 1;
    }
  }
  return { frames, rest: text.slice(start) };
}
