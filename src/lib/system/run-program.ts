import { spawn } from "node:child_process";
import { abortReasonOf } from "../abort.ts";
import { AppError, isMissing } from "../errors.ts";

export interface ProgramOptions {
  readonly env: { readonly [name: string]: string };
  readonly timeoutMs: number;
  /** What it may print on each of its two outputs. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** Called when there is a process; one that could not be started never was. */
  readonly started?: () => void;
  /** Called when the process has really ended, which may be after it was given up, or never. */
  readonly ended?: () => void;
}
export interface ProgramResult {
  /** Killed by a signal: undefined. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end and answers what it printed. One that takes too long or prints too much is killed and given
 * up at once: the answer does not wait for a process that a driver holds in the kernel.
 */
export function runProgram(
  program: string,
  words: readonly string[],
  { env, timeoutMs, maxBytes, signal, started, ended }: ProgramOptions,
): Promise<ProgramResult> {
  if (signal.aborted) return Promise.reject(abortReasonOf(signal));
  const child = spawn(program, words, {
    env: { ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  if (child.pid !== undefined) started?.();
  child.once("exit", () => ended?.());
  return new Promise<ProgramResult>((resolve, reject) => {
    const giveUp = (error: Error): void => {
      killGroup(child.pid);
      child.stdout.destroy();
      child.stderr.destroy();
      child.unref();
      finish(() => {
        reject(error);
      });
    };
    const aborted = (): void => {
      giveUp(abortReasonOf(signal));
    };
    const timer = setTimeout(() => {
      giveUp(new AppError("timeout", `${program} gave no answer within ${timeoutMs} ms`));
    }, timeoutMs);
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", aborted);
      settle();
    };
    signal.addEventListener("abort", aborted, { once: true });
    const texts = [child.stdout, child.stderr].map((stream) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      stream.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes > maxBytes)
          giveUp(new AppError("invalid", `${program} printed more than ${maxBytes} bytes`));
      });
      return (): string => Buffer.concat(chunks).toString("utf8");
    });
    child.once("error", (thrown) => {
      finish(() => {
        reject(
          isMissing(thrown)
            ? new AppError("not-found", `the program ${program} is not installed`)
            : new AppError("invalid", `${program} cannot be run`, { cause: thrown }),
        );
      });
    });
    child.once("close", (code) => {
      const [stdout = "", stderr = ""] = texts.map((text) => text());
      finish(() => {
        resolve({ code: code ?? undefined, stdout, stderr });
      });
    });
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // All of the group are gone already.
  }
}
