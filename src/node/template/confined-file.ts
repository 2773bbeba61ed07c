import { constants } from "node:fs";
import type { Stats } from "node:fs";
import { mkdir, open, rename, unlink } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { AppError, codeOf } from "../../lib/errors.ts";
import type { Place } from "./place.ts";

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

/**
 * Files in folders that tasks may change at any time. Every folder on the way is opened from the one before, by
 * handle and without following links, so that nothing can be put in its place between a look and its use.
 */
export async function readConfined(
  place: Place,
  mostBytes: number,
): Promise<Uint8Array | undefined> {
  return await inFolder(place, "find", async (folder, name) => {
    const file = await openRegular(join(folder, name), place);
    if (file === undefined) return undefined;
    try {
      return await readLimited(file, place, mostBytes);
    } finally {
      await file.close();
    }
  });
}

export interface WriteOptions {
  readonly content: Uint8Array;
  readonly mode: number;
  /** -1 for the agent's own. */
  readonly uid: number;
  readonly gid: number;
  /** For the file while it is incomplete: unlike any other that is written at this time. */
  readonly temporary: string;
}

/** Puts the file in place whole. False when it is there with this content already. */
export async function writeConfined(place: Place, options: WriteOptions): Promise<boolean> {
  const written = await inFolder(place, "make", async (folder, name) => {
    if (await isSame(join(folder, name), place, options.content)) return false;
    const temporary = join(folder, options.temporary);
    await removeFile(temporary);
    try {
      await writeWhole(temporary, options);
      await rename(temporary, join(folder, name));
    } catch (thrown) {
      await removeFile(temporary);
      throw thrown;
    }
    return true;
  });
  return written ?? true;
}

/** Runs with a path that leads to the last folder by its handle. */
async function inFolder<T>(
  place: Place,
  missing: "find" | "make",
  run: (folder: string, name: string) => Promise<T>,
): Promise<T | undefined> {
  const name = place.segments.at(-1) ?? "";
  let folder = await open(place.folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    for (const segment of place.segments.slice(0, -1)) {
      const next = await openFolder(join(byHandle(folder), segment), place, missing);
      if (next === undefined) return undefined;
      await folder.close();
      folder = next;
    }
    return await run(byHandle(folder), name);
  } finally {
    await folder.close();
  }
}

const byHandle = (folder: FileHandle): string => `/proc/self/fd/${folder.fd}`;

async function openFolder(
  path: string,
  place: Place,
  missing: "find" | "make",
): Promise<FileHandle | undefined> {
  if (missing === "make") await makeFolder(path);
  try {
    return await open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return undefined;
    throw isNoFolder(thrown)
      ? refused(place, "leads through something that is no folder, such as a symbolic link")
      : thrown;
  }
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o755 });
  } catch (thrown) {
    if (codeOf(thrown) !== "EEXIST") throw thrown;
  }
}

async function openRegular(path: string, place: Place): Promise<FileHandle | undefined> {
  let file: FileHandle;
  try {
    // Without O_NONBLOCK, opening a named pipe that a task made would wait for its writer.
    file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return undefined;
    throw codeOf(thrown) === "ELOOP" ? refused(place, "is a symbolic link") : thrown;
  }
  const info = await statOrClose(file);
  if (info.isFile()) return file;
  await file.close();
  throw refused(place, "is no regular file");
}

async function statOrClose(file: FileHandle): Promise<Stats> {
  try {
    return await file.stat();
  } catch (thrown) {
    await file.close();
    throw thrown;
  }
}

/** A file may grow while it is read, so its size is no promise. */
async function readLimited(file: FileHandle, place: Place, mostBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read(new Uint8Array(64 * 1024), 0, 64 * 1024, length);
    if (bytesRead === 0) return Buffer.concat(chunks, length);
    length += bytesRead;
    if (length > mostBytes) throw refused(place, `is larger than ${mostBytes} bytes`);
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

async function isSame(path: string, place: Place, content: Uint8Array): Promise<boolean> {
  const file = await openRegular(path, place);
  if (file === undefined) return false;
  try {
    if ((await file.stat()).size !== content.length) return false;
    return Buffer.compare(await readLimited(file, place, content.length), content) === 0;
  } finally {
    await file.close();
  }
}

async function writeWhole(path: string, { content, mode, uid, gid }: WriteOptions): Promise<void> {
  const file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    await file.writeFile(content);
    if (uid >= 0 || gid >= 0) await file.chown(uid, gid);
    await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A link is removed itself, not what it leads to. */
async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (thrown) {
    if (codeOf(thrown) !== "ENOENT") throw thrown;
  }
}

const isNoFolder = (thrown: unknown): boolean =>
  codeOf(thrown) === "ELOOP" || codeOf(thrown) === "ENOTDIR";

const refused = (place: Place, what: string): AppError =>
  new AppError("invalid", `${join(...place.segments)} ${what}`);
