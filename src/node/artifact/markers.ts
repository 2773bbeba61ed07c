import { createHash } from "node:crypto";
import { lstat, mkdir, open, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { privateFolder } from "./core/destination.ts";
import { failure } from "./failure.ts";
import { codeOf } from "../../lib/errors.ts";

/** What the node remembers of one task's artifacts, beside the tasks' directories, where no task can write. */
export interface Markers {
  /** For what is being fetched. */
  readonly work: string;
  has(identity: string): Promise<boolean>;
  add(identity: string): Promise<void>;
}

const hashOf = (identity: string): string => createHash("sha256").update(identity).digest("hex");

/** Also throws away what an agent that was killed left half fetched. */
export async function openMarkers(allocation: string, task: string): Promise<Markers> {
  const root = join(allocation, privateFolder);
  await mkdir(root, { recursive: true, mode: 0o700 });
  await checkOwn(root);
  const [done, work] = [join(root, task, "done"), join(root, task, "work")];
  await rm(work, { recursive: true, force: true });
  await mkdir(done, { recursive: true, mode: 0o700 });
  await mkdir(work, { recursive: true, mode: 0o700 });
  return {
    work,
    async has(identity) {
      try {
        return (await stat(join(done, hashOf(identity)))).isFile();
      } catch (thrown) {
        if (codeOf(thrown) === "ENOENT") return false;
        throw thrown;
      }
    },
    async add(identity) {
      const path = join(done, hashOf(identity));
      for (const [place, flags] of [
        [path, "w"],
        [dirname(path), "r"],
      ] as const) {
        const file = await open(place, flags, 0o600);
        try {
          await file.sync();
        } finally {
          await file.close();
        }
      }
    },
  };
}

/** A task of that very name would have made the folder open to everybody, and could then forge what is in it. */
async function checkOwn(path: string): Promise<void> {
  const { uid, mode } = await lstat(path);
  if (uid !== process.getuid?.() || (mode & 0o077) !== 0)
    throw failure(`${path} is not the agent's own folder: no task may be called ${privateFolder}`);
}
