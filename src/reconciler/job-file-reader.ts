import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { lstat, open, realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { errorText, isMissing } from "../lib/errors.ts";

export type JobFileRead =
  | { readonly kind: "missing" }
  /** Size or time changed while it was read. */
  | { readonly kind: "moving" }
  | { readonly kind: "refused"; readonly message: string; readonly hash: string }
  | { readonly kind: "text"; readonly text: string; readonly hash: string; readonly stamp: string };

const largestBytes = 1024 * 1024;

/** Reads one job file without being led out of its folder, blocked by a pipe, or filled by a giant. */
export async function readJobFile(path: string, dir: string): Promise<JobFileRead> {
  try {
    return await read(path, dir);
  } catch (thrown) {
    if (isMissing(thrown)) return { kind: "missing" };
    return refused(`cannot be read: ${errorText(thrown)}`);
  }
}

async function read(path: string, dir: string): Promise<JobFileRead> {
  const link = await lstat(path);
  // A folder is no job file, whatever its name: as if nothing were there.
  if (link.isDirectory()) return { kind: "missing" };
  if (link.isSymbolicLink() && dirname(await realpath(path)) !== (await realpath(dir)))
    return refused("it is a link that leads out of the job folder; put the file itself there");
  if (!link.isFile() && !link.isSymbolicLink()) return refused("it is not a regular file");
  // Without O_NONBLOCK opening a pipe that nobody writes to would wait for ever.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const before = await file.stat();
    if (!before.isFile()) return refused("it is not a regular file");
    if (before.size > largestBytes)
      return refused(`it has ${before.size} bytes; a job file may have ${largestBytes}`);
    const bytes = await file.readFile();
    const after = await file.stat();
    if (
      before.size !== after.size ||
      before.mtimeMs !== after.mtimeMs ||
      bytes.length !== after.size
    )
      return { kind: "moving" };
    const hash = createHash("sha256").update(bytes).digest("hex");
    return {
      kind: "text",
      text: bytes.toString("utf8"),
      hash,
      stamp: `${after.size}:${after.mtimeMs}:${after.ino}`,
    };
  } finally {
    await file.close();
  }
}

const refused = (message: string): JobFileRead => ({
  kind: "refused",
  message,
  hash: `refused: ${message}`,
});
