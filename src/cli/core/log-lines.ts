import type { Paint } from "./paint.ts";

const newline = 0x0a;
/** A line this long is no line any more; what waits for its end must not fill the memory. */
const longestLine = 16 * 1024 * 1024;

/** Cuts bytes into whole lines with their ends; what has no end yet waits for it. */
export class LineCutter {
  #parts: Uint8Array[] = [];
  #held = 0;

  push(chunk: Uint8Array): Uint8Array[] {
    const lines: Uint8Array[] = [];
    let from = 0;
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
      lines.push(this.#take(chunk.subarray(from, at + 1)));
      from = at + 1;
    }
    if (from < chunk.length) {
      this.#parts.push(chunk.subarray(from));
      this.#held += chunk.length - from;
    }
    if (this.#held >= longestLine) lines.push(...this.rest());
    return lines;
  }

  /** The line that has no end, given one; nothing when all lines had theirs. */
  rest(): Uint8Array[] {
    return this.#held === 0 ? [] : [this.#take(new Uint8Array([newline]))];
  }

  #take(last: Uint8Array): Uint8Array {
    if (this.#held === 0) return last;
    const line = joined([...this.#parts, last]);
    [this.#parts, this.#held] = [[], 0];
    return line;
  }
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** `1f2e3d4c/web | ` in a colour that belongs to this name, today and tomorrow. */
export function linePrefix(name: string, paint: Paint): string {
  const colors = [paint.cyan, paint.yellow, paint.green, paint.magenta, paint.blue, paint.red];
  let hash = 0;
  for (const char of name) hash = (Math.imul(hash, 31) + (char.codePointAt(0) ?? 0)) >>> 0;
  const color = colors[hash % colors.length] ?? paint.cyan;
  return `${color(name)} | `;
}

/** A place in an output that is spread over numbered files. */
export interface LogPlace {
  readonly index: number;
  readonly size: number;
}

/** The numbered files of one stream, by number. */
export function logFiles(
  files: readonly { readonly Name: string; readonly Size: number }[],
  name: string,
): readonly LogPlace[] {
  const prefix = `${name}.`;
  return files
    .filter((file) => file.Name.startsWith(prefix))
    .map((file) => ({ number: file.Name.slice(prefix.length), size: file.Size }))
    .filter(({ number }) => /^\d+$/.test(number))
    .map(({ number, size }) => ({ index: Number(number), size }))
    .sort((a, b) => a.index - b.index);
}

/** How many bytes of the files that are there lie before a place; undefined when its file is there no more. */
export function bytesBefore(files: readonly LogPlace[], place: LogPlace): number | undefined {
  const isThere = files.some((file) => file.index === place.index);
  // An output that has not begun has no file, and no byte is before it.
  if (!isThere)
    return place.size === 0 && files.every((file) => file.index >= place.index) ? 0 : undefined;
  return files
    .filter((file) => file.index < place.index)
    .reduce((sum, file) => sum + file.size, place.size);
}

/** The place that so many bytes lie before. */
export function placeAt(files: readonly LogPlace[], bytes: number): LogPlace {
  let rest = bytes;
  for (const [at, file] of files.entries()) {
    if (rest < file.size || at === files.length - 1) return { index: file.index, size: rest };
    rest -= file.size;
  }
  return { index: 0, size: 0 };
}

/** The place behind a piece that came out of a file. */
export function placeBehind(
  place: LogPlace,
  piece: { readonly file: string | undefined; readonly bytes: number },
): LogPlace {
  const number = piece.file?.slice(piece.file.lastIndexOf(".") + 1) ?? "";
  const index = /^\d+$/.test(number) ? Number(number) : place.index;
  return index === place.index
    ? { index, size: place.size + piece.bytes }
    : { index, size: piece.bytes };
}
