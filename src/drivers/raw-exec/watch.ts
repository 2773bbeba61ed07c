import { watch, type FSWatcher } from "node:fs";
import type { Clock } from "../../lib/clock.ts";
import type { DriverWatch, TaskKey, TaskOwner } from "../port.ts";
import type { RecordFolder } from "./records.ts";

const scanMs = 2_000;

/** Hints when a task's record changes: an exit code appears as a file. */
export function watchRecords(
  clock: Clock,
  folder: RecordFolder,
  owner: TaskOwner,
  changed: (key: TaskKey) => void,
): DriverWatch {
  const watchers = new Map<string, FSWatcher>();
  /** Ended tasks whose end was told once. */
  const told = new Set<string>();
  let cancel: () => void = () => undefined;

  function follow(): void {
    const tasks = new Map(folder.list(owner).map((task) => [task.handle, task]));
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
    const watcher = watch(folder.dir(handle), (_event, name) => {
      if (name === "exit") changed(key);
    });
    watcher.on("error", () => undefined);
    watchers.set(handle, watcher);
  }

  const root = watch(folder.root, () => {
    follow();
  });
  const tick = (): void => {
    follow();
    cancel = clock.after(scanMs, tick);
  };
  tick();
  return {
    close() {
      cancel();
      root.close();
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}
