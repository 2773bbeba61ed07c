import { constants } from "node:fs";
import { mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../lib/errors.ts";
import type { SecretsMounts } from "./secrets-mount.ts";

/** Absolute paths of one task's directories, as the driver port wants them. */
export interface TaskPaths {
  readonly allocation: string;
  readonly shared: string;
  readonly logs: string;
  readonly task: string;
  readonly local: string;
  readonly secrets: string;
}
const nobody = 65_534;
const everyone = 0o777;

/** The directories of all allocations on this node: `<root>/<allocation id>/{alloc,<task>}`. */
export class AllocationDirectories {
  readonly root: string;
  readonly #mounts: SecretsMounts | undefined;

  /** Without `mounts`, secrets are plain folders. */
  constructor(root: string, mounts?: SecretsMounts) {
    this.root = root;
    this.#mounts = mounts;
  }

  allocation(allocationId: string): string {
    return join(this.root, safeName(allocationId));
  }

  task(allocationId: string, task: string): TaskPaths {
    const allocation = this.allocation(allocationId);
    const own = join(allocation, safeName(task));
    return {
      allocation,
      shared: join(allocation, "alloc"),
      logs: join(allocation, "alloc", "logs"),
      task: own,
      local: join(own, "local"),
      secrets: join(own, "secrets"),
    };
  }

  /** Makes what is missing; modes as the reference has them, so that any user inside a task can write. */
  async build(allocationId: string, task: string, secretsMb = 0): Promise<TaskPaths> {
    const paths = this.task(allocationId, task);
    await makeDirectory(this.root, 0o711, false);
    await makeDirectory(paths.allocation, 0o755, false);
    for (const path of [paths.shared, paths.logs, ...["tmp", "data"].map(inside(paths.shared))])
      await makeDirectory(path, everyone, true);
    const own = join(paths.task, "private");
    for (const path of [paths.task, paths.local, paths.secrets, own])
      await makeDirectory(path, everyone, true);
    await makeDirectory(join(paths.task, "tmp"), 0o1777, true);
    await Promise.all([this.#mounts?.mount(paths.secrets, secretsMb), this.#mounts?.mount(own, 0)]);
    return paths;
  }

  async destroy(allocationId: string): Promise<void> {
    const path = this.allocation(allocationId);
    await this.#mounts?.unmountBelow(path);
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Takes the mounts of allocations away that are none of these: their agent was killed before it could. */
  async sweepMounts(isKnown: (allocationId: string) => boolean): Promise<void> {
    const ids = this.#mounts ? await readdir(this.root) : [];
    for (const id of ids) if (!isKnown(id)) await this.#mounts?.unmountBelow(join(this.root, id));
  }

  async exists(allocationId: string): Promise<boolean> {
    try {
      return (await stat(this.allocation(allocationId))).isDirectory();
    } catch {
      // What cannot be looked at cannot be served either.
      return false;
    }
  }
}

const inside =
  (parent: string) =>
  (name: string): string =>
    join(parent, name);

/** Names become path segments: one with a separator or dots would lead out of the directory. */
function safeName(name: string): string {
  if (name === "" || name === "." || name === ".." || /[/\\\0]/.test(name))
    throw new AppError("invalid", `${JSON.stringify(name)} cannot be the name of a directory`);
  return name;
}

async function makeDirectory(path: string, mode: number, isForTasks: boolean): Promise<void> {
  const created = await mkdir(path, { recursive: true });
  if (created === undefined) return;
  // By handle: a task next door may put a link in the new directory's place at any time.
  const directory = await open(path, constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    await directory.chmod(mode);
    // Only root may give files away; without it tasks run as this same user anyway.
    if (isForTasks && process.getuid?.() === 0) await directory.chown(nobody, nobody);
  } finally {
    await directory.close();
  }
}
