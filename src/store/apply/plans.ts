import type { Allocation } from "../../model/allocation.ts";
import { isClientTerminal } from "../../model/allocation.ts";
import type { InPlaceUpdate, Plan, PlannedStop, Revival } from "../../model/plan.ts";
import { putAllocation, putFromServer, withClientStatus } from "./allocations.ts";
import { countPlaced, putDeployment } from "./deployment-progress.ts";
import { updateStatus } from "./deployments.ts";
import { putEvaluations } from "./evaluations.ts";
import { done } from "./transaction.ts";
import type { Handler, Transaction } from "./transaction.ts";

/** Deployments first, so that what is placed finds them; then what leaves, then what comes. */
export const applyPlan: Handler<"plan.apply"> = (tx, { plan, evaluations }) => {
  for (const update of plan.deploymentUpdates) updateStatus(tx, update);
  if (plan.createDeployment) putDeployment(tx, plan.createDeployment);
  for (const revival of plan.revive ?? []) revive(tx, revival);
  for (const stop of plan.stop) stopAllocation(tx, stop);
  for (const { allocationId, evaluationId } of plan.followUps) {
    const existing = tx.tables.allocations.get(allocationId);
    if (existing) putFromServer(tx, { ...existing, FollowupEvalID: evaluationId });
  }
  for (const update of plan.updateInPlace) updateInPlace(tx, plan, update);
  for (const allocation of plan.place) place(tx, allocation);
  putEvaluations(tx, plan.createEvaluations);
  putEvaluations(tx, evaluations);
  return done;
};

/** One that has ended meanwhile is not brought back. */
function revive(tx: Transaction, { allocationId, successorId }: Revival): void {
  const existing = tx.tables.allocations.get(allocationId);
  const successor = tx.tables.allocations.get(successorId);
  if (existing === undefined || successor === undefined || isClientTerminal(existing)) return;
  putFromServer(tx, {
    ...existing,
    DesiredStatus: "run",
    DesiredDescription: "",
    NextAllocation: null,
  });
  // Its node has nothing to do about it.
  putAllocation(tx, successor, { ...successor, NextAllocation: allocationId });
}

function stopAllocation(tx: Transaction, stop: PlannedStop): void {
  const existing = tx.tables.allocations.get(stop.allocationId);
  if (existing === undefined) return;
  const status = stop.clientStatus ?? existing.ClientStatus;
  putFromServer(tx, {
    ...existing,
    DesiredStatus: stop.desiredStatus,
    DesiredDescription: stop.desiredDescription,
    ClientStatus: status,
    AllocStates: stop.clientStatus ? withClientStatus(tx, existing, status) : existing.AllocStates,
    FollowupEvalID: stop.followupEvalId ?? existing.FollowupEvalID,
  });
}

const isVersionKnown = (tx: Transaction, allocation: Allocation): boolean =>
  tx.tables.versions.get(
    allocation.Namespace,
    allocation.JobID,
    allocation.JobCreateIndex,
    allocation.JobVersion,
  ) !== undefined;

function updateInPlace(tx: Transaction, plan: Plan, update: InPlaceUpdate): void {
  const existing = tx.tables.allocations.get(update.allocationId);
  if (existing === undefined) return;
  const joins = update.deploymentId !== existing.DeploymentID;
  const next: Allocation = {
    ...existing,
    EvalID: plan.evaluationId,
    JobVersion: update.jobVersion,
    AllocatedResources: update.allocatedResources,
    DeploymentID: update.deploymentId,
    // Its health counts anew for the deployment that it joins.
    DeploymentStatus: joins ? null : existing.DeploymentStatus,
  };
  putFromServer(tx, next);
  if (joins) countPlaced(tx, next);
}

function place(tx: Transaction, allocation: Allocation): void {
  // Its job was purged after the plan was made.
  if (!isVersionKnown(tx, allocation)) return;
  const existing = tx.tables.allocations.get(allocation.ID);
  putFromServer(tx, { ...allocation, CreateTime: existing?.CreateTime ?? allocation.CreateTime });
  if (existing?.DeploymentID !== allocation.DeploymentID) countPlaced(tx, allocation);
  const previous =
    allocation.PreviousAllocation && tx.tables.allocations.get(allocation.PreviousAllocation);
  // Its node has nothing to do about it, so AllocModifyIndex stays.
  if (previous) putAllocation(tx, previous, { ...previous, NextAllocation: allocation.ID });
  for (const id of allocation.PreemptedAllocations ?? []) {
    const preempted = tx.tables.allocations.get(id);
    if (preempted)
      putAllocation(tx, preempted, { ...preempted, PreemptedByAllocation: allocation.ID });
  }
}
