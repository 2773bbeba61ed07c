import { constants } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { Breather } from "../../lib/breather.ts";
import { formatByteSize } from "./core/byte-size.ts";
import { entryPath } from "./core/entry-path.ts";
import { writeAll } from "./download.ts";
import { failure } from "./failure.ts";

export interface UnpackLimits {
  readonly maxFiles: number;
  readonly maxBytes: number;
}
export interface FileFacts {
  /** As the archive has it; only the nine bits of reading, writing and executing count. */
  readonly mode: number | undefined;
  /** Unix time in seconds. */
  readonly modified: number | undefined;
}

/**
 * Writes the entries of an archive into a folder that only the agent can reach, and counts them: an archive may
 * promise little and unpack to more than the disk holds.
 */
export class TreeWriter {
  readonly #root: string;
  readonly #limits: UnpackLimits;
  readonly #breather: Breather;
  readonly #known = new Set<string>();
  #files = 0;
  #bytes = 0;

  constructor(root: string, limits: UnpackLimits, breather: Breather) {
    this.#root = root;
    this.#limits = limits;
    this.#breather = breather;
  }

  /** Bytes that came out of a decompressor, be it for a file or for what lies between. */
  countBytes(count: number): void {
    this.#bytes += count;
    if (this.#bytes > this.#limits.maxBytes)
      throw failure(
        `the archive unpacks to more than the limit of ${formatByteSize(this.#limits.maxBytes)}`,
      );
  }

  /** Checked before anything is made: some formats tell the number in advance. */
  checkCount(count: number): void {
    if (count > this.#limits.maxFiles)
      throw failure(`the archive holds more than the limit of ${this.#limits.maxFiles} files`);
  }

  async folder(name: string): Promise<void> {
    await this.#countEntry();
    await this.#makeFolder(partsOf(name));
  }

  async file(name: string, facts: FileFacts): Promise<FileWriter> {
    await this.#countEntry();
    const parts = partsOf(name);
    if (parts.length === 0) throw failure(`archive entry ${JSON.stringify(name)} has no name`);
    await this.#makeFolder(parts.slice(0, -1));
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;
    return new FileWriter(await open(join(this.#root, ...parts), flags, 0o600), facts);
  }

  async #countEntry(): Promise<void> {
    this.checkCount(++this.#files);
    await this.#breather.breathe();
  }

  async #makeFolder(parts: readonly string[]): Promise<void> {
    const path = join(this.#root, ...parts);
    if (this.#known.has(path)) return;
    await mkdir(path, { recursive: true, mode: 0o755 });
    this.#known.add(path);
  }
}

export class FileWriter {
  readonly #handle: FileHandle;
  readonly #facts: FileFacts;

  constructor(handle: FileHandle, facts: FileFacts) {
    this.#handle = handle;
    this.#facts = facts;
  }

  async write(data: Uint8Array): Promise<void> {
    await writeAll(this.#handle, data);
  }

  /** Sets what the archive says of the file. Bits that lend the owner's or the group's rights are never set. */
  async close(): Promise<void> {
    try {
      const { mode, modified } = this.#facts;
      await this.#handle.chmod((mode ?? 0o644) & 0o777);
      if (modified !== undefined && modified > 0 && modified < 2 ** 40)
        await this.#handle.utimes(modified, modified);
    } finally {
      await this.#handle.close();
    }
  }

  async abandon(): Promise<void> {
    await this.#handle.close();
  }
}

function partsOf(name: string): readonly string[] {
  const path = entryPath(name);
  if (!path.ok) throw failure(path.error);
  return path.parts;
}
