import { formatInstant } from "../lib/instant.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/logger.ts";
import type { Random } from "../lib/random.ts";
import { ReconcileLoop } from "../lib/work-queue.ts";
import type { Turn } from "../lib/work-queue.ts";
import { nodeId } from "../model/ids.ts";
import type { NodeId } from "../model/ids.ts";
import type { Node, NodeStatus } from "../model/node.ts";
import type { ChangeBatch } from "../store/changes.ts";
import type { Store } from "../store/store.ts";
import { heartbeatTtlMs } from "./heartbeats.ts";
import type { Heartbeats } from "./heartbeats.ts";
import { nodeEvaluations } from "./node-evaluations.ts";

export interface NodeWatchDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly store: Store;
  readonly heartbeats: Heartbeats;
}

const graceMs = 10_000;
/** A new leader has heard of nobody yet and must not take that for news. */
const failoverMs = 300_000;

/** Leader only: turns silence into `down` and a heartbeat after silence into `ready`. */
export class NodeWatch {
  readonly #deps: NodeWatchDeps;
  readonly #log: Logger;
  readonly #startedMs: number;
  readonly #loop: ReconcileLoop;
  readonly #stops: readonly (() => void)[];

  constructor(deps: NodeWatchDeps) {
    this.#deps = deps;
    this.#log = deps.log.child("nodes");
    this.#startedMs = deps.clock.monotonicMs();
    this.#loop = new ReconcileLoop(deps.clock, deps.random, deps.log, {
      name: "nodes",
      concurrency: 4,
      reconcile: (key) => this.#reconcile(nodeId(key)),
    });
    this.#stops = [
      deps.store.changes.subscribe((batch) => this.#note(batch)),
      deps.heartbeats.subscribe((node) => this.#loop.add(node)),
    ];
    for (const node of deps.store.read.nodes({})) this.#loop.add(node.ID);
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops) stop();
    await this.#loop.stop();
  }

  #note(batch: ChangeBatch): void {
    for (const change of batch.changes) if (change.table === "nodes") this.#loop.add(change.key);
  }

  async #reconcile(id: NodeId): Promise<Turn> {
    const { clock, heartbeats, store } = this.#deps;
    const node = store.read.node(id);
    if (!node) {
      heartbeats.forget(id);
      return { kind: "done" };
    }
    const leftMs = this.#deadlineMs(id) - clock.monotonicMs();
    if (node.Status === "ready") {
      if (leftMs > 0) return { kind: "again", afterMs: leftMs, reason: "heartbeat" };
      await this.#setStatus(node, "down", "Node heartbeat missed");
      return { kind: "done" };
    }
    const isHeard = heartbeats.lastBeatMs(id) !== undefined && leftMs > 0;
    if (isHeard) await this.#setStatus(node, "ready", "Node reregistered by heartbeat");
    return { kind: "done" };
  }

  #deadlineMs(id: NodeId): number {
    const last = this.#deps.heartbeats.lastBeatMs(id);
    return last === undefined ? this.#startedMs + failoverMs : last + heartbeatTtlMs + graceMs;
  }

  async #setStatus(node: Node, status: NodeStatus, message: string): Promise<void> {
    const { clock, store } = this.#deps;
    const nowNs = clock.nowNs();
    this.#log.warn({ nodeId: node.ID, name: node.Name, status }, "node changes its status");
    await store.write("node.status", {
      nodeId: node.ID,
      status,
      description: "",
      updatedAt: Math.floor(nowNs / 1e9),
      event: {
        Message: message,
        Subsystem: "Cluster",
        Details: null,
        Timestamp: formatInstant(nowNs),
        CreateIndex: 0,
      },
      evaluations: nodeEvaluations(
        { read: store.read, random: this.#deps.random },
        node,
        "node-update",
        nowNs,
      ),
    });
  }
}
