import { lstat, readdir, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Stats } from "node:fs";
import type { Clock } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import type { AllocationDirectories } from "./alloc-directory.ts";
import { openInside, resolveInside } from "./contained-path.ts";
import { contentTypeOf } from "./core/content-type.ts";
import { formatFileMode } from "./core/file-mode.ts";
import { findLogPlace } from "./core/log-place.ts";
import type { LogPlace } from "./core/log-place.ts";
import { diskSnapshot } from "./disk-snapshot.ts";
import { watchDirectory } from "./file-watch.ts";
import { logIndexes } from "./log-files.ts";

const chunkBytes = 64 * 1024;

export interface FileInfo {
  readonly Name: string;
  readonly IsDir: boolean;
  readonly Size: number;
  readonly FileMode: string;
  /** RFC 3339. */
  readonly ModTime: string;
  readonly ContentType: string;
}
export interface FileFrame {
  /** Relative to the allocation's directory. */
  readonly file: string;
  /** The place in the file right after `data`. */
  readonly offset: number;
  readonly data: Uint8Array;
  readonly fileEvent?: "file deleted" | "file truncated";
}
export interface StreamOptions {
  readonly allocationId: string;
  readonly path: string;
  readonly origin: "start" | "end";
  readonly offset: number;
  readonly follow: boolean;
  readonly signal: AbortSignal;
}
export interface LogOptions extends Omit<StreamOptions, "path"> {
  readonly task: string;
  readonly stream: "stdout" | "stderr";
}
/** What is on disk of an allocation, for reading only. Iterables read on when they are asked: nothing piles up. */
export interface AllocationFiles {
  list(allocationId: string, path: string): Promise<readonly FileInfo[]>;
  stat(allocationId: string, path: string): Promise<FileInfo>;
  /** `limit` bytes from `offset`, to the end when undefined. */
  read(
    allocationId: string,
    path: string,
    range: { readonly offset: number; readonly limit: number | undefined },
  ): AsyncIterable<Uint8Array>;
  stream(options: StreamOptions): AsyncIterable<FileFrame>;
  /** What a sticky disk keeps, as a tar archive. */
  snapshot(allocationId: string): AsyncIterable<Uint8Array>;
  /** The output of a task across its rotated files. */
  logs(options: LogOptions): AsyncIterable<FileFrame>;
}
export interface AllocationFilesOptions {
  readonly clock: Clock;
  readonly directories: AllocationDirectories;
  /** What the node knows of a task; undefined for an unknown one. */
  readonly task: (
    allocationId: string,
    task: string,
  ) => { readonly hasStarted: boolean } | undefined;
}

export function createAllocationFiles(options: AllocationFilesOptions): AllocationFiles {
  const rootOf = async (allocationId: string): Promise<string> => {
    if (!(await options.directories.exists(allocationId)))
      throw new AppError("not-found", `Unknown allocation "${allocationId}"`);
    return options.directories.allocation(allocationId);
  };
  return {
    async list(allocationId, path) {
      const root = await rootOf(allocationId);
      const directory = await resolveInside(root, path);
      const names = (await readdir(directory)).sort();
      const infos = await Promise.all(names.map((name) => describe(join(directory, name), name)));
      return infos.filter((info) => info !== undefined);
    },
    async stat(allocationId, path) {
      const target = await resolveInside(await rootOf(allocationId), path, "stat");
      const info = await describe(target, target.split("/").at(-1) ?? "");
      if (!info) throw new AppError("not-found", `stat ${target}: no such file or directory`);
      return info;
    },
    async *read(allocationId, path, { offset, limit }) {
      const file = await openInside(await rootOf(allocationId), path);
      try {
        let at = offset;
        const end = limit === undefined ? Infinity : offset + limit;
        for (;;) {
          const data = await readAt(file, at, Math.min(chunkBytes, end - at));
          if (data.length === 0) return;
          at += data.length;
          yield data;
        }
      } finally {
        await file.close();
      }
    },
    async *snapshot(allocationId) {
      yield* diskSnapshot(await rootOf(allocationId));
    },
    async *stream(wanted) {
      const root = await rootOf(wanted.allocationId);
      yield* streamFile(options.clock, root, wanted);
    },
    async *logs(wanted) {
      const known = options.task(wanted.allocationId, wanted.task);
      if (!known) throw new AppError("invalid", `unknown task name "${wanted.task}"`);
      if (!known.hasStarted)
        throw new AppError("not-found", `task "${wanted.task}" not started yet. No logs available`);
      yield* streamLogs(options.clock, await rootOf(wanted.allocationId), wanted);
    },
  };
}

