import { type FileHandle, open } from "node:fs/promises";
import { isMissing } from "../../../lib/errors.ts";

/** A reader that falls behind takes larger pieces. */
const pieceBytes = [16 * 1024, 256 * 1024, 1024 * 1024] as const;
const newline = 0x0a;

/** One of the two files that a task writes its output to, read from an offset on. */
export class SpoolFile {
  readonly path: string;
  #offset: number;
  #file: FileHandle | undefined;
  #buffer: Buffer | undefined;
  #step = 0;

  constructor(path: string, offset: number) {
    this.path = path;
    this.#offset = offset;
  }

  /** How many bytes were read, or left out. */
  offset(): number {
    return this.#offset;
  }

  /** The last piece was as large as pieces get: there is probably more already. */
  isBehind(): boolean {
    return this.#step === pieceBytes.length - 1;
  }

  /** Only then it is worth the question: before the first piece, and when pieces are as large as they get. */
  mayBeFarBehind(): boolean {
    return this.#file === undefined || this.isBehind();
  }

  /** The next piece, good until the next call; undefined when there is nothing new. */
  async read(): Promise<Buffer | undefined> {
    const file = await this.#open();
    if (file === undefined) return undefined;
    const size = pieceBytes[this.#step] ?? pieceBytes[0];
    if (this.#buffer?.length !== size) this.#buffer = Buffer.allocUnsafeSlow(size);
    const { bytesRead } = await file.read(this.#buffer, 0, size, this.#offset);
    this.#offset += bytesRead;
    if (bytesRead === size) this.#step = Math.min(this.#step + 1, pieceBytes.length - 1);
    else if (bytesRead < size / 4) this.#step = Math.max(0, this.#step - 1);
    return bytesRead === 0 ? undefined : this.#buffer.subarray(0, bytesRead);
  }

  /** Leaves out what is older than the last `keptBytes` when there is twice as much; answers how much that was. */
  async skip(keptBytes: number): Promise<number> {
    const file = await this.#open();
    if (file === undefined) return 0;
    const { size } = await file.stat();
    if (size - this.#offset <= 2 * keptBytes) return 0;
    const before = this.#offset;
    this.#offset = await nextLine(file, size - keptBytes);
    return this.#offset - before;
  }

  /** What it holds only to be fast is given back while there is nothing to do. */
  rest(): void {
    this.#step = 0;
    this.#buffer = undefined;
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }

  async #open(): Promise<FileHandle | undefined> {
    try {
      this.#file ??= await open(this.path, "r");
    } catch (thrown) {
      // Not written yet, or removed with its task.
      if (!isMissing(thrown)) throw thrown;
    }
    return this.#file;
  }
}

/** Where the next line begins, if that is near enough. */
async function nextLine(file: FileHandle, from: number): Promise<number> {
  const buffer = Buffer.allocUnsafe(32 * 1024);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
  return from + buffer.subarray(0, bytesRead).indexOf(newline) + 1;
}
