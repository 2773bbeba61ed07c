import type { Allocation } from "../../../model/allocation.ts";
import type { AllocationId, NodeId } from "../../../model/ids.ts";
import { holdingOf } from "./usage.ts";
import type { NodeUsage } from "./usage.ts";

export type UsageOf = (node: NodeId) => NodeUsage;

/** What the nodes will look like with a plan in the making: the present, and what the plan changed, copied on touch. */
export class Draft {
  readonly #base: UsageOf;
  readonly #touched = new Map<NodeId, NodeUsage>();

  constructor(base: UsageOf) {
    this.#base = base;
  }

  usage(node: NodeId): NodeUsage {
    return this.#touched.get(node) ?? this.#base(node);
  }

  /** The server wants it gone; it holds what it has until its client says so. */
  stop(allocation: Allocation): void {
    const usage = this.#touch(allocation.NodeID);
    const holding = usage.get(allocation.ID);
    if (holding) usage.set({ ...holding, isStopping: true });
  }

  undoStop(allocation: Allocation): void {
    const holding = holdingOf(allocation);
    if (holding) this.#touch(allocation.NodeID).set(holding);
  }

  /** Its node is gone: nobody will ever confirm anything. */
  forget(node: NodeId, id: AllocationId): void {
    this.#touch(node).delete(id);
  }

  add(allocation: Allocation): void {
    const holding = holdingOf(allocation);
    if (holding) this.#touch(allocation.NodeID).set(holding);
  }

  touchedNodes(): NodeId[] {
    return [...this.#touched.keys()].toSorted();
  }

  #touch(node: NodeId): NodeUsage {
    const known = this.#touched.get(node);
    if (known) return known;
    const copy = this.#base(node).copy();
    this.#touched.set(node, copy);
    return copy;
  }
}
