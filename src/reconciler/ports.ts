import type { Allocation, AllocationReport } from "../model/allocation.ts";
import type { AllocationId, NodeId } from "../model/ids.ts";
import type { Job } from "../model/job.ts";
import type { Node } from "../model/node.ts";
import type { ServiceKey, ServiceRegistration } from "../model/service.ts";

/**
 * The servers as one node sees them. A combined agent answers in-process (`in-process-source.ts`), a client-only
 * agent asks over rpc later; the node's loops never know which.
 */
export interface AllocationSource {
  registerNode(node: Node): Promise<void>;
  /** Answers for how long the node counts as alive from now on. */
  heartbeat(nodeId: NodeId): Promise<{ readonly ttlMs: number }>;
  /** Everything the servers still know of this node, also what should stop. */
  allocations(nodeId: NodeId): Promise<readonly DesiredAllocation[]>;
  allocation(id: AllocationId): Promise<DesiredAllocation | undefined>;
  /** Hints: these allocations changed on the server's side. Returns the unsubscribe function. */
  watch(nodeId: NodeId, changed: (ids: readonly AllocationId[]) => void): () => void;
  report(nodeId: NodeId, reports: readonly AllocationReport[]): Promise<void>;
  /** What the catalogue has of this node. */
  services(nodeId: NodeId): Promise<readonly ServiceRegistration[]>;
  /** Resolves when the catalogue is changed. */
  reportServices(
    nodeId: NodeId,
    changes: {
      readonly upsert: readonly ServiceRegistration[];
      readonly remove: readonly ServiceKey[];
    },
  ): Promise<void>;
  /** Hints: the services of the node, or the node itself, may have changed. Returns the unsubscribe function. */
  watchServices(nodeId: NodeId, changed: () => void): () => void;
  readonly catalogue: CatalogueView;
}
/** The catalogue of services as far as this node knows it now: answers at once, in the order of ids. */
export interface CatalogueView {
  named(namespace: string, name: string): readonly ServiceRegistration[];
  all(namespace: string): readonly ServiceRegistration[];
  /** Only marks. Returns the unsubscribe function. */
  watch(changed: () => void): () => void;
}
export interface DesiredAllocation {
  readonly allocation: Allocation;
  readonly job: Job;
}
