import type { Clock } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import type { Logger } from "../lib/logger.ts";
import type { Random } from "../lib/random.ts";
import { ReconcileLoop } from "../lib/work-queue.ts";
import type { Turn } from "../lib/work-queue.ts";
import type { Allocation, AllocationReport } from "../model/allocation.ts";
import { newEvaluation } from "../model/build.ts";
import type { Evaluation } from "../model/evaluation.ts";
import { allocationId, evaluationId, nodeId } from "../model/ids.ts";
import type { AllocationId, NodeId } from "../model/ids.ts";
import type { Node } from "../model/node.ts";
import type { ServiceRegistration } from "../model/service.ts";
import type { CommandBodies } from "../store/commands.ts";
import type { Store } from "../store/store.ts";
import { isRescheduleEnabled } from "./core/cluster/reschedule.ts";
import { heartbeatTtlMs } from "./heartbeats.ts";
import type { Heartbeats } from "./heartbeats.ts";
import { nodeEvaluations } from "./node-evaluations.ts";
import type { AllocationSource, CatalogueView, DesiredAllocation } from "./ports.ts";

export interface InProcessSourceDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly store: Store;
  readonly heartbeats: Heartbeats;
}

/** Reports of one node within this of each other become one command. */
const batchMs = 50;

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}
interface Batch {
  readonly reports: Map<AllocationId, AllocationReport>;
  readonly waiters: Waiter[];
}

/** The servers as the node of the same process sees them. */
export class InProcessSource implements AllocationSource {
  readonly #deps: InProcessSourceDeps;
  readonly #batches = new Map<NodeId, Batch>();
  readonly #loop: ReconcileLoop;
  readonly catalogue: CatalogueView;

