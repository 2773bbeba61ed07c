import { lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { Limiter } from "../../lib/limiter.ts";

/** So many at once share one write of the file system's journal. */
const atOnce = 16;

/**
 * Brings all of a folder or a file to the disk. The record that an artifact is there outlives a power cut, so the
 * artifact itself must too: otherwise a task would start with empty files and nothing would ever fetch them again.
 */
export async function settle(path: string): Promise<void> {
  const limiter = new Limiter(atOnce);
  const files = (await lstat(path)).isDirectory() ? await filesBelow(path) : [path];
  await Promise.all(files.map((file) => limiter.run(() => sync(file))));
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await filesBelow(path)));
    else if (entry.isFile()) found.push(path);
  }
  return found;
}

async function sync(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
