import type { Allocation } from "../../../model/allocation.ts";
import type { AllocationId, NodeId } from "../../../model/ids.ts";
import { holdingOf, NodeUsage } from "./usage.ts";

/** What is taken on every node, kept up allocation by allocation: the cost follows the change, not the cluster. */
export class UsageIndex {
  readonly #nodes = new Map<NodeId, NodeUsage>();
  readonly #homes = new Map<AllocationId, NodeId>();

  /** The allocation as it is now; undefined: there is none any more. */
  update(id: AllocationId, allocation: Allocation | undefined): void {
    const holding = allocation ? holdingOf(allocation) : undefined;
    const home = this.#homes.get(id);
    if (!allocation || !holding) {
      if (home === undefined) return;
      this.#nodes.get(home)?.delete(id);
      this.#homes.delete(id);
      return;
    }
    if (home !== undefined && home !== allocation.NodeID) this.#nodes.get(home)?.delete(id);
    const usage = this.#nodes.get(allocation.NodeID) ?? new NodeUsage();
    usage.set(holding);
    this.#nodes.set(allocation.NodeID, usage);
    this.#homes.set(id, allocation.NodeID);
  }

  /** Read only: whoever wants to try something copies it. */
  usage(node: NodeId): NodeUsage {
    return this.#nodes.get(node) ?? nothing;
  }
}

const nothing = new NodeUsage();
