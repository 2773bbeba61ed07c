import type { TableName } from "./reader.ts";

/** What changed, after commit. Carries no data: whoever is woken reads again. Job keys are `namespace/id`. */
export interface Change {
  readonly table: TableName;
  readonly key: string;
}
export interface ChangeBatch {
  readonly index: number;
  readonly changes: readonly Change[];
}
export interface ChangeFeed {
  /** Listeners only add keys to queues; they never throw and never wait. Returns the unsubscribe function. */
  subscribe(listener: (batch: ChangeBatch) => void): () => void;
}

export function createChangeFeed(): ChangeFeed & {
  readonly publish: (batch: ChangeBatch) => void;
} {
  const listeners = new Set<(batch: ChangeBatch) => void>();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    publish(batch) {
      for (const listener of listeners) listener(batch);
    },
  };
}
