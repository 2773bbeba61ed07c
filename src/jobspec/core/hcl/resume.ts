import type { Source } from "./source.ts";

const itemLine = /^[ \t]*(?:[\p{ID_Start}_][\p{ID_Continue}-]*[ \t]*(?:[="{]|[\p{ID_Start}_])|\})/u;
const indentOf = (line: string): number => /^[ \t]*/.exec(line)?.[0].length ?? 0;

/**
 * Where to go on after a fault at `fault` in the item that begins at `item`: the next line that looks like an item
 * and is indented no deeper, or that closes a block further out. People indent their files, so the indent tells
 * better than brackets, one of which may be what is missing. The text's end when there is no such line.
 */
export function resumeAt(source: Source, item: number, fault: number): number {
  const { text } = source;
  const itemStart = lineStart(text, item);
  const indent = indentOf(text.slice(itemStart, item + 1));
  const faultStart = lineStart(text, fault);
  const isFirst = text.slice(faultStart, fault).trim() === "";
  let at = isFirst && faultStart > itemStart ? faultStart : lineEnd(text, fault);
  while (at < text.length) {
    const end = lineEnd(text, at);
    const line = text.slice(at, end);
    const own = indentOf(line);
    const isNear = line[own] === "}" ? own < indent : own <= indent;
    if (isNear && itemLine.test(line)) return at;
    at = end;
  }
  return text.length;
}

const lineStart = (text: string, at: number): number =>
  at === 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1;

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end + 1;
}
