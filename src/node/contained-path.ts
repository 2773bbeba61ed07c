import { constants } from "node:fs";
import { lstat, open, readlink, realpath } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join, normalize, relative } from "node:path";
import { AppError } from "../lib/errors.ts";

const hidden = new Set(["secrets", "private"]);

/**
 * Where `path` really leads inside `root`. Tasks own these directories and may plant links anywhere, so what counts
 * is the resolved place: outside the root, and inside a task's secrets, nothing is read.
 */
export async function resolveInside(
  root: string,
  path: string,
  doing: "open" | "stat" = "open",
): Promise<string> {
  const real = await realpath(root);
  const wanted = normalize(join(real, path));
  check(real, wanted, path);
  try {
    const target = await realpath(wanted);
    check(real, target, path);
    return target;
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    // A dangling link may point outside; only a plain missing name is "not there".
    const info = await lstat(wanted).catch(() => undefined);
    if (info?.isSymbolicLink()) throw escapes();
    throw new AppError("not-found", `${doing} ${wanted}: no such file or directory`, { cause });
  }
}

/** Opens a file for reading and checks again what was really opened: a link may have been swapped in meanwhile. */
export async function openInside(root: string, path: string): Promise<FileHandle> {
  const target = await resolveInside(root, path);
  // Without O_NONBLOCK, opening a named pipe that a task made would wait for its writer.
  const file = await open(target, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const opened = await readlink(`/proc/self/fd/${file.fd}`);
    check(await realpath(root), opened.replace(/ \(deleted\)$/, ""), path);
    const info = await file.stat();
    if (info.isDirectory())
      throw new AppError("invalid", `file ${JSON.stringify(path)} is a directory`);
    if (!info.isFile())
      throw new AppError("invalid", `file ${JSON.stringify(path)} is no regular file`);
    return file;
  } catch (thrown) {
    await file.close();
    throw thrown;
  }
}

function check(root: string, place: string, asked: string): void {
  const inside = relative(root, place);
  const parts = inside.split("/");
  if (parts[0] === "..") throw escapes();
  if (parts.length > 1 && parts[0] !== "alloc" && hidden.has((parts[1] ?? "").toLowerCase()))
    throw new AppError("invalid", `Reading secret file prohibited: ${asked}`);
}

const escapes = (): AppError => new AppError("invalid", "Path escapes the alloc directory");
