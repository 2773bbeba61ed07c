import { realpath } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { codeOf } from "../../lib/errors.ts";

/**
 * The real path of `path` below `root` when it truly lies there, links followed; otherwise undefined.
 * What does not exist yet is judged by its nearest parent that does.
 */
export async function containedPath(root: string, path: string): Promise<string | undefined> {
  const [realRoot, real] = [await realOf(root), await realOf(resolve(root, path))];
  return real === realRoot || real.startsWith(realRoot + sep) ? real : undefined;
}

async function realOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (thrown) {
    if (codeOf(thrown) !== "ENOENT" || dirname(path) === path) throw thrown;
    return join(await realOf(dirname(path)), basename(path));
  }
}
