import { isDeploymentActive } from "../../model/deployment.ts";
import type { Deployment, DeploymentState } from "../../model/deployment.ts";
import type { DeploymentId } from "../../model/ids.ts";
import type { DeploymentStatusUpdate } from "../../model/plan.ts";
import type { Refusable } from "../commands.ts";
import { putFromServer, putHealth } from "./allocations.ts";
import { putDeployment } from "./deployment-progress.ts";
import { putEvaluations } from "./evaluations.ts";
import { setStable, writeVersion } from "./jobs.ts";
import { done } from "./transaction.ts";
import type { Handler, Transaction } from "./transaction.ts";

export const applyDeploymentStatus: Handler<"deployment.status"> = (tx, body) => {
  const found = findActive(tx, body.update.deploymentId);
  if ("refused" in found) return found;
  const { deployment } = found;
  updateStatus(tx, body.update);
  if (body.markStable)
    setStable(
      tx,
      { namespace: deployment.Namespace, id: deployment.JobID },
      deployment.JobVersion,
      true,
    );
  if (body.job) writeVersion(tx, body.job, null);
  putEvaluations(tx, body.evaluations);
  return done;
};

export const applyDeploymentPromote: Handler<"deployment.promote"> = (tx, body) => {
  const found = findActive(tx, body.deploymentId);
  if ("refused" in found) return found;
  const { deployment } = found;
  const chosen = Object.entries(deployment.TaskGroups)
    .filter(([name, state]) => state.DesiredCanaries > 0 && (body.groups?.includes(name) ?? true))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  if (!chosen.some(([, state]) => (state.PlacedCanaries?.length ?? 0) > 0))
    return { refused: "no-canaries", detail: "no canaries to promote" };
  const unhealthy = chosen.flatMap(([name, state]) => canaryFault(tx, name, state));
  if (unhealthy.length > 0) return { refused: "unhealthy-canaries", detail: unhealthy.join("; ") };
  promote(tx, deployment, chosen);
  putEvaluations(tx, body.evaluations);
  return done;
};

export const applyDeploymentHealth: Handler<"deployment.health"> = (tx, body) => {
  const found = findActive(tx, body.deploymentId);
  if ("refused" in found) return found;
  const verdicts = [
    ...body.healthy.map((id) => ({ id, healthy: true })),
    ...body.unhealthy.map((id) => ({ id, healthy: false })),
  ];
  for (const { id, healthy } of verdicts) {
    const allocation = tx.tables.allocations.get(id);
    if (allocation?.DeploymentID === body.deploymentId) putHealth(tx, allocation, healthy, body.at);
  }
  if (body.update) updateStatus(tx, body.update);
  putEvaluations(tx, body.evaluations);
  return done;
};

/** Obeys; whether a deployment may still change was asked before. */
export function updateStatus(tx: Transaction, update: DeploymentStatusUpdate): void {
  const deployment = tx.tables.deployments.get(update.deploymentId);
  if (deployment === undefined) return;
  putDeployment(tx, {
    ...deployment,
    Status: update.status,
    StatusDescription: update.statusDescription,
  });
}

function findActive(
  tx: Transaction,
  id: DeploymentId,
):
  | { readonly deployment: Deployment }
  | Extract<Refusable<"not-found" | "terminal">, { refused: unknown }> {
  const deployment = tx.tables.deployments.get(id);
  if (deployment === undefined) return { refused: "not-found", detail: id };
  if (!isDeploymentActive(deployment)) return { refused: "terminal", detail: deployment.Status };
  return { deployment };
}

function canaryFault(tx: Transaction, name: string, state: DeploymentState): readonly string[] {
  const canaries = (state.PlacedCanaries ?? []).map((id) => tx.tables.allocations.get(id));
  const healthy = canaries.filter((canary) => canary?.DeploymentStatus?.Healthy === true).length;
  return healthy >= state.DesiredCanaries
    ? []
    : [`Task group "${name}" has ${healthy}/${state.DesiredCanaries} healthy allocations`];
}

function promote(
  tx: Transaction,
  deployment: Deployment,
  chosen: readonly (readonly [string, DeploymentState])[],
): void {
  const TaskGroups = { ...deployment.TaskGroups };
  for (const [name, state] of chosen) {
    TaskGroups[name] = { ...state, Promoted: true };
    for (const id of state.PlacedCanaries ?? []) {
      const canary = tx.tables.allocations.get(id);
      if (canary?.DeploymentStatus)
        putFromServer(tx, {
          ...canary,
          DeploymentStatus: { ...canary.DeploymentStatus, Canary: false, ModifyIndex: tx.index },
        });
    }
  }
  const waits = Object.values(TaskGroups).some(
    (state) => state.DesiredCanaries > 0 && !state.Promoted,
  );
  putDeployment(tx, {
    ...deployment,
    TaskGroups,
    StatusDescription: waits ? deployment.StatusDescription : "Deployment is running",
  });
}
