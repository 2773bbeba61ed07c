import { isClientTerminal } from "../../../model/allocation.ts";
import type { Allocation } from "../../../model/allocation.ts";
import type { AllocationId, NodeId } from "../../../model/ids.ts";
import type { Node } from "../../../model/node.ts";
import type { Plan } from "../../../model/plan.ts";
import { nodeCapacity } from "./demand.ts";
import { lostDevices } from "./devices.ts";
import { Draft } from "./draft.ts";
import type { UsageOf } from "./draft.ts";
import { canTakeWork } from "./feasible.ts";
import { exhaustedDimension } from "./fit.ts";
import { coresOf } from "./usage.ts";

/** The newest state, which may be newer than what the plan was made from. */
export interface VerifyState {
  readonly node: (id: NodeId) => Node | undefined;
  readonly usage: UsageOf;
  readonly allocation: (id: AllocationId) => Allocation | undefined;
}

/** Why a plan no longer holds; empty when it may be applied as it is. S1, S2 and S10 hold after every plan that passes. */
export function planFaults(plan: Plan, state: VerifyState): string[] {
  const draft = new Draft(state.usage);
  const faults: string[] = [];
  const stopping = new Set<AllocationId>(plan.stop.map((stop) => stop.allocationId));
  for (const stop of plan.stop) {
    const allocation = state.allocation(stop.allocationId);
    if (!allocation) faults.push(`allocation ${stop.allocationId} to stop is gone`);
    else if (stop.clientStatus === "lost") draft.forget(allocation.NodeID, allocation.ID);
    else draft.stop(allocation);
  }
  const revived = new Set<AllocationId>((plan.revive ?? []).map((one) => one.allocationId));
  for (const id of revived) {
    const allocation = state.allocation(id);
    if (!allocation || isClientTerminal(allocation)) faults.push(`allocation ${id} has ended`);
  }
  for (const update of plan.updateInPlace) {
    const allocation = state.allocation(update.allocationId);
    const isWanted = allocation?.DesiredStatus === "run" || revived.has(update.allocationId);
    if (!allocation || isClientTerminal(allocation) || !isWanted)
      faults.push(`allocation ${update.allocationId} to update is gone`);
  }
  for (const placed of plan.place) {
    faults.push(...nameFaults(placed, draft, stopping));
    draft.add(placed);
  }
  for (const placed of plan.place) faults.push(...lostParts(placed, state));
  const nodes = new Set(plan.place.map((placed) => placed.NodeID));
  for (const id of [...nodes].toSorted()) faults.push(...nodeFaults(id, state, draft));
  return faults;
}

/** S10: never a second live allocation of one name, except a canary beside the one that it may replace. */
function nameFaults(
  placed: Allocation,
  draft: Draft,
  stopping: ReadonlySet<AllocationId>,
): string[] {
  if (placed.DeploymentStatus?.Canary === true) return [];
  for (const holding of draft.usage(placed.NodeID).holdings()) {
    const isSame =
      holding.name === placed.Name &&
      holding.jobId === placed.JobID &&
      holding.namespace === placed.Namespace;
    if (isSame && !holding.isStopping && !stopping.has(holding.id) && holding.id !== placed.ID)
      return [`${placed.Name} lives already as ${holding.id}`];
  }
  return [];
}

/** Cores and devices that the node no longer has for anybody. */
function lostParts(placed: Allocation, state: VerifyState): string[] {
  const node = state.node(placed.NodeID);
  if (!node) return [];
  const reservable = new Set(node.NodeResources.Cpu.ReservableCpuCores ?? []);
  const cores = coresOf(placed.AllocatedResources).filter((core) => !reservable.has(core));
  return [
    ...cores.map((core) => `core ${core}`),
    ...lostDevices(placed.AllocatedResources, node),
  ].map((thing) => `node ${placed.NodeID} has no ${thing} to give`);
}

function nodeFaults(id: NodeId, state: VerifyState, draft: Draft): string[] {
  const node = state.node(id);
  if (!node || !canTakeWork(node)) return [`node ${id} takes no work`];
  const usage = draft.usage(id);
  const exhausted = exhaustedDimension(usage.total, nodeCapacity(node));
  return [
    ...(exhausted === undefined ? [] : [`node ${id} has too little ${exhausted}`]),
    ...usage.conflicts().map((thing) => `node ${id} has ${thing} taken twice`),
  ];
}
