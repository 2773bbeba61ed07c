import { open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * Replaces what a file says so that nobody ever reads a part of it. The file keeps its mode and, where we may give it
 * away, its owner; a link stays a link and its target changes.
 */
export async function rewriteFile(path: string, content: string): Promise<void> {
  const target = await realpath(path);
  const old = await stat(target);
  if (!old.isFile()) throw new Error("only a regular file can be written anew");
  const { mode, uid, gid } = old;
  // Hidden and with another ending: a folder of job files that is watched must not take it for one.
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  const file = await open(temporary, "wx", mode & 0o7777);
  try {
    try {
      await file.writeFile(content);
      const made = await file.stat();
      if (made.uid !== uid || made.gid !== gid) await file.chown(uid, gid);
      // After the change of owner, which takes special bits away; and the umask had its say at the start.
      await file.chmod(mode & 0o7777);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
}
