import { formatInstant } from "../lib/instant.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/logger.ts";
import type { Random } from "../lib/random.ts";
import { ReconcileLoop } from "../lib/work-queue.ts";
import type { Turn } from "../lib/work-queue.ts";
import { newEvaluation } from "../model/build.ts";
import type { Allocation } from "../model/allocation.ts";
import type { Evaluation } from "../model/evaluation.ts";
import { evaluationId, nodeId } from "../model/ids.ts";
import type { AllocationId, NodeId } from "../model/ids.ts";
import type { Job } from "../model/job.ts";
import type { Node } from "../model/node.ts";
import type { ChangeBatch } from "../store/changes.ts";
import type { Store } from "../store/store.ts";
import { decideDrain } from "./core/cluster/drain.ts";

export interface DrainLoopDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly store: Store;
}

/** Leader only: moves what is on draining nodes elsewhere, a few at a time, and ends the drain when all has gone. */
export class DrainLoop {
  readonly #deps: DrainLoopDeps;
  readonly #log: Logger;
  readonly #loop: ReconcileLoop;
  readonly #unsubscribe: () => void;
  /** Nodes that were last seen draining: what changes on any of them may let the next one go. */
  readonly #draining = new Set<NodeId>();

  constructor(deps: DrainLoopDeps) {
    this.#deps = deps;
    this.#log = deps.log.child("drains");
    this.#loop = new ReconcileLoop(deps.clock, deps.random, deps.log, {
      name: "drains",
      // Two draining nodes may hold one group: each decision has to see the one before it.
      concurrency: 1,
      reconcile: (key) => this.#reconcile(nodeId(key)),
    });
    this.#unsubscribe = deps.store.changes.subscribe((batch) => this.#note(batch));
    for (const node of deps.store.read.nodes({})) if (node.DrainStrategy) this.#loop.add(node.ID);
  }

  async stop(): Promise<void> {
    this.#unsubscribe();
    await this.#loop.stop();
  }

  #note(batch: ChangeBatch): void {
    for (const { table, key } of batch.changes) if (table === "nodes") this.#loop.add(key);
    if (this.#draining.size === 0) return;
    if (batch.changes.some(({ table }) => table === "allocations"))
      for (const id of this.#draining) this.#loop.add(id);
  }

  async #reconcile(id: NodeId): Promise<Turn> {
    const { clock, store } = this.#deps;
    const node = store.read.node(id);
    if (!node?.DrainStrategy) {
      this.#draining.delete(id);
      return { kind: "done" };
    }
    this.#draining.add(id);
    const nowNs = clock.nowNs();
    const decision = decideDrain({
      strategy: node.DrainStrategy,
      allocations: store.read.allocationsByNode(id),
      jobOf: (allocation) => this.#jobOf(allocation),
      siblings: (allocation) =>
        store.read.allocationsByJob({ namespace: allocation.Namespace, id: allocation.JobID }),
      nowNs,
    });
    if (decision.migrate.length > 0) await this.#migrate(decision.migrate);
    if (decision.isComplete) await this.#complete(node, decision.isForced);
    if (decision.wakeAtNs === undefined) return { kind: "done" };
    const afterMs = Math.max(1, Math.ceil((decision.wakeAtNs - nowNs) / 1e6));
    return { kind: "again", afterMs, reason: "drain deadline" };
  }

  #jobOf(allocation: Allocation): Job | undefined {
    const { read } = this.#deps.store;
    const key = { namespace: allocation.Namespace, id: allocation.JobID };
    return read.job(key) ?? read.jobOfAllocation(allocation);
  }

  async #migrate(ids: readonly AllocationId[]): Promise<void> {
    const { store } = this.#deps;
    await store.write("allocation.transition", {
      transitions: ids.map((allocationId) => ({ allocationId, transition: { Migrate: true } })),
      evaluations: this.#evaluationsFor(ids),
    });
  }

  #evaluationsFor(ids: readonly AllocationId[]): Evaluation[] {
    const { clock, random, store } = this.#deps;
    const jobs = new Map<string, Job>();
    for (const id of ids) {
      const allocation = store.read.allocation(id);
      const job = allocation && this.#jobOf(allocation);
      if (job) jobs.set(`${job.Namespace}\n${job.ID}`, job);
    }
    return [...jobs.values()].map((job) =>
      newEvaluation({
        id: evaluationId(random.uuid()),
        job: { ...job, JobModifyIndex: 0 },
        trigger: "node-drain",
        nowNs: clock.nowNs(),
      }),
    );
  }

  async #complete(node: Node, isForced: boolean): Promise<void> {
    const { clock, store } = this.#deps;
    const at = formatInstant(clock.nowNs());
    this.#log.info({ nodeId: node.ID, name: node.Name }, "node drained");
    await store.write("node.drain", {
      nodeId: node.ID,
      strategy: null,
      isComplete: true,
      markEligible: false,
      at,
      meta: null,
      event: {
        Message: "Node drain complete",
        Subsystem: "Drain",
        Details: isForced ? { deadline_reached: "true" } : null,
        Timestamp: at,
        CreateIndex: 0,
      },
      evaluations: [],
    });
  }
}
