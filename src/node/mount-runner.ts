import { spawn } from "node:child_process";
import { AppError } from "../lib/errors.ts";

/** As many as a shell is given at once. */
const mostAtOnce = 64;

interface Waiting {
  readonly words: readonly string[];
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Runs mount(8) and umount(8). Starting a process takes an agent some milliseconds in which it does nothing else, so
 * many at the same time, as when a job of fifty containers starts, share one shell: one runs, the others gather.
 */
export class MountRunner {
  readonly #waiting: Waiting[] = [];
  #isRunning = false;

  run(...words: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ words, resolve, reject });
      if (this.#isRunning) return;
      this.#isRunning = true;
      // Those who ask in the same step of the event loop go together.
      setImmediate(() => void this.#next());
    });
  }

  async #next(): Promise<void> {
    const batch = this.#waiting.splice(0, mostAtOnce);
    try {
      const outcomes = await runAll(batch.map(({ words }) => words));
      for (const [at, one] of batch.entries()) settle(one, outcomes[at]);
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      for (const one of batch) one.reject(error);
    }
    if (this.#waiting.length > 0) setImmediate(() => void this.#next());
    else this.#isRunning = false;
  }
}

/** `CODE TEXT`, or nothing where the shell itself ended before. */
function settle({ words, resolve, reject }: Waiting, outcome: string | undefined): void {
  const [, code, said = ""] = /^(\d+) ([^]*)$/.exec(outcome ?? "") ?? [];
  if (code === "0") resolve();
  else
    reject(new AppError("storage", `${words[0]}: ${said.trim() || `exit code ${code ?? "lost"}`}`));
}

function runAll(commands: readonly (readonly string[])[]): Promise<readonly string[]> {
  const lines = commands.map(
    (words) =>
      `said=$(${words.map(quoted).join(" ")} 2>&1 >/dev/null); printf '%s %s\\0' "$?" "$said"`,
  );
  return new Promise((resolve, reject) => {
    const child = spawn("/bin/sh", ["-c", lines.join("\n")], {
      stdio: ["ignore", "pipe", "ignore"],
      env: { PATH: process.env["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C" },
    });
    let told = "";
    child.stdout.on("data", (part: Buffer) => (told += part.toString()));
    child.once("error", reject);
    child.once("close", () => {
      resolve(told.split("\0"));
    });
  });
}

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
