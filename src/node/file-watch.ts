import { watch } from "node:fs";
import { abortReasonOf } from "../lib/abort.ts";
import type { Clock } from "../lib/clock.ts";

const fallbackMs = 1_000;

/** Waits for changes in one directory. The kernel's hints may be lost, so it also looks again after a second. */
export interface DirectoryWatch {
  /** Resolves after the next change since the last call, or when it is time to look anyway; rejects when aborted. */
  changed(): Promise<void>;
  close(): void;
}

export function watchDirectory(
  clock: Clock,
  directory: string,
  signal: AbortSignal,
): DirectoryWatch {
  let hasChanged = false;
  let wake: (() => void) | undefined;
  const note = (): void => {
    hasChanged = true;
    wake?.();
  };
  const watcher = watch(directory, { persistent: false }, note);
  // A directory that goes away ends the hints; the look after a second finds out.
  watcher.on("error", note);
  return {
    async changed() {
      if (signal.aborted) throw abortReasonOf(signal);
      if (!hasChanged)
        await new Promise<void>((resolve) => {
          const cancel = clock.after(fallbackMs, resolve);
          wake = () => {
            cancel();
            resolve();
          };
          signal.addEventListener("abort", wake, { once: true });
        });
      if (wake) signal.removeEventListener("abort", wake);
      wake = undefined;
      hasChanged = false;
      if (signal.aborted) throw abortReasonOf(signal);
    },
    close() {
      watcher.close();
    },
  };
}
