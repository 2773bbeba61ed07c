import type { AllocationReport } from "../../src/model/allocation.ts";
import type { AllocationId } from "../../src/model/ids.ts";
import type { Node } from "../../src/model/node.ts";
import type { ServiceKey, ServiceRegistration } from "../../src/model/service.ts";
import type {
  AllocationSource,
  CatalogueView,
  DesiredAllocation,
} from "../../src/reconciler/ports.ts";

/** Servers in memory: what the test puts in is wanted, what the node reports can be read back. */
export class MemorySource implements AllocationSource {
  readonly desired = new Map<string, DesiredAllocation>();
  readonly reports: AllocationReport[] = [];
  readonly registrations: Node[] = [];
  /** The catalogue of services, by id. */
  readonly registered = new Map<string, ServiceRegistration>();
  heartbeats = 0;
  isReachable = true;
  readonly #serviceWatchers = new Set<() => void>();
  readonly #watchers = new Set<(ids: readonly AllocationId[]) => void>();

  put(desired: DesiredAllocation): void {
    const before = this.desired.get(desired.allocation.ID)?.allocation.AllocModifyIndex ?? 0;
    const AllocModifyIndex = Math.max(before + 1, desired.allocation.AllocModifyIndex);
    this.desired.set(desired.allocation.ID, {
      ...desired,
      allocation: { ...desired.allocation, AllocModifyIndex },
    });
    this.#hint(desired.allocation.ID);
  }

  remove(id: AllocationId): void {
    this.desired.delete(id);
    this.#hint(id);
  }

  /** The newest report of an allocation. */
  last(id: AllocationId): AllocationReport | undefined {
    return this.reports.findLast((report) => report.id === id);
  }

  async registerNode(node: Node): Promise<void> {
    this.#check();
    this.registrations.push(node);
  }

  async heartbeat(): Promise<{ readonly ttlMs: number }> {
    this.#check();
    this.heartbeats++;
    return { ttlMs: 10_000 };
  }

  async allocations(): Promise<readonly DesiredAllocation[]> {
    this.#check();
    return [...this.desired.values()];
  }

  async allocation(id: AllocationId): Promise<DesiredAllocation | undefined> {
    this.#check();
    return this.desired.get(id);
  }

  watch(_nodeId: string, changed: (ids: readonly AllocationId[]) => void): () => void {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  }

  async report(_nodeId: string, reports: readonly AllocationReport[]): Promise<void> {
    this.#check();
    this.reports.push(...reports);
  }

  async services(): Promise<readonly ServiceRegistration[]> {
    this.#check();
    return [...this.registered.values()];
  }

  async reportServices(
    _nodeId: string,
    changes: {
      readonly upsert: readonly ServiceRegistration[];
      readonly remove: readonly ServiceKey[];
    },
  ): Promise<void> {
    this.#check();
    for (const { id } of changes.remove) this.registered.delete(id);
    for (const service of changes.upsert) this.registered.set(service.ID, service);
    for (const watcher of this.#serviceWatchers) watcher();
  }

  watchServices(_nodeId: string, changed: () => void): () => void {
    this.#serviceWatchers.add(changed);
    return () => this.#serviceWatchers.delete(changed);
  }

  readonly catalogue: CatalogueView = {
    named: (_namespace, name) =>
      [...this.registered.values()].filter(({ ServiceName }) => ServiceName === name),
    all: () => [...this.registered.values()],
    watch: (changed) => this.watchServices("", changed),
  };

  #check(): void {
    if (!this.isReachable) throw new Error("the servers do not answer");
  }

  #hint(id: AllocationId): void {
    for (const watcher of this.#watchers) watcher([id]);
  }
}
