import type { Clock } from "../../lib/clock.ts";
import type { DriverWatch, TaskKey } from "../port.ts";

export interface Ending {
  readonly handle: string;
  readonly key: TaskKey;
  readonly endMs: number;
}
export interface EndWatch extends DriverWatch {
  /** Something started or was stopped. */
  look(): void;
}

const longestLookMs = 2_000;

/** Tells each end once, when it is due. */
export function watchEnds(
  clock: Clock,
  list: () => readonly Ending[],
  changed: (key: TaskKey) => void,
  failed: (error: unknown) => void,
): EndWatch {
  const told = new Set<string>();
  let isClosed = false;
  let cancel: () => void = () => undefined;
  function scan(): void {
    const endings = list();
    cancel();
    const now = clock.nowMs();
    for (const { handle, key, endMs } of endings) {
      if (endMs > now || told.has(handle)) continue;
      told.add(handle);
      changed(key);
    }
    const known = new Set(endings.map(({ handle }) => handle));
    for (const handle of told) if (!known.has(handle)) told.delete(handle);
    const next = endings.filter(({ endMs }) => endMs > now).map(({ endMs }) => endMs - now);
    cancel = clock.after(Math.min(longestLookMs, ...next), look);
  }
  function look(): void {
    if (isClosed) return;
    try {
      scan();
    } catch (thrown) {
      failed(thrown);
      cancel = clock.after(longestLookMs, look);
    }
  }
  look();
  return {
    look,
    close() {
      isClosed = true;
      cancel();
    },
  };
}
