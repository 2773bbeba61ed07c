import { spawn } from "node:child_process";
import type { Clock } from "../lib/clock.ts";
import { AppError, codeOf } from "../lib/errors.ts";

/** As many as a shell is given at once. */
const mostAtOnce = 64;
/** One that says nothing for this long hangs in the kernel, as over a file system whose server is gone. */
const defaultPatienceMs = 30_000;

interface Waiting {
  readonly words: readonly string[];
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Runs mount(8) and umount(8). Starting a process takes an agent some milliseconds in which it does nothing else, so
 * many at the same time, as when a job of fifty containers starts, share one shell: one runs, the others gather. One
 * that hangs is given up alone; those behind it get a shell of their own.
 */
export class MountRunner {
  readonly #waiting: Waiting[] = [];
  readonly #clock: Clock;
  readonly #patienceMs: number;
  #isRunning = false;

  constructor(clock: Clock, patienceMs = defaultPatienceMs) {
    this.#clock = clock;
    this.#patienceMs = patienceMs;
  }

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
      this.#waiting.unshift(...(await runAll(batch, this.#clock, this.#patienceMs)));
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

/** Settles all that it can, and answers those that have not begun because one before them hangs. */
function runAll(
  batch: readonly Waiting[],
  clock: Clock,
  patienceMs: number,
): Promise<readonly Waiting[]> {
  const lines = batch.map(
    ({ words }) =>
      `said=$(${words.map(quoted).join(" ")} 2>&1 >/dev/null); printf '%s %s\\0' "$?" "$said"`,
  );
  return new Promise((resolve, reject) => {
    const child = spawn("/bin/sh", ["-c", lines.join("\n")], {
      stdio: ["ignore", "pipe", "ignore"],
      env: { PATH: process.env["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C" },
      detached: true,
    });
    const left = [...batch];
    const giveUp = (): void => {
      // The shell first of all: it must not go on with the others once the one ends after all.
      killGroup(child.pid);
      child.stdout.destroy();
      child.unref();
      const [hanging, ...rest] = left.splice(0);
      const why = `${hanging?.words[0]}: gave no answer within ${patienceMs} ms`;
      hanging?.reject(new AppError("timeout", why));
      resolve(rest);
    };
    let cancel = clock.after(patienceMs, giveUp);
    let told = "";
    child.stdout.setEncoding("utf8");
    child.stdout.on("data", (part: string) => {
      const outcomes = `${told}${part}`.split("\0");
      told = outcomes.pop() ?? "";
      for (const [at, one] of left.splice(0, outcomes.length).entries()) settle(one, outcomes[at]);
      cancel();
      cancel = left.length > 0 ? clock.after(patienceMs, giveUp) : () => undefined;
    });
    child.once("error", (error) => {
      cancel();
      reject(error);
    });
    child.once("close", () => {
      cancel();
      for (const one of left.splice(0)) settle(one, undefined);
      resolve([]);
    });
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (thrown) {
    // All of the group are gone already.
    if (codeOf(thrown) !== "ESRCH") throw thrown;
  }
}

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
