import { lstat, rename, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Task } from "../model/job.ts";
import type { AllocationDirectories } from "./alloc-directory.ts";
import { codeOf } from "../lib/errors.ts";

/** moved: the data is here. absent: this machine has nothing of the former allocation. settled: all that was done before. */
export type Inheritance = "moved" | "absent" | "settled";

/** Beside the tasks' folders, where no task can write. */
const marker = ".disk-settled";

/** Moves what a sticky disk keeps from an ended allocation to its successor. */
export class StickyDisks {
  readonly #directories: AllocationDirectories;
  /** Tasks that start at the same time ask for one and the same move. */
  readonly #moves = new Map<string, Promise<Inheritance>>();

  constructor(directories: AllocationDirectories) {
    this.#directories = directories;
  }

  /**
   * Before the first task of `to` starts, when nothing of `from` runs any more. A move is one rename each: after a
   * crash in between, the next call does the rest.
   */
  inherit(from: string, to: string, tasks: readonly Task[]): Promise<Inheritance> {
    const running = this.#moves.get(to);
    if (running) return running;
    const move = this.#inherit(from, to, tasks).finally(() => this.#moves.delete(to));
    this.#moves.set(to, move);
    return move;
  }

  /** Nothing is moved any more, whatever turns up later. */
  async settle(id: string): Promise<void> {
    await writeFile(join(this.#directories.allocation(id), marker), "", { mode: 0o600 });
  }

  async #inherit(from: string, to: string, tasks: readonly Task[]): Promise<Inheritance> {
    if (await kindOf(join(this.#directories.allocation(to), marker))) return "settled";
    for (const task of tasks)
      await this.#directories.build(to, task.Name, task.Resources.SecretsMB);
    if ((await kindOf(this.#directories.allocation(from))) !== "folder") return "absent";
    for (const { Name } of tasks) {
      const [old, fresh] = [this.#directories.task(from, Name), this.#directories.task(to, Name)];
      await moveFolder(join(old.shared, "data"), join(fresh.shared, "data"));
      await moveFolder(old.local, fresh.local);
    }
    await this.settle(to);
    return "moved";
  }
}

/** What is in the new folder already stays: it was moved here, or a task has written it. */
async function moveFolder(from: string, to: string): Promise<void> {
  // A link that a task has left there would take its successor out of the allocation.
  if ((await kindOf(from)) !== "folder") return;
  try {
    await rmdir(to);
  } catch (thrown) {
    if (codeOf(thrown) === "ENOTEMPTY") return;
    if (codeOf(thrown) !== "ENOENT") throw thrown;
  }
  await rename(from, to);
}

async function kindOf(path: string): Promise<"folder" | "other" | undefined> {
  try {
    return (await lstat(path)).isDirectory() ? "folder" : "other";
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
}