  constructor(deps: InProcessSourceDeps) {
    this.#deps = deps;
    this.catalogue = catalogueOf(deps.store);
    this.#loop = new ReconcileLoop(deps.clock, deps.random, deps.log, {
      name: "reports",
      concurrency: 4,
      reconcile: (key) => this.#flush(nodeId(key)),
    });
  }

  async registerNode(node: Node): Promise<void> {
    const { clock, heartbeats, random, store } = this.#deps;
    const known = store.read.node(node.ID);
    const isNews =
      known?.Status !== "ready" ||
      known.ComputedClass !== node.ComputedClass ||
      known.NodePool !== node.NodePool ||
      known.Datacenter !== node.Datacenter;
    const nowNs = clock.nowNs();
    await store.write("node.register", {
      node: {
        ...node,
        Status: "ready",
        StatusUpdatedAt:
          known?.Status === "ready" ? known.StatusUpdatedAt : Math.floor(nowNs / 1e9),
      },
      evaluations: isNews
        ? nodeEvaluations(
            { read: store.read, random },
            { ID: node.ID, ModifyIndex: known?.ModifyIndex ?? 0 },
            "node-update",
            nowNs,
          )
        : [],
    });
    // Registering is a sign of life; only now do the servers know whose.
    heartbeats.beat(node.ID);
  }

  async heartbeat(id: NodeId): Promise<{ readonly ttlMs: number }> {
    const { heartbeats, store } = this.#deps;
    if (!store.read.node(id))
      throw new AppError("not-found", "the servers do not know this node", {
        fields: { nodeId: id },
      });
    heartbeats.beat(id);
    return { ttlMs: heartbeatTtlMs };
  }

  async allocations(id: NodeId): Promise<readonly DesiredAllocation[]> {
    return this.#deps.store.read
      .allocationsByNode(id)
      .flatMap((allocation) => this.#desired(allocation) ?? []);
  }

  async allocation(id: AllocationId): Promise<DesiredAllocation | undefined> {
    const allocation = this.#deps.store.read.allocation(id);
    return allocation && this.#desired(allocation);
  }

  watch(id: NodeId, changed: (ids: readonly AllocationId[]) => void): () => void {
    const { read, changes } = this.#deps.store;
    return changes.subscribe((batch) => {
      const ids = batch.changes
        .filter((change) => change.table === "allocations")
        .map((change) => allocationId(change.key))
        .filter((key) => {
          const allocation = read.allocation(key);
          // One that is gone had some node; whoever had it finds out by asking.
          if (!allocation) return true;
          return allocation.NodeID === id && allocation.AllocModifyIndex >= batch.index;
        });
      if (ids.length > 0) changed(ids);
    });
  }

  /** Resolves when the servers have taken the reports in. */
  report(id: NodeId, reports: readonly AllocationReport[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const known = this.#batches.get(id);
      const batch: Batch = known ?? { reports: new Map(), waiters: [] };
      for (const report of reports) batch.reports.set(report.id, report);
      batch.waiters.push({ resolve, reject });
      if (known) return;
      this.#batches.set(id, batch);
      this.#loop.addAfter(id, batchMs);
    });
  }

  async services(id: NodeId): Promise<readonly ServiceRegistration[]> {
    return this.#deps.store.read.servicesByNode(id);
  }

  async reportServices(
    id: NodeId,
    changes: Pick<CommandBodies["service.report"], "upsert" | "remove">,
  ): Promise<void> {
    await this.#deps.store.write("service.report", { nodeId: id, ...changes });
  }

  watchServices(id: NodeId, changed: () => void): () => void {
    return this.#deps.store.changes.subscribe((batch) => {
      const isNews = batch.changes.some(
        ({ table, key }) => table === "services" || (table === "nodes" && key === id),
      );
      if (isNews) changed();
    });
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    const reason = new AppError("cancelled", "the agent stops");
    for (const batch of this.#batches.values())
      for (const waiter of batch.waiters) waiter.reject(reason);
    this.#batches.clear();
  }

  #desired(allocation: Allocation): DesiredAllocation | undefined {
    const job = this.#deps.store.read.jobOfAllocation(allocation);
    return job && { allocation, job };
  }

  async #flush(id: NodeId): Promise<Turn> {
    const batch = this.#batches.get(id);
    if (!batch) return { kind: "done" };
    this.#batches.delete(id);
    const reports = [...batch.reports.values()];
    try {
      await this.#deps.store.write("allocation.report", {
        nodeId: id,
        reports,
        evaluations: this.#evaluationsFor(reports),
      });
      for (const waiter of batch.waiters) waiter.resolve();
    } catch (thrown) {
      // The node decides when to try again; it may have newer reports by then.
      for (const waiter of batch.waiters) waiter.reject(thrown);
    }
    return { kind: "done" };
  }

  /** One for each job that has a newly failed allocation which its policy lets try again. */
  #evaluationsFor(reports: readonly AllocationReport[]): Evaluation[] {
    const { clock, random, store } = this.#deps;
    const seen = new Set<string>();
    const evaluations: Evaluation[] = [];
    for (const report of reports) {
      const before = store.read.allocation(report.id);
      if (!before || report.clientStatus !== "failed" || before.ClientStatus === "failed") continue;
      if (before.DesiredStatus !== "run" || before.FollowupEvalID !== null) continue;
      const job = store.read.job({ namespace: before.Namespace, id: before.JobID });
      const group = job?.TaskGroups.find((g) => g.Name === before.TaskGroup);
      const key = `${before.Namespace}\n${before.JobID}`;
      if (!job || job.Stop || seen.has(key)) continue;
      if (!isRescheduleEnabled(group?.ReschedulePolicy ?? null)) continue;
      seen.add(key);
      evaluations.push(
        newEvaluation({
          id: evaluationId(random.uuid()),
          job: { ...job, JobModifyIndex: 0 },
          trigger: "alloc-failure",
          nowNs: clock.nowNs(),
        }),
      );
    }
    return evaluations;
  }
}

const catalogueOf = ({ read, changes }: Store): CatalogueView => ({
  named: (namespace, name) => read.servicesNamed(name, { namespace }),
  all: (namespace) => read.services({ namespace }),
  watch: (changed) =>
    changes.subscribe((batch) => {
      if (batch.changes.some(({ table }) => table === "services")) changed();
    }),
});
