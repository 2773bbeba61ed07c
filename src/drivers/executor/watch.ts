import { watch, type FSWatcher } from "node:fs";
import type { Clock } from "../../lib/clock.ts";
import { errorText } from "../../lib/errors.ts";
import type { Logger } from "../../lib/logger.ts";
import type { DriverWatch, TaskKey, TaskOwner } from "../port.ts";
import type { RecordFolder } from "./records.ts";

const scanMs = 2_000;

/** Hints when a task's record changes: an exit code appears as a file. */
export function watchRecords(
  clock: Clock,
  log: Logger,
  folder: RecordFolder,
  { owner, changed }: { readonly owner: TaskOwner; readonly changed: (key: TaskKey) => void },
): DriverWatch {
  const watchers = new Map<string, FSWatcher>();
  /** Ended tasks whose end was told once. */
  const told = new Set<string>();
  let cancel: () => void = () => undefined;
  let isClosed = false;

  async function follow(): Promise<void> {
    const tasks = new Map((await folder.list(owner)).map((task) => [task.handle, task]));
    if (isClosed) return;
    for (const handle of told) if (!tasks.has(handle)) told.delete(handle);
    for (const [handle, watcher] of watchers) {
      if (tasks.get(handle)?.state !== "exited" && tasks.has(handle)) continue;
      watcher.close();
      watchers.delete(handle);
    }
    for (const [handle, task] of tasks) {
      if (task.state !== "exited") watchTask(handle, task.key);
      else if (!told.has(handle)) {
        told.add(handle);
        changed(task.key);
      }
    }
  }

  function watchTask(handle: string, key: TaskKey): void {
    if (watchers.has(handle)) return;
    let watcher: FSWatcher;
    try {
      watcher = watch(folder.dir(handle), (_event, name) => {
        if (name === "exit") changed(key);
      });
    } catch (thrown) {
      // Removed since it was listed; any other trouble leaves the regular scan.
      log.debug({ handle, error: errorText(thrown) }, "a task's record is not watched");
      return;
    }
    watcher.on("error", () => undefined);
    watchers.set(handle, watcher);
  }

  /** One scan at a time; news during a scan make another one. */
  let scanning: Promise<void> | undefined;
  let isStale = false;
  const scan = (): void => {
    isStale = true;
    scanning ??= rescan().finally(() => {
      scanning = undefined;
    });
  };
  async function rescan(): Promise<void> {
    while (isStale) {
      isStale = false;
      try {
        await follow();
      } catch (thrown) {
        log.warn({ error: errorText(thrown) }, "records of tasks cannot be read");
      }
    }
  }

  const root = watch(folder.root, scan);
  root.on("error", (error) => {
    log.warn({ error: error.message }, "records of tasks are not watched, only scanned");
  });
  const tick = (): void => {
    scan();
    cancel = clock.after(scanMs, tick);
  };
  tick();
  return {
    close() {
      isClosed = true;
      cancel();
      root.close();
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}
