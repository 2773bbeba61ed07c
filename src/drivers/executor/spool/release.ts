import { execFile } from "node:child_process";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../../lib/clock.ts";
import { errorText, isMissing } from "../../../lib/errors.ts";
import type { Logger } from "../../../lib/logger.ts";

export interface Offsets {
  readonly stdout: number;
  readonly stderr: number;
}
/** Read parts are given back to the disk in pieces of at least this size; offsets stay what they are. */
const releaseBytes = 8 * 1024 * 1024;
/** Each takes a process, and starting one takes the whole agent some milliseconds. */
const everyMs = 1_000;
const punchTimeoutMs = 30_000;
const fileName = "released";

export const parseOffsets = (text: string): Offsets => {
  const [stdout = 0, stderr = 0] = text.split(" ").map(Number);
  return { stdout, stderr };
};
export const printOffsets = ({ stdout, stderr }: Offsets): string => `${stdout} ${stderr}`;

/** Up to where the output in this folder is no more. */
export function releasedOffsets(dir: string): Offsets {
  try {
    return parseOffsets(readFileSync(join(dir, fileName), "utf8"));
  } catch (thrown) {
    if (isMissing(thrown)) return parseOffsets("");
    throw thrown;
  }
}

/**
 * Makes a hole of what was taken and stored: the writer never notices, and the spool never fills the disk. Up to
 * where is written down first: a hole reads as zeros, and nobody may take those for output.
 */
export class SpoolRelease {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #dir: string;
  #released: Offsets;
  #lastMs: number;
  #isUnderWay = false;
  /** Told already: it comes again each second until there is room. */
  #isTold = false;

  constructor(clock: Clock, log: Logger, dir: string, released: Offsets) {
    this.#clock = clock;
    this.#log = log;
    this.#dir = dir;
    this.#released = released;
    this.#lastMs = clock.monotonicMs();
  }

  /** Everything before the cursor that `storedCursor` gives is kept elsewhere for good. */
  upTo(storedCursor: () => string | undefined): void {
    const isDue = this.#clock.monotonicMs() - this.#lastMs >= everyMs;
    if (!isDue || this.#isUnderWay) return;
    const stored = parseOffsets(storedCursor() ?? "");
    const streams = (["stdout", "stderr"] as const).filter(
      (stream) => stored[stream] - this.#released[stream] >= releaseBytes,
    );
    if (streams.length === 0) return;
    const before = this.#released;
    const next = { ...before };
    for (const stream of streams) next[stream] = stored[stream];
    this.#lastMs = this.#clock.monotonicMs();
    if (!this.#writeDown(next)) return;
    this.#released = next;
    this.#isUnderWay = true;
    void Promise.all(
      streams.map((stream) =>
        this.#punch(join(this.#dir, stream), before[stream], next[stream] - before[stream]),
      ),
    ).finally(() => {
      this.#isUnderWay = false;
    });
  }

  /** A disk that is full now is no reason to take no more output: it is tried again. */
  #writeDown(next: Offsets): boolean {
    const path = join(this.#dir, fileName);
    try {
      writeFileSync(`${path}.new`, printOffsets(next), { mode: 0o600 });
      renameSync(`${path}.new`, path);
      this.#isTold = false;
      return true;
    } catch (thrown) {
      if (!this.#isTold)
        this.#log.warn(
          { path, error: errorText(thrown) },
          "read parts of the output could not be given back to the disk, which is tried again",
        );
      this.#isTold = true;
      return false;
    }
  }

  #punch(path: string, offset: number, length: number): Promise<void> {
    const words = ["--punch-hole", "--offset", String(offset), "--length", String(length), path];
    return new Promise((resolve) => {
      execFile("fallocate", words, { timeout: punchTimeoutMs, killSignal: "SIGKILL" }, (error) => {
        if (error)
          this.#log.warn(
            { path, error: error.message },
            "a read part of the output could not be given back to the disk",
          );
        resolve();
      });
    });
  }
}
