import { spawnSync } from "node:child_process";
import { constants, readFileSync, realpathSync } from "node:fs";
import { lstat, open, readFile, readlink, writeFile } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../lib/clock.ts";
import { AppError, errorText, isMissing } from "../lib/errors.ts";
import type { Logger } from "../lib/logger.ts";
import { escapedPoint, type Mounted, mountsBelow, parseMountInfo } from "./core/mount-table.ts";
import { MountRunner } from "./mount-runner.ts";

/** By this name in the table of mounts we know our own. */
const source = "nomad-secrets";
const table = "/proc/self/mountinfo";
const mark = ".nomad-mount";
const nobody = 65_534;

/**
 * Keeps what is secret in memory: a small file system of its own over a folder, from which nothing can be run. Where
 * mounting is not allowed the folder stays what it is, which is said once.
 */
export class SecretsMounts {
  readonly #log: Logger;
  readonly #runner: MountRunner;
  readonly #isAllowed = process.getuid?.() === 0;
  #isTold = false;

  constructor(clock: Clock, log: Logger) {
    this.#runner = new MountRunner(clock);
    this.#log = log.child("secrets");
  }

  /** Mounts over a folder that is there; mounted already is fine. */
  async mount(folder: string, sizeMb: number): Promise<void> {
    if (!this.#isAllowed) {
      this.#refuse("the agent does not run as root");
      return;
    }
    // By handle: on a link that a task has put in the folder's place nothing is ever mounted.
    const handle = await open(folder, constants.O_DIRECTORY | constants.O_NOFOLLOW);
    try {
      if (await isMounted(handle)) return;
      const options = `noexec,nosuid,nodev,size=${Math.max(1, sizeMb)}m,mode=777,uid=${nobody},gid=${nobody}`;
      const target = `/proc/${process.pid}/fd/${handle.fd}`;
      const words = ["-n", "-c", "-t", "tmpfs", "-o", options, source, target];
      await this.#runner.run("mount", ...words);
    } catch (thrown) {
      this.#refuse(errorText(thrown));
      return;
    } finally {
      await handle.close();
    }
    await writeFile(join(folder, mark), "");
  }

  /** Takes our mounts below a folder away, which must be done before the folder is removed. */
  async unmountBelow(folder: string): Promise<void> {
    for (const mount of mountsBelow(parseMountInfo(await readFile(table, "utf8")), real(folder))) {
      refuseForeign(mount);
      await this.#unmount(mount.point);
    }
  }

  /** Somebody who still looks at a file in it keeps the memory until then, but not the name. */
  async #unmount(point: string): Promise<void> {
    try {
      await this.#runner.run("umount", "-n", "-c", point);
    } catch {
      // Busy, most likely; what else is wrong comes again with the next line.
      await this.#runner.run("umount", "-n", "-c", "-l", point);
    }
  }

  #refuse(reason: string): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#log.warn({ reason }, "secrets of tasks are kept on disk");
  }
}

/** Names the mount over a folder, so that a new one in its place is told apart; undefined where there is none. */
export async function mountName(folder: string): Promise<string | undefined> {
  try {
    const { dev, ino, mtimeNs } = await lstat(join(folder, mark), { bigint: true });
    return `${dev}/${ino}/${mtimeNs}`;
  } catch (thrown) {
    if (isMissing(thrown)) return undefined;
    throw thrown;
  }
}

/** The same for a moment at which nothing else runs: before or after an agent's life. */
export function unmountSecrets(folder: string): void {
  for (const mount of mountsBelow(parseMountInfo(readFileSync(table, "utf8")), real(folder))) {
    refuseForeign(mount);
    const { status, stderr } = spawnSync("umount", ["-n", "-l", mount.point], { encoding: "utf8" });
    if (status !== 0)
      throw new AppError("storage", `cannot unmount ${mount.point}: ${stderr.trim()}`);
  }
}

async function isMounted(handle: FileHandle): Promise<boolean> {
  const path = await readlink(`/proc/self/fd/${handle.fd}`);
  const text = await readFile(table, "utf8");
  // Most often it is not, and the table of a machine with many containers is long.
  if (!text.includes(escapedPoint(path))) return false;
  return parseMountInfo(text).some((mount) => mount.point === path && mount.source === source);
}

/** Whatever somebody else mounted here holds files that are not ours to remove. */
function refuseForeign(mount: Mounted): void {
  if (mount.source !== source)
    throw new AppError(
      "conflict",
      `${mount.source} is mounted on ${mount.point}, so its folder stays`,
    );
}

/** A folder that is not there has nothing mounted below it, whatever its name leads to. */
function real(folder: string): string {
  try {
    return realpathSync(folder);
  } catch (thrown) {
    if (isMissing(thrown)) return folder;
    throw thrown;
  }
}
