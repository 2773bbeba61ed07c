import { open, readdir, rm, truncate } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { FilePlace } from "./tables/log-positions.ts";

const newlineScan = 32 * 1024;
const newline = 0x0a;

export interface RotatingLogOptions {
  readonly directory: string;
  /** `<task>.stdout` or `<task>.stderr`; the files carry `.0`, `.1` .. behind it. */
  readonly name: string;
  readonly maxFiles: number;
  readonly maxBytes: number;
}

/** One output stream on disk: numbered files, a new one when the last is full, the oldest go. One writer at a time. */
export class RotatingLog {
  readonly #options: RotatingLogOptions;
  #file: FileHandle;
  #index: number;
  #size: number;
  /** Unknown after a restart; then a line may be broken once. */
  #isAtLineStart = false;

  constructor(options: RotatingLogOptions, file: FileHandle, place: FilePlace) {
    this.#options = options;
    this.#file = file;
    this.#index = place.index;
    this.#size = place.size;
  }

  /** Continues at `place`, dropping what was written after it; without one at the end of what is there. */
  static async open(options: RotatingLogOptions, place?: FilePlace): Promise<RotatingLog> {
    const indexes = await logIndexes(options.directory, options.name);
    const index = place?.index ?? indexes.at(-1) ?? 0;
    for (const later of indexes.filter((each) => each > index))
      await rm(pathOf(options, later), { force: true });
    const file = await open(pathOf(options, index), "a", 0o644);
    const { size } = await file.stat();
    const start = Math.min(place?.size ?? size, size);
    if (start < size) await truncate(pathOf(options, index), start);
    return new RotatingLog(options, file, { index, size: start });
  }

  place(): FilePlace {
    return { index: this.#index, size: this.#size };
  }

  async write(data: Uint8Array): Promise<void> {
    let rest = data;
    while (rest.length > 0) {
      const mayBreakHere = this.#isAtLineStart && this.#size > 0;
      const fit = fitting(rest, this.#options.maxBytes - this.#size, mayBreakHere);
      await this.#append(rest.subarray(0, fit));
      rest = rest.subarray(fit);
      if (rest.length > 0) await this.#rotate();
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #append(data: Uint8Array): Promise<void> {
    let at = 0;
    while (at < data.length) {
      const { bytesWritten } = await this.#file.write(data, at, data.length - at);
      at += bytesWritten;
      this.#size += bytesWritten;
    }
    if (data.length > 0) this.#isAtLineStart = data.at(-1) === newline;
  }

  async #rotate(): Promise<void> {
    await this.#file.close();
    this.#index++;
    this.#size = 0;
    this.#file = await open(pathOf(this.#options, this.#index), "a", 0o644);
    const { directory, name, maxFiles } = this.#options;
    for (const index of await logIndexes(directory, name))
      if (index <= this.#index - Math.max(1, maxFiles))
        await rm(pathOf(this.#options, index), { force: true });
  }
}

const pathOf = ({ directory, name }: RotatingLogOptions, index: number): string =>
  join(directory, `${name}.${index}`);

/** How much of `data` goes into `room` bytes: whole lines where a place to break is near enough. */
function fitting(data: Uint8Array, room: number, mayBreakHere: boolean): number {
  if (data.length <= room) return data.length;
  if (room <= 0) return 0;
  const lastNewline = data.lastIndexOf(newline, room - 1);
  if (lastNewline >= Math.max(0, room - newlineScan)) return lastNewline + 1;
  return mayBreakHere && room < newlineScan ? 0 : room;
}

/** The numbers of a stream's files, ascending. */
export async function logIndexes(directory: string, name: string): Promise<readonly number[]> {
  const prefix = `${name}.`;
  const names = await readdir(directory);
  return names
    .filter((each) => each.startsWith(prefix) && /^\d+$/.test(each.slice(prefix.length)))
    .map((each) => Number(each.slice(prefix.length)))
    .sort((a, b) => a - b);
}
