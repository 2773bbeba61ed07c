import type { AllocationId, NodeId } from "../model/ids.ts";
import { allocationId, nodeId } from "../model/ids.ts";
import { isClientTerminal } from "../model/allocation.ts";
import type { Node } from "../model/node.ts";
import type { ChangeBatch } from "../store/changes.ts";
import type { StateReader } from "../store/reader.ts";
import { UsageIndex } from "./core/scheduler/usage-index.ts";
import { canTakeWork } from "./core/scheduler/feasible.ts";

/**
 * The nodes and what is taken on each, kept beside the state and brought up to date from the change feed. Holds no truth:
 * it is built anew by every new leader.
 */
export class ClusterMemory {
  readonly #read: StateReader;
  readonly #usage = new UsageIndex();
  readonly #nodes = new Map<NodeId, Node>();
  readonly #dirtyAllocations = new Set<AllocationId>();
  readonly #dirtyNodes = new Set<NodeId>();

  constructor(read: StateReader) {
    this.#read = read;
    for (const node of read.nodes({})) this.#nodes.set(node.ID, node);
    for (const allocation of read.allocations({ namespace: "*" }))
      this.#usage.update(allocation.ID, allocation);
  }

  /** Only marks; `refresh` reads. */
  note(batch: ChangeBatch): void {
    for (const change of batch.changes) {
      if (change.table === "allocations") this.#dirtyAllocations.add(allocationId(change.key));
      if (change.table === "nodes") this.#dirtyNodes.add(nodeId(change.key));
    }
  }

  /** Answers the node classes on which room may have come up. */
  refresh(): Set<string> {
    const classes = new Set<string>();
    for (const id of this.#dirtyAllocations) {
      const allocation = this.#read.allocation(id);
      this.#usage.update(id, allocation);
      const node = allocation && this.#read.node(allocation.NodeID);
      if (allocation && node && isClientTerminal(allocation)) classes.add(node.ComputedClass);
    }
    this.#dirtyAllocations.clear();
    for (const id of this.#dirtyNodes) {
      const node = this.#read.node(id);
      if (node) this.#nodes.set(id, node);
      else this.#nodes.delete(id);
      if (node && canTakeWork(node)) classes.add(node.ComputedClass);
    }
    this.#dirtyNodes.clear();
    return classes;
  }

  nodes(): Node[] {
    return [...this.#nodes.values()];
  }

  get usage(): UsageIndex {
    return this.#usage;
  }
}
