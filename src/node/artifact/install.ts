import { constants } from "node:fs";
import { chmod, chown, mkdir, open, readdir, rename, unlink } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { writeAll } from "./download.ts";
import { failure } from "./failure.ts";
import { codeOf } from "../../lib/errors.ts";

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}
export interface Installation {
  /** What was fetched, where only the agent can reach it: a file, or a folder whose content is meant. */
  readonly from: string;
  readonly kind: "file" | "folder";
  readonly allocation: string;
  /** Where it goes: a folder to fill, or the file's own place; parts below the allocation's directory. */
  readonly parts: readonly string[];
  /** Whose it becomes; undefined when this process may not give files away. */
  readonly owner: Owner | undefined;
  readonly signal: AbortSignal;
}

/**
 * Moves what was fetched to its place. Tasks may change these directories at any time, so each step down goes through
 * the open parent and follows no link: what a task plants meanwhile is an error, never a way out.
 */
export async function install(work: Installation): Promise<void> {
  if (work.kind === "folder") await checkTree(work.from);
  const depth = work.kind === "folder" ? work.parts.length : work.parts.length - 1;
  const open: FileHandle[] = [];
  try {
    let folder = await openFolder(work.allocation);
    open.push(folder);
    for (const [at, part] of work.parts.slice(0, depth).entries()) {
      // Beside the tasks' directories nothing new is made.
      folder = await step(folder, part, at === 0 ? "must exist" : work.owner);
      open.push(folder);
    }
    if (work.kind === "folder") await moveContent(work.from, folder, work);
    else await moveFile(work.from, folder, work.parts.at(-1) ?? "", work);
  } finally {
    for (const folder of open.reverse()) await folder.close();
  }
}

/** Looked at before anything moves: half an artifact in its place would be worse than none. */
async function checkTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await checkTree(join(folder, entry.name));
    else if (!entry.isFile())
      throw failure(`${JSON.stringify(entry.name)} is neither a file nor a folder`);
  }
}

async function moveContent(from: string, to: FileHandle, work: Installation): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    if (!entry.isDirectory()) {
      await moveFile(source, to, entry.name, work);
      continue;
    }
    const folder = await step(to, entry.name, work.owner);
    try {
      await moveContent(source, folder, work);
    } finally {
      await folder.close();
    }
  }
}

/** A path through an open folder: what it is called by now, and by whom, does not matter. */
const through = (folder: FileHandle, name: string): string => `/proc/self/fd/${folder.fd}/${name}`;

const openFolder = (path: string): Promise<FileHandle> =>
  open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);

async function step(
  parent: FileHandle,
  name: string,
  owner: Owner | undefined | "must exist",
): Promise<FileHandle> {
  const path = through(parent, name);
  const isNew = owner !== "must exist" && (await makeFolder(path));
  let folder: FileHandle;
  try {
    folder = await openFolder(path);
  } catch (cause) {
    const code = codeOf(cause);
    if (code === "ENOENT") throw failure("artifact destination path escapes alloc directory");
    if (code !== "ENOTDIR" && code !== "ELOOP") throw cause;
    throw failure(`${JSON.stringify(name)} at the destination is a link or a file, not a folder`);
  }
  if (isNew && typeof owner === "object") await folder.chown(owner.uid, owner.gid);
  return folder;
}

/** Whether it was not there before. */
async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path, 0o755);
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === "EEXIST") return false;
    throw thrown;
  }
}

async function moveFile(
  from: string,
  folder: FileHandle,
  name: string,
  { owner, signal }: Installation,
): Promise<void> {
  if (owner) await chown(from, owner.uid, owner.gid);
  const to = through(folder, name);
  try {
    await rename(from, to);
  } catch (thrown) {
    const code = codeOf(thrown);
    if (code === "EXDEV") await copyFile(from, folder, name, { owner, signal });
    else if (code === "EISDIR" || code === "ENOTEMPTY" || code === "EEXIST")
      throw failure(`${JSON.stringify(name)} at the destination is a folder, not a file`, thrown);
    else throw thrown;
  }
}

/** Onto another file system, such as the one in memory for secrets: copied beside the place, then moved there. */
async function copyFile(
  from: string,
  folder: FileHandle,
  name: string,
  { owner, signal }: Pick<Installation, "owner" | "signal">,
): Promise<void> {
  const beside = through(folder, `.artifact-${process.pid}-${folder.fd}`);
  const source = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    const target = await open(beside, flags, 0o600);
    try {
      const { mode } = await source.stat();
      for await (const chunk of source.createReadStream({ autoClose: false })) {
        signal.throwIfAborted();
        await writeAll(target, chunk);
      }
      if (owner) await target.chown(owner.uid, owner.gid);
      await target.chmod(mode & 0o777);
      await target.sync();
    } finally {
      await target.close();
    }
    await rename(beside, through(folder, name));
  } catch (thrown) {
    await unlink(beside).catch(() => {
      // It may never have been made; what went wrong first is what counts.
    });
    throw thrown;
  } finally {
    await source.close();
  }
}

/** The bits of a downloaded file: readable by all, executable by nobody until the task says so. */
export const plainMode = async (path: string): Promise<void> => {
  await chmod(path, 0o644);
};
