import { execFile } from "node:child_process";
import { watch } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/logger.ts";
import type { LogChunk } from "../port.ts";
import type { RecordFolder } from "./records.ts";

const streams = ["stdout", "stderr"] as const;
const chunkBytes = 256 * 1024;
/** Read parts of a spool are given back to the disk in pieces of this size; offsets stay what they are. */
const releaseBytes = 8 * 1024 * 1024;
const pollMs = 1_000;

export interface SpoolOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly folder: RecordFolder;
  readonly handle: string;
  readonly cursor: string | null;
  readonly signal: AbortSignal;
}

/** The cursor is how many bytes of each stream were passed on. */
export async function* readSpool(options: SpoolOptions): AsyncIterable<LogChunk> {
  const { folder, handle, signal } = options;
  const dir = folder.dir(handle);
  const [stdout = 0, stderr = 0] = (options.cursor ?? "").split(" ").map(Number);
  const offsets = { stdout, stderr };
  const released = { stdout: 0, stderr: 0 };
  const news = watchFolder(options.clock, dir);
  try {
    for (;;) {
      // Looked up before reading: what it wrote last is in the spool by the time its end shows.
      const task = folder.observe(handle);
      let isIdle = true;
      for (const stream of streams) {
        const data = await readAt(join(dir, stream), offsets[stream]);
        if (data === undefined) continue;
        isIdle = false;
        release(options, stream, offsets[stream], released);
        offsets[stream] += data.length;
        yield { stream, data, cursor: `${offsets.stdout} ${offsets.stderr}` };
      }
      if (signal.aborted || (isIdle && task?.state !== "running")) return;
      if (isIdle) await news.next(signal);
    }
  } finally {
    news.close();
  }
}

async function readAt(path: string, offset: number): Promise<Uint8Array | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch {
    // Not written yet, or removed with its task.
    return undefined;
  }
  try {
    const { bytesRead, buffer } = await file.read(
      Buffer.allocUnsafe(chunkBytes),
      0,
      chunkBytes,
      offset,
    );
    return bytesRead === 0 ? undefined : buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Makes a hole of what was taken and stored: the writer never notices, and the spool never fills the disk. */
function release(
  { folder, handle, log }: SpoolOptions,
  stream: "stdout" | "stderr",
  upTo: number,
  released: { stdout: number; stderr: number },
): void {
  const length = upTo - released[stream];
  if (length < releaseBytes) return;
  const path = join(folder.dir(handle), stream);
  const args = [
    "--punch-hole",
    "--offset",
    String(released[stream]),
    "--length",
    String(length),
    path,
  ];
  released[stream] = upTo;
  execFile("fallocate", args, (error) => {
    if (error)
      log.warn(
        { path, error: error.message },
        "a read part of the output could not be given back to the disk",
      );
  });
}

/** Wakes on any change in the folder, and now and then without one. */
function watchFolder(
  clock: Clock,
  dir: string,
): { next(signal: AbortSignal): Promise<void>; close(): void } {
  let wake: () => void = () => undefined;
  let isNews = false;
  const watcher = watch(dir, () => {
    isNews = true;
    wake();
  });
  watcher.on("error", () => undefined);
  return {
    next: (signal) =>
      new Promise<void>((resolve) => {
        if (isNews || signal.aborted) {
          isNews = false;
          resolve();
          return;
        }
        const finish = (): void => {
          cancel();
          signal.removeEventListener("abort", finish);
          isNews = false;
          resolve();
        };
        const cancel = clock.after(pollMs, finish);
        signal.addEventListener("abort", finish, { once: true });
        wake = finish;
      }),
    close() {
      watcher.close();
    },
  };
}
