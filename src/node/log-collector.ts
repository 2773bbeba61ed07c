import { access, realpath } from "node:fs/promises";
import { sleep } from "../lib/clock.ts";
import type { Clock } from "../lib/clock.ts";
import { AppError, errorText, retryLevel } from "../lib/errors.ts";
import { around } from "../lib/failpoint.ts";
import type { Failpoint } from "../lib/failpoint.ts";
import type { Logger } from "../lib/logger.ts";
import type { TaskDriver } from "../drivers/port.ts";
import { AllocationDirectories } from "./alloc-directory.ts";
import { RotatingLog } from "./log-files.ts";
import type { LogPosition, NodeDb } from "./node-db.ts";

/** What was copied since is only compared after a crash, so that this may be long. */
const persistEveryMs = 250;
const drainMs = 5_000;
const firstRetryMs = 250;
const mostRetryMs = 5_000;

export interface FollowOptions {
  readonly allocationId: string;
  readonly task: string;
  readonly handle: string;
  readonly driver: TaskDriver;
  readonly logConfig: { readonly MaxFiles: number; readonly MaxFileSizeMB: number };
}
export interface LogCollectorOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly db: Pick<NodeDb, "logPosition" | "putLogPosition">;
  readonly directories: AllocationDirectories;
  readonly failpoint: Failpoint;
}
interface PositionSaver {
  save(position: LogPosition): void;
  note(position: LogPosition): void;
  finish(): void;
  /** The newest cursor that is remembered for good. */
  cursor(): string | undefined;
}
interface Following {
  readonly handle: string;
  readonly abort: AbortController;
  /** True when everything was copied, false when it was given up. */
  readonly ended: Promise<boolean>;
}

/**
 * Copies the output of tasks into their log files. The place in the files and the driver's cursor are remembered
 * together; a restarted agent continues from that cursor and passes over what the files hold beyond that place: no
 * gap, nothing twice.
 */
export class LogCollector {
  readonly #options: LogCollectorOptions;
  readonly #log: Logger;
  readonly #following = new Map<string, Following>();
  #isStopped = false;

  constructor(options: LogCollectorOptions) {
    this.#options = options;
    this.#log = options.log.child("logs");
  }

  /** Begins to copy; does nothing when this handle is or was followed already. */
  follow(options: FollowOptions): void {
    const key = `${options.allocationId}/${options.task}`;
    const before = this.#following.get(key);
    if (this.#isStopped || before?.handle === options.handle) return;
    const abort = new AbortController();
    // The predecessor's last lines come first; its handle is drained or given up by then.
    const ended = (before?.ended ?? Promise.resolve()).then(() =>
      this.#copy(options, abort.signal),
    );
    this.#following.set(key, { handle: options.handle, abort, ended });
  }

  /**
   * Resolves when everything this handle wrote is in the files, or when waiting for it makes no sense any more.
   * Throws when the collector stopped before: then the engine's copy of the output is still needed.
   */
  async finished(allocationId: string, task: string, handle: string): Promise<void> {
    const following = this.#following.get(`${allocationId}/${task}`);
    if (following?.handle !== handle) {
      if (this.#isStopped) throw new AppError("cancelled", "the node stops");
      return;
    }
    const cancel = this.#options.clock.after(drainMs, () => {
      this.#log.warn({ allocationId, task, handle }, "output did not end with its task");
      following.abort.abort(new Error("the task has ended"));
    });
    const isComplete = await following.ended;
    cancel();
    if (this.#isStopped && !isComplete)
      throw new AppError("cancelled", "the node stopped before all output was copied");
  }

  forget(allocationId: string): void {
    for (const [key, following] of this.#following) {
      if (!key.startsWith(`${allocationId}/`)) continue;
      following.abort.abort(new Error("the allocation is gone"));
      this.#following.delete(key);
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const { abort } of this.#following.values()) abort.abort(new Error("the node stops"));
    await Promise.all([...this.#following.values()].map(({ ended }) => ended));
  }

  async #copy(options: FollowOptions, signal: AbortSignal): Promise<boolean> {
    const { allocationId, task, handle } = options;
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        await this.#copyOnce(options, signal);
        return !signal.aborted;
      } catch (thrown) {
        if (signal.aborted) return false;
        const fields = { allocationId, task, handle, error: errorText(thrown) };
        if (thrown instanceof AppError && thrown.code === "not-found") {
          this.#log.warn(fields, "output is gone with its task");
          return true;
        }
        const waitMs = Math.min(mostRetryMs, firstRetryMs * 2 ** Math.min(failures, 10));
        this.#log[retryLevel(thrown)](
          { ...fields, waitMs },
          "copying output failed and will go on",
        );
        // The wait rejects only when it is called off, which the loop asks about next.
        await sleep(this.#options.clock, waitMs, signal).catch(() => undefined);
      }
    }
    return false;
  }

  async #copyOnce(options: FollowOptions, signal: AbortSignal): Promise<void> {
    const { allocationId, task, handle, driver } = options;
    const { db, failpoint } = this.#options;
    const known = db.logPosition(allocationId, task);
    const start = known?.handle === handle ? known : undefined;
    const [stdout, stderr] = await this.#open(options, start);
    try {
      const saver = this.#saver(options);
      // Without this first mark, lines copied before the first save would come again after a crash.
      if (!start)
        saver.save({ handle, cursor: undefined, stdout: stdout.place(), stderr: stderr.place() });
      try {
        const more = { stored: () => saver.cursor(), keptBytes: keptBytes(options) };
        for await (const chunk of driver.output(handle, start?.cursor ?? null, signal, more)) {
          const log = chunk.stream === "stdout" ? stdout : stderr;
          if (chunk.skipped !== undefined) await this.#leaveOut(options, log, chunk.skipped);
          await around(failpoint, "log-write", () => log.write(chunk.data));
          const places = { stdout: stdout.place(), stderr: stderr.place() };
          saver.note({ handle, cursor: chunk.cursor, ...places });
        }
      } finally {
        saver.finish();
      }
    } finally {
      await stdout.close();
      await stderr.close();
    }
  }

