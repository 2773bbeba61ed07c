import type { Entry } from "./core/types.ts";

export type { Entry } from "./core/types.ts";

/** What the committed entries are for. Declared here, written by whoever knows what the bytes mean. */
export interface StateMachine<Outcome> {
  /** The last entry whose effect is stored. */
  readonly appliedIndex: number;
  /**
   * Does ahead, in steps, what of the next entries would take long while they are applied. Nothing that it does may
   * change what is read. undefined when there is nothing to wait for.
   */
  prepare?(entries: readonly Entry[]): Promise<void> | undefined;
  /**
   * Applies consecutive entries in one step, all or none, and gives one outcome for each; undefined for entries
   * without data. Synchronous: it has the event loop until it returns. A throw ends the process.
   */
  apply(entries: readonly Entry[]): readonly (Outcome | undefined)[];
}
