import { errorText } from "../../lib/errors.ts";
import type { TaskPaths } from "../alloc-directory.ts";
import { readConfined } from "./confined-file.ts";
import type { FileAnswer, Missing } from "./core/lookups.ts";
import { sourcePlace } from "./place.ts";

const largestFile = 1024 * 1024;
/** All of them are looked at again and again. */
const mostFiles = 100;

/**
 * What templates read with `file`. They ask for an answer at once and disks have none, so the first answer is
 * "missing"; `refresh` then reads what was asked for.
 */
export class TaskFiles {
  readonly #paths: Pick<TaskPaths, "task" | "shared">;
  readonly #answers = new Map<string, FileAnswer | Missing>();

  constructor(paths: Pick<TaskPaths, "task" | "shared">) {
    this.#paths = paths;
  }

  answer(path: string): FileAnswer | Missing {
    const known = this.#answers.get(path);
    if (known !== undefined) return known;
    if (this.#answers.size >= mostFiles)
      return { kind: "refused", reason: `templates of one task read at most ${mostFiles} files` };
    this.#answers.set(path, "missing");
    return "missing";
  }

  get hasAny(): boolean {
    return this.#answers.size > 0;
  }

  /** Reads all files again; true when one of them is not what it was. */
  async refresh(): Promise<boolean> {
    let hasChanged = false;
    for (const [path, before] of this.#answers) {
      const now = await this.#read(path);
      if (textOf(now) !== textOf(before)) hasChanged = true;
      this.#answers.set(path, now);
    }
    return hasChanged;
  }

  async #read(path: string): Promise<FileAnswer | Missing> {
    try {
      const content = await readConfined(sourcePlace(path, this.#paths), largestFile);
      if (content === undefined) return "missing";
      return { kind: "content", text: Buffer.from(content).toString("utf8") };
    } catch (thrown) {
      return { kind: "refused", reason: errorText(thrown) };
    }
  }
}

const textOf = (answer: FileAnswer | Missing): string =>
  answer === "missing"
    ? ""
    : answer.kind + (answer.kind === "content" ? answer.text : answer.reason);