  async #leaveOut(options: FollowOptions, log: RotatingLog, bytes: number): Promise<void> {
    const { allocationId, task } = options;
    this.#log.warn({ allocationId, task, bytes }, "a task writes more than its logs keep");
    await log.leaveOut(bytes);
  }

  /** Remembers positions, but not each of them: what came after the last one saved is compared after a crash. */
  #saver({ allocationId, task }: FollowOptions): PositionSaver {
    const { db, clock } = this.#options;
    let unsaved: LogPosition | undefined;
    let saved: LogPosition | undefined;
    let savedMs = clock.monotonicMs();
    let cancelTimer: (() => void) | undefined;
    const save = (position: LogPosition): void => {
      db.putLogPosition(allocationId, task, position);
      [savedMs, saved, unsaved] = [clock.monotonicMs(), position, undefined];
    };
    const finish = (): void => {
      cancelTimer?.();
      cancelTimer = undefined;
      if (unsaved) save(unsaved);
    };
    const onTimer = (): void => {
      try {
        finish();
      } catch (thrown) {
        // The next chunk or the end tries again; until then a crash only compares more again.
        this.#log.warn({ allocationId, task, error: errorText(thrown) }, "log position not saved");
      }
    };
    return {
      save,
      finish,
      note(position) {
        unsaved = position;
        if (clock.monotonicMs() - savedMs >= persistEveryMs || isElsewhere(position, saved))
          finish();
        else cancelTimer ??= clock.after(persistEveryMs, onTimer);
      },
      cursor: () => saved?.cursor,
    };
  }

  async #open(
    { allocationId, task, logConfig }: FollowOptions,
    start: LogPosition | undefined,
  ): Promise<readonly [RotatingLog, RotatingLog]> {
    const { directories } = this.#options;
    // Whoever started the task has made them; what is missing all the same is made here.
    if (!(await isThere(directories.task(allocationId, task).logs)))
      await directories.build(allocationId, task);
    const root = await realpath(directories.root);
    const { logs } = new AllocationDirectories(root).task(allocationId, task);
    const shape = {
      directory: logs,
      maxFiles: logConfig.MaxFiles,
      maxBytes: fileBytes(logConfig),
    };
    const stdout = await RotatingLog.open({ ...shape, name: `${task}.stdout` }, start?.stdout);
    try {
      const stderr = await RotatingLog.open({ ...shape, name: `${task}.stderr` }, start?.stderr);
      return [stdout, stderr];
    } catch (thrown) {
      await stdout.close();
      throw thrown;
    }
  }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const fileBytes = ({ MaxFileSizeMB }: FollowOptions["logConfig"]): number =>
  Math.max(1, MaxFileSizeMB) * 1024 * 1024;

const keptBytes = ({ logConfig }: FollowOptions): number =>
  Math.max(1, logConfig.MaxFiles) * fileBytes(logConfig);

/** In another file than was remembered: before a file that is remembered goes, its successor is. */
const isElsewhere = (position: LogPosition, saved: LogPosition | undefined): boolean =>
  saved?.stdout.index !== position.stdout.index || saved.stderr.index !== position.stderr.index;
