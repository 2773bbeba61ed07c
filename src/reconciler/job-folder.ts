import { basename, join } from "node:path";
import { lstat, readdir, stat } from "node:fs/promises";
import { watch } from "chokidar";
import type { Clock } from "../lib/clock.ts";
import { errorText } from "../lib/errors.ts";
import type { Logger } from "../lib/logger.ts";
import type { FolderView } from "./core/folder/decide-removal.ts";
import { isJobFileName } from "./core/folder/job-file-name.ts";

export interface JobFolderOptions {
  readonly dir: string;
  readonly rescanMs: number;
  /** Only adds the path to a queue. */
  readonly changed: (path: string) => void;
}
export interface JobFolder {
  /** The folder and its job files now. */
  view(): Promise<FolderView>;
  close(): Promise<void>;
}

const missingPollMs = 1000;

/**
 * Watches one folder, not what lies below it. Events are hints: a full scan every `rescanMs` makes the result the
 * same on file systems that send none. A missing folder is a warning, and is picked up when it appears.
 */
export function watchJobFolder(clock: Clock, log: Logger, options: JobFolderOptions): JobFolder {
  const { dir, changed } = options;
  let cancelScan: () => void = () => undefined;
  let isClosed = false;
  let isMissing = false;
  let scanning: Promise<void> = Promise.resolve();
  const seen = new Set<string>();
  const told = new Set<string>();
  const tellFolder = (path: string): void => {
    if (told.has(path)) return;
    told.add(path);
    log.warn({ path }, "a folder with the name of a job file is not read");
  };

  const watcher = watch(dir, {
    depth: 0,
    ignoreInitial: true,
    persistent: true,
    followSymlinks: false,
  });
  watcher.on("all", (event, path) => {
    if (path === dir || !isJobFileName(basename(path))) return;
    if (event === "addDir") tellFolder(join(dir, basename(path)));
    changed(join(dir, basename(path)));
  });
  watcher.on("error", (error) => {
    log.warn({ dir, error: errorText(error) }, "watching the job folder failed, rescans go on");
  });

  async function scan(): Promise<void> {
    const now = await look(dir);
    if (isClosed) return;
    if (now === undefined) {
      if (!isMissing) log.warn({ dir }, "job folder is missing; it is picked up when it appears");
      isMissing = true;
    } else {
      if (isMissing) watcher.add(dir);
      isMissing = false;
      for (const path of now.files) seen.add(path);
      for (const path of now.folders) tellFolder(path);
    }
    for (const path of seen) changed(path);
    schedule(now === undefined ? Math.min(missingPollMs, options.rescanMs) : options.rescanMs);
  }

  function schedule(ms: number): void {
    cancelScan = clock.after(ms, () => {
      scanning = scan();
    });
  }

  scanning = scan();
  return {
    async view() {
      const now = await look(dir);
      return now === undefined
        ? { kind: "gone" }
        : { kind: "present", identity: now.identity, files: now.files };
    },
    async close() {
      isClosed = true;
      cancelScan();
      await scanning;
      cancelScan();
      await watcher.close();
    },
  };
}

/** What tells the folder from another one that is mounted over it or put in its place; empty when it is gone. */
export async function folderIdentity(dir: string): Promise<string> {
  try {
    const folder = await stat(dir);
    return identityOf(folder);
  } catch {
    // Gone, or not to be read: no file was seen in it.
    return "";
  }
}

const identityOf = (folder: { readonly dev: number; readonly ino: number }): string =>
  `${folder.dev}:${folder.ino}`;

interface Look {
  readonly identity: string;
  readonly files: readonly string[];
  /** Folders that are named as if they were job files. */
  readonly folders: readonly string[];
}

/** Job files of the folder by name, and its identity. */
async function look(dir: string): Promise<Look | undefined> {
  try {
    const folder = await stat(dir);
    if (!folder.isDirectory()) return undefined;
    const names = (await readdir(dir)).filter(isJobFileName).toSorted();
    const files: string[] = [];
    const folders: string[] = [];
    for (const name of names) {
      const path = join(dir, name);
      // Removed since the listing: then it is no file of the folder.
      const entry = await lstat(path).catch(() => undefined);
      if (entry !== undefined) (entry.isDirectory() ? folders : files).push(path);
    }
    return { identity: identityOf(folder), files, folders };
  } catch {
    // Gone, or not to be read: both mean that nothing is known of its files.
    return undefined;
  }
}