/** Undefined when it went away meanwhile. */
async function describe(path: string, name: string): Promise<FileInfo | undefined> {
  let info: Stats;
  try {
    info = await lstat(path);
  } catch {
    // Removed since its folder was read.
    return undefined;
  }
  return {
    Name: name,
    IsDir: info.isDirectory(),
    Size: info.size,
    FileMode: formatFileMode(info.mode),
    ModTime: info.mtime.toISOString(),
    ContentType: info.isFile() ? contentTypeOf(name, await headOf(path)) : "",
  };
}

async function headOf(path: string): Promise<Uint8Array> {
  try {
    const file = await openInside(dirname(path), path.split("/").at(-1) ?? "");
    try {
      return await readAt(file, 0, 512);
    } finally {
      await file.close();
    }
  } catch {
    // An unreadable file still has a line in the listing.
    return new Uint8Array();
  }
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  if (length <= 0) return new Uint8Array();
  const buffer = new Uint8Array(length);
  const { bytesRead } = await file.read(buffer, 0, length, offset);
  return buffer.subarray(0, bytesRead);
}

async function* streamFile(
  clock: Clock,
  root: string,
  { path, origin, offset, follow, signal }: StreamOptions,
): AsyncIterable<FileFrame> {
  const name = path.replace(/^\/+/, "");
  const target = await resolveInside(root, path);
  const file = await openInside(root, path);
  const watch = follow ? watchDirectory(clock, dirname(target), signal) : undefined;
  try {
    const { size } = await file.stat();
    let at = origin === "start" ? offset : Math.max(0, size - offset);
    for (;;) {
      const data = await readAt(file, at, chunkBytes);
      at += data.length;
      if (data.length > 0) {
        yield { file: name, offset: at, data };
        continue;
      }
      if (!watch) return;
      const now = await file.stat();
      if (now.nlink === 0 || !(await isSame(target, now))) {
        yield { file: name, offset: at, data, fileEvent: "file deleted" };
        return;
      }
      if (now.size < at) {
        at = 0;
        yield { file: name, offset: at, data, fileEvent: "file truncated" };
        continue;
      }
      await watch.changed();
    }
  } finally {
    watch?.close();
    await file.close();
  }
}

async function isSame(path: string, opened: Stats): Promise<boolean> {
  try {
    return (await stat(path)).ino === opened.ino;
  } catch {
    // The name is gone, so whatever is open is not behind it.
    return false;
  }
}

async function* streamLogs(
  clock: Clock,
  root: string,
  { task, stream, origin, offset, follow, signal }: LogOptions,
): AsyncIterable<FileFrame> {
  const directory = await resolveInside(root, "alloc/logs");
  const name = `${task}.${stream}`;
  // Watching begins before the first look, so that nothing slips in between.
  const watch = follow ? watchDirectory(clock, directory, signal) : undefined;
  try {
    let place: LogPlace | undefined = await startOf(directory, name, origin, offset);
    while (!place) {
      if (!watch) return;
      await watch.changed();
      place = await startOf(directory, name, origin, offset);
    }
    for (;;) {
      const path: string = `alloc/logs/${name}.${place.index}`;
      const next = await nextIndex(directory, name, place.index);
      for await (const frame of readRest(root, path, place.offset)) {
        place = { ...place, offset: frame.offset };
        yield frame;
      }
      // A next file appears only after the last write to this one, and it was there before this was read to its end.
      if (next !== undefined) place = { index: next, offset: 0 };
      else if (!watch) return;
      else await watch.changed();
    }
  } finally {
    watch?.close();
  }
}

async function startOf(
  directory: string,
  name: string,
  origin: "start" | "end",
  offset: number,
): Promise<LogPlace | undefined> {
  const indexes = await logIndexes(directory, name);
  const sizes = await Promise.all(
    indexes.map(async (index) => {
      // Rotated away since the listing: it has no bytes to offer.
      const info = await stat(join(directory, `${name}.${index}`)).catch(() => undefined);
      return info ? [{ index, size: info.size }] : [];
    }),
  );
  return findLogPlace(sizes.flat(), origin, offset);
}

async function nextIndex(
  directory: string,
  name: string,
  index: number,
): Promise<number | undefined> {
  return (await logIndexes(directory, name)).find((each) => each > index);
}

/** From `offset` to the present end; nothing when the file was rotated away meanwhile. */
async function* readRest(root: string, path: string, offset: number): AsyncIterable<FileFrame> {
  let file: FileHandle;
  try {
    file = await openInside(root, path);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === "not-found") return;
    throw thrown;
  }
  try {
    for (let at = offset; ;) {
      const data = await readAt(file, at, chunkBytes);
      if (data.length === 0) return;
      at += data.length;
      yield { file: path, offset: at, data };
    }
  } finally {
    await file.close();
  }
}
