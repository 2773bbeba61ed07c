import { constants } from "node:fs";
import { open, readdir, readlink, realpath, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError } from "../lib/errors.ts";
import type { FilePlace } from "./tables/log-positions.ts";

const newlineScan = 32 * 1024;
const newline = 0x0a;
/** How much of what is there already is read at once to be compared. */
const compareBytes = 256 * 1024;

export interface RotatingLogOptions {
  /** With no link anywhere in it: what is opened has to lie exactly there. */
  readonly directory: string;
  /** `<task>.stdout` or `<task>.stderr`; the files carry `.0`, `.1` .. behind it. */
  readonly name: string;
  readonly maxFiles: number;
  readonly maxBytes: number;
}

/**
 * One output stream on disk: numbered files, a new one when the last is full, the oldest go. One writer at a time.
 * Opened at a place before its end, it takes what is written for the bytes that are there already: whoever reads the
 * files meanwhile sees nothing twice. From the first difference on what was there is replaced.
 */
export class RotatingLog {
  readonly #options: RotatingLogOptions;
  #file: FileHandle;
  #index: number;
  #size: number;
  /** The sizes of the files from this one on, as long as what is written is compared with what they hold. */
  #ahead: number[];
  /** Unknown after a restart; then a line may be broken once. */
  #isAtLineStart = false;

  constructor(
    options: RotatingLogOptions,
    file: FileHandle,
    place: FilePlace,
    ahead: readonly number[] = [],
  ) {
    this.#options = options;
    this.#file = file;
    this.#index = place.index;
    this.#size = place.size;
    this.#ahead = [...ahead];
  }

  /** Continues at `place`; without one at the end of what is there. */
  static async open(options: RotatingLogOptions, place?: FilePlace): Promise<RotatingLog> {
    const indexes = await logIndexes(options.directory, options.name);
    const index = place?.index ?? indexes.at(-1) ?? 0;
    const file = await openLog(pathOf(options, index));
    const { size } = await file.stat();
    const later = indexes.filter((each) => each > index);
    if (place !== undefined && place.size <= size && follow(index, later)) {
      const ahead = [size];
      for (const each of later) ahead.push(await sizeOf(pathOf(options, each)));
      return new RotatingLog(options, file, place, ahead);
    }
    for (const each of later) await rm(pathOf(options, each), { force: true });
    return new RotatingLog(options, file, { index, size });
  }

  /** Everything up to here is what was written; behind it may be what was not compared yet. */
  place(): FilePlace {
    return { index: this.#index, size: this.#size };
  }

  async write(data: Uint8Array): Promise<void> {
    let rest = data;
    while (this.#ahead.length > 0 && rest.length > 0)
      rest = rest.subarray(await this.#compare(rest));
    while (rest.length > 0) {
      const mayBreakHere = this.#isAtLineStart && this.#size > 0;
      const fit = fitting(rest, this.#options.maxBytes - this.#size, mayBreakHere);
      await this.#append(rest.subarray(0, fit));
      rest = rest.subarray(fit);
      if (rest.length > 0) await this.#rotate();
    }
  }

  /** Says in the log itself that something is missing here, in a file that begins with it. */
  async leaveOut(bytes: number): Promise<void> {
    while (this.#ahead.length > 1) await this.#nextAhead();
    this.#size = this.#ahead.pop() ?? this.#size;
    if (this.#size > 0) await this.#rotate();
    await this.#append(
      Buffer.from(`[${bytes} bytes are left out here: more was written than these logs keep]\n`),
    );
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /** Passes over what is there already and the same; answers how much of `data` that is. */
  async #compare(data: Uint8Array): Promise<number> {
    const [size = 0] = this.#ahead;
    if (this.#size >= size) {
      if (this.#ahead.length > 1) await this.#nextAhead();
      else this.#ahead = [];
      return 0;
    }
    const length = Math.min(data.length, size - this.#size, compareBytes);
    const buffer = Buffer.allocUnsafe(length);
    const { bytesRead } = await this.#file.read(buffer, 0, length, this.#size);
    const same = commonLength(buffer.subarray(0, bytesRead), data);
    this.#size += same;
    if (same > 0) this.#isAtLineStart = data[same - 1] === newline;
    if (same < length) await this.#cut();
    return same;
  }

  async #nextAhead(): Promise<void> {
    this.#ahead.shift();
    await this.#file.close();
    this.#index++;
    this.#size = 0;
    this.#file = await openLog(pathOf(this.#options, this.#index));
  }

  /** What comes from here on is something else than what is there. */
  async #cut(): Promise<void> {
    const later = this.#ahead.length;
    this.#ahead = [];
    for (let at = 1; at < later; at++)
      await rm(pathOf(this.#options, this.#index + at), { force: true });
    await this.#file.truncate(this.#size);
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
    this.#file = await openLog(pathOf(this.#options, this.#index));
    const { directory, name, maxFiles } = this.#options;
    for (const index of await logIndexes(directory, name))
      if (index <= this.#index - Math.max(1, maxFiles))
        await rm(pathOf(this.#options, index), { force: true });
  }
}

const pathOf = ({ directory, name }: RotatingLogOptions, index: number): string =>
  join(directory, `${name}.${index}`);

const follow = (index: number, later: readonly number[]): boolean =>
  later.every((each, at) => each === index + 1 + at);

async function sizeOf(path: string): Promise<number> {
  const file = await openLog(path);
  try {
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

function commonLength(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  if (Buffer.compare(a.subarray(0, length), b.subarray(0, length)) === 0) return length;
  let same = 0;
  while (same < length && a[same] === b[same]) same++;
  return same;
}

const { O_RDWR, O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = constants;

/**
 * Tasks can write in this directory. A link, pipe or second name that one put in the log's place would make this
 * process write wherever the task wants: it is removed, and a file of our own is made.
 */
async function openLog(path: string): Promise<FileHandle> {
  const misplaced = (): AppError =>
    new AppError("storage", "the directory of the logs is not where it was made", {
      fields: { path },
    });
  if ((await realpath(dirname(path))) !== dirname(path)) throw misplaced();
  const existing = await open(path, O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK).catch(
    () => undefined,
  );
  if (existing) {
    const info = await existing.stat();
    if (info.isFile() && info.nlink === 1 && (await isAt(existing, path))) return existing;
    await existing.close();
  }
  await rm(path, { force: true, recursive: true });
  const file = await open(path, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644);
  if (await isAt(file, path)) return file;
  await file.close();
  throw misplaced();
}

const isAt = async (file: FileHandle, path: string): Promise<boolean> =>
  (await readlink(`/proc/self/fd/${file.fd}`)) === path;

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
