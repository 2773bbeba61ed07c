import { constants } from "node:fs";
import type { Stats } from "node:fs";
import { lstat, open, readdir, readlink } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { AppError, isMissing } from "../lib/errors.ts";
import { openInside, resolveInside } from "./contained-path.ts";
import { tarEnd, tarHeader, tarPadding } from "./core/tar-writer.ts";
import type { TarEntry } from "./core/tar-writer.ts";

const chunkBytes = 64 * 1024;

/**
 * What a sticky disk keeps, as a tar archive: the shared data and each task's local folder. Tasks may go on writing
 * meanwhile: a file is as long in the archive as its header says, whatever becomes of it, and one that they remove
 * before its turn is not in it.
 */
export async function* diskSnapshot(root: string): AsyncIterable<Uint8Array> {
  const tasks = (await readdir(root, { withFileTypes: true })).filter(
    (one) => one.isDirectory() && one.name !== "alloc" && !one.name.startsWith("."),
  );
  yield* walk(root, "alloc/data");
  for (const { name } of tasks) yield* walk(root, `${name}/local`);
  yield tarEnd();
}

async function* walk(root: string, name: string): AsyncIterable<Uint8Array> {
  const info = await unlessGone(lstat(join(root, name)));
  if (info === undefined) return;
  if (info.isSymbolicLink()) {
    const target = await unlessGone(readlink(join(root, name)));
    if (target !== undefined) yield tarHeader({ ...entryOf(name, info), type: "link", target });
  } else if (info.isDirectory()) {
    const names = await unlessGone(namesIn(root, name));
    if (names === undefined) return;
    yield tarHeader({ ...entryOf(`${name}/`, info), type: "folder" });
    for (const inside of names) yield* walk(root, `${name}/${inside}`);
  } else if (info.isFile()) yield* fileBlocks(root, name);
  // Pipes and sockets mean nothing elsewhere.
}

/** Undefined where nothing is there any more, or something else than a moment ago. */
async function unlessGone<T>(look: Promise<T>): Promise<T | undefined> {
  try {
    return await look;
  } catch (thrown) {
    const isOther = thrown instanceof AppError && thrown.code === "invalid";
    const cause = thrown instanceof AppError ? thrown.cause : thrown;
    if (isOther || isMissing(cause)) return undefined;
    throw thrown;
  }
}

/** By handle: a link that a task puts in the folder's place meanwhile leads nowhere. */
async function namesIn(root: string, name: string): Promise<readonly string[]> {
  const path = await resolveInside(root, name);
  const folder = await open(path, constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    return (await readdir(`/proc/self/fd/${folder.fd}`)).toSorted();
  } finally {
    await folder.close();
  }
}

async function* fileBlocks(root: string, name: string): AsyncIterable<Uint8Array> {
  const file = await unlessGone(openInside(root, name));
  if (file === undefined) return;
  try {
    const info = await file.stat();
    yield tarHeader({ ...entryOf(name, info), size: info.size });
    yield* contentOf(file, info.size);
    yield tarPadding(info.size);
  } finally {
    await file.close();
  }
}

async function* contentOf(file: FileHandle, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < size;) {
    const wanted = Math.min(chunkBytes, size - at);
    // What a task has cut off meanwhile is filled up with zeros.
    const buffer = new Uint8Array(wanted);
    const { bytesRead } = await file.read(buffer, 0, wanted, at);
    const length = bytesRead === 0 ? wanted : bytesRead;
    at += length;
    yield buffer.subarray(0, length);
  }
}

const entryOf = (name: string, info: Stats): TarEntry => ({
  name,
  type: "file",
  mode: info.mode,
  uid: info.uid,
  gid: info.gid,
  size: 0,
  modified: info.mtimeMs / 1000,
  target: "",
});
