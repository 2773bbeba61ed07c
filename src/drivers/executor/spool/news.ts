import { type FSWatcher, watch } from "node:fs";
import { type Clock, sleep } from "../../../lib/clock.ts";

/** What a busy writer adds meanwhile is read in one piece. */
const gatherMs = 15;
const pollMs = 1_000;
/** After so many rounds in a row with something new, looking now and then costs less than being told of each write. */
const busyRounds = 4;
const idleRounds = 8;

/** Says when to look into a task's folder again. */
export interface SpoolNews {
  /** Somebody may have ended, or the folder may be gone; asked once, it is false until the next sign of it. */
  mayHaveEnded(): boolean;
  /** After a round that read something; without `ms` as long as it pays to wait for more. */
  gather(signal: AbortSignal, ms?: number): Promise<void>;
  /** After a round that found nothing. */
  wait(signal: AbortSignal): Promise<void>;
  close(): void;
}

export function watchSpool(clock: Clock, dir: string): SpoolNews {
  let watcher: FSWatcher | undefined;
  let isNews = false;
  let mayHaveEnded = true;
  let wake: () => void = () => undefined;
  let [full, empty] = [0, 0];
  let lookedMs = clock.monotonicMs();
  const listen = (): void => {
    try {
      watcher = watch(dir, (_event, name) => {
        isNews = true;
        if (name !== "stdout" && name !== "stderr") mayHaveEnded = true;
        wake();
      });
    } catch {
      // Removed with its task, or too many are watched: it is looked at now and then instead.
      return;
    }
    // A folder that cannot be watched any more is still looked at now and then.
    watcher.on("error", () => undefined);
  };
  const deafen = (): void => {
    watcher?.close();
    watcher = undefined;
  };
  const pause = (ms: number, signal: AbortSignal): Promise<void> =>
    sleep(clock, ms, signal).catch(() => {
      // Called off by the end of the reading, which the reader asks about next.
    });
  const next = (signal: AbortSignal): Promise<void> =>
    new Promise<void>((resolve) => {
      const finish = (): void => {
        cancel();
        signal.removeEventListener("abort", finish);
        wake = () => undefined;
        resolve();
      };
      const cancel = clock.after(pollMs, () => {
        mayHaveEnded = true;
        finish();
      });
      signal.addEventListener("abort", finish, { once: true });
      wake = finish;
      if (isNews || signal.aborted) finish();
    });
  listen();
  return {
    mayHaveEnded() {
      const answer = mayHaveEnded;
      mayHaveEnded = false;
      if (answer) lookedMs = clock.monotonicMs();
      return answer;
    },
    async gather(signal, ms = gatherMs) {
      [full, empty] = [full + 1, 0];
      if (full === busyRounds) deafen();
      if (watcher === undefined && clock.monotonicMs() - lookedMs >= pollMs) mayHaveEnded = true;
      isNews = false;
      if (ms >= 1) await pause(ms, signal);
    },
    async wait(signal) {
      if (watcher !== undefined) {
        full = 0;
        await next(signal);
        isNews = false;
        return;
      }
      empty += 1;
      // Most often the last words are followed by the end.
      mayHaveEnded = empty === 1;
      if (empty < idleRounds) {
        await pause(gatherMs, signal);
        return;
      }
      // What came while nobody listened is looked for once more.
      [full, empty, mayHaveEnded] = [0, 0, true];
      listen();
    },
    close: deafen,
  };
}
