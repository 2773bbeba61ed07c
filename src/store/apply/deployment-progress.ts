import { formatInstant, parseInstant } from "../../lib/instant.ts";
import type { Allocation } from "../../model/allocation.ts";
import type { Deployment, DeploymentState } from "../../model/deployment.ts";
import { affect, touch } from "./transaction.ts";
import type { Transaction } from "./transaction.ts";

/** An allocation joins its deployment: placed anew or updated in place. */
export function countPlaced(tx: Transaction, allocation: Allocation): void {
  updateGroup(tx, allocation, (state) => {
    const isCanary = allocation.DeploymentStatus?.Canary === true;
    const canaries = state.PlacedCanaries ?? [];
    const isNew = isCanary && !canaries.includes(allocation.ID);
    return {
      ...state,
      PlacedAllocs: state.PlacedAllocs + 1,
      PlacedCanaries: isNew ? [...canaries, allocation.ID] : state.PlacedCanaries,
      // Only the first placement starts the clock; afterwards newly healthy allocations push it.
      RequireProgressBy: state.RequireProgressBy ?? deadline(state, tx.at),
    };
  });
}

/** An allocation's health became known or changed. */
export function countHealth(tx: Transaction, before: Allocation, after: Allocation): void {
  const [was, is] = [
    before.DeploymentStatus?.Healthy ?? null,
    after.DeploymentStatus?.Healthy ?? null,
  ];
  if (was === is || is === null) return;
  updateGroup(tx, after, (state) => ({
    ...state,
    HealthyAllocs: state.HealthyAllocs + Number(is) - Number(was === true),
    UnhealthyAllocs: state.UnhealthyAllocs + Number(!is) - Number(was === false),
    RequireProgressBy: is
      ? later(state, after.DeploymentStatus?.Timestamp)
      : state.RequireProgressBy,
  }));
}

export function putDeployment(tx: Transaction, deployment: Deployment): void {
  const existing = tx.tables.deployments.get(deployment.ID);
  tx.tables.deployments.put({
    ...deployment,
    CreateIndex: existing?.CreateIndex ?? tx.index,
    ModifyIndex: tx.index,
    // The time of the last change; a new one has had none.
    ModifyTime: existing === undefined ? 0 : tx.at,
  });
  touch(tx, "deployments", deployment.ID);
  affect(tx, { namespace: deployment.Namespace, id: deployment.JobID });
}

function updateGroup(
  tx: Transaction,
  allocation: Allocation,
  change: (state: DeploymentState) => DeploymentState,
): void {
  const deployment =
    allocation.DeploymentID === null
      ? undefined
      : tx.tables.deployments.get(allocation.DeploymentID);
  const state = deployment?.TaskGroups[allocation.TaskGroup];
  if (deployment === undefined || state === undefined) return;
  putDeployment(tx, {
    ...deployment,
    TaskGroups: { ...deployment.TaskGroups, [allocation.TaskGroup]: change(state) },
  });
}

function later(state: DeploymentState, healthyAt: string | null | undefined): string | null {
  const since = healthyAt ? parseInstant(healthyAt) : undefined;
  const next = since === undefined ? null : deadline(state, since);
  const present = parseInstant(state.RequireProgressBy ?? "") ?? 0;
  return next !== null && (parseInstant(next) ?? 0) > present ? next : state.RequireProgressBy;
}

const deadline = (state: DeploymentState, fromNs: number): string | null =>
  state.ProgressDeadline === 0 ? null : formatInstant(fromNs + state.ProgressDeadline);
