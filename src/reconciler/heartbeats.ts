import type { Clock } from "../lib/clock.ts";
import type { NodeId } from "../model/ids.ts";

/** How long a node counts as alive after a heartbeat, before any grace. */
export const heartbeatTtlMs = 10_000;

/** When each node was last heard of, in memory only: liveness is not state. */
export class Heartbeats {
  readonly #clock: Clock;
  readonly #lastMs = new Map<NodeId, number>();
  readonly #listeners = new Set<(node: NodeId) => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  beat(node: NodeId): void {
    this.#lastMs.set(node, this.#clock.monotonicMs());
    for (const listener of this.#listeners) listener(node);
  }

  /** On the monotonic clock; undefined when it was never heard of here. */
  lastBeatMs(node: NodeId): number | undefined {
    return this.#lastMs.get(node);
  }

  forget(node: NodeId): void {
    this.#lastMs.delete(node);
  }

  /** Listeners only add keys to queues. Returns the unsubscribe function. */
  subscribe(listener: (node: NodeId) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}
