import { formatInstant } from "../../lib/instant.ts";
import { isClientTerminal } from "../../model/allocation.ts";
import type {
  Allocation,
  AllocationDeploymentStatus,
  AllocationReport,
  AllocationStateChange,
  ClientStatus,
  DesiredTransition,
} from "../../model/allocation.ts";
import { countHealth } from "./deployment-progress.ts";
import { putEvaluations } from "./evaluations.ts";
import { countTransition } from "./job-summary.ts";
import { removeServicesOfAllocation } from "./services.ts";
import { affect, done, touch } from "./transaction.ts";
import type { Handler, Transaction } from "./transaction.ts";

export const applyAllocationReport: Handler<"allocation.report"> = (tx, body) => {
  let isChanged = false;
  for (const report of body.reports) {
    const existing = tx.tables.allocations.get(report.id);
    // A report may come after the allocation was collected, or from a node that does not own it.
    if (existing === undefined || existing.NodeID !== body.nodeId) continue;
    const next = merge(tx, existing, report);
    if (JSON.stringify(next) === JSON.stringify(existing)) continue;
    putReported(tx, existing, next);
    isChanged = true;
  }
  const node = tx.tables.nodes.get(body.nodeId);
  // Not a change of the node that anybody waits for: its own indexes stay.
  if (isChanged && node) tx.tables.nodes.put({ ...node, LastAllocUpdateIndex: tx.index });
  putEvaluations(tx, body.evaluations);
  return done;
};

export const applyAllocationTransition: Handler<"allocation.transition"> = (tx, body) => {
  for (const { allocationId, transition } of body.transitions) {
    const existing = tx.tables.allocations.get(allocationId);
    if (existing) transitionAllocation(tx, existing, transition);
  }
  putEvaluations(tx, body.evaluations);
  return done;
};

export function transitionAllocation(
  tx: Transaction,
  allocation: Allocation,
  transition: Partial<DesiredTransition>,
): void {
  const merged = { ...allocation.DesiredTransition, ...transition };
  putFromServer(tx, { ...allocation, DesiredTransition: merged });
}

/** A change by the servers: the node that owns the allocation is woken by AllocModifyIndex. */
export function putFromServer(tx: Transaction, allocation: Allocation): void {
  const existing = tx.tables.allocations.get(allocation.ID);
  putAllocation(tx, existing, {
    ...allocation,
    CreateIndex: existing?.CreateIndex ?? tx.index,
    AllocModifyIndex: tx.index,
  });
}

export function putAllocation(
  tx: Transaction,
  existing: Allocation | undefined,
  allocation: Allocation,
): void {
  tx.tables.allocations.put({ ...allocation, ModifyIndex: tx.index, ModifyTime: tx.at });
  touch(tx, "allocations", allocation.ID);
  if (isClientTerminal(allocation)) removeServicesOfAllocation(tx, allocation.ID);
  const key = { namespace: allocation.Namespace, id: allocation.JobID };
  const affected = affect(tx, key);
  const job = tx.tables.jobs.get(key.namespace, key.id);
  // What is left of a purged job does not count for its namesake.
  if (job?.CreateIndex === allocation.JobCreateIndex)
    countTransition(affected, existing, allocation);
}

/** The health that a deployment waits for, written and counted. */
export function putHealth(
  tx: Transaction,
  existing: Allocation,
  healthy: boolean,
  at: string,
): void {
  const DeploymentStatus = withHealth(tx, existing.DeploymentStatus, { healthy, at });
  putFromServer(tx, { ...existing, DeploymentStatus });
  countHealth(tx, existing, { ...existing, DeploymentStatus });
}

export function withClientStatus(
  tx: Transaction,
  allocation: Allocation,
  status: ClientStatus,
): readonly AllocationStateChange[] {
  return [
    ...(allocation.AllocStates ?? []),
    { Field: "ClientStatus", Value: status, Time: formatInstant(tx.at) },
  ];
}

function putReported(tx: Transaction, existing: Allocation, next: Allocation): void {
  putAllocation(tx, existing, next);
  countHealth(tx, existing, next);
}

function merge(tx: Transaction, existing: Allocation, report: AllocationReport): Allocation {
  const isBack = existing.ClientStatus === "unknown" && report.clientStatus !== "unknown";
  return {
    ...existing,
    ClientStatus: report.clientStatus,
    ClientDescription: report.clientDescription,
    TaskStates: report.taskStates,
    AllocStates: isBack
      ? withClientStatus(tx, existing, report.clientStatus)
      : existing.AllocStates,
    NetworkStatus: report.networkStatus ?? existing.NetworkStatus,
    DeploymentStatus: report.health
      ? withHealth(tx, existing.DeploymentStatus, report.health)
      : existing.DeploymentStatus,
  };
}

function withHealth(
  tx: Transaction,
  known: AllocationDeploymentStatus | null,
  { healthy, at }: { readonly healthy: boolean; readonly at: string },
): AllocationDeploymentStatus {
  if (known?.Healthy === healthy) return known;
  return {
    Healthy: healthy,
    // A node that does not know when says so with an empty text; the row has no time then.
    Timestamp: at === "" ? null : at,
    Canary: known?.Canary ?? false,
    ModifyIndex: tx.index,
  };
}
