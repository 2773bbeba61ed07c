import { isClosing, isOpening } from "./token-types.ts";
import type { Line } from "./token-types.ts";

const step = 2;

/**
 * How far each line is indented. A bracket indents what is inside of it by one step from the line that opens it, so
 * several brackets opened in one line indent once; a line that begins with closing brackets stands where the
 * outermost of them was opened.
 */
export function indents(lines: readonly Line[]): readonly number[] {
  /** The indent of the line that opened each bracket that is open. */
  const open: number[] = [];
  return lines.map((line) => {
    const top = open.at(-1);
    let indent = top === undefined ? 0 : top + step;
    let isLeading = true;
    for (const piece of line) {
      if (isClosing(piece)) {
        const opener = open.pop();
        if (isLeading && opener !== undefined) indent = opener;
        continue;
      }
      isLeading = false;
      if (isOpening(piece)) open.push(indent);
    }
    return indent;
  });
}
