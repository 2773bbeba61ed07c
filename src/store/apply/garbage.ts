import type { Allocation } from "../../model/allocation.ts";
import { deleteEvaluation } from "./evaluations.ts";
import { dropVersion, purgeJob } from "./jobs.ts";
import { removeNode } from "./nodes.ts";
import { removeServicesOfAllocation } from "./services.ts";
import { affect, done, touch } from "./transaction.ts";
import type { Handler, Transaction } from "./transaction.ts";

/** Removes rows; what a job's summary counted stays counted, as people look there for what has run. */
export const applyGarbageCollect: Handler<"garbage.collect"> = (tx, body) => {
  for (const id of body.evaluations) {
    const evaluation = tx.tables.evaluations.get(id);
    if (evaluation === undefined) continue;
    deleteEvaluation(tx, evaluation);
    affect(tx, { namespace: evaluation.Namespace, id: evaluation.JobID }).hadEvaluations = true;
  }
  for (const id of body.allocations) {
    const allocation = tx.tables.allocations.get(id);
    if (allocation) removeAllocation(tx, allocation);
  }
  for (const id of body.deployments) {
    const deployment = tx.tables.deployments.get(id);
    if (deployment === undefined) continue;
    tx.tables.deployments.delete(id);
    touch(tx, "deployments", id);
    affect(tx, { namespace: deployment.Namespace, id: deployment.JobID });
  }
  for (const key of body.jobs) purgeJob(tx, key);
  for (const id of body.nodes) removeNode(tx, id);
  return done;
};

function removeAllocation(tx: Transaction, allocation: Allocation): void {
  const { Namespace, JobID, JobCreateIndex, JobVersion } = allocation;
  tx.tables.allocations.delete(allocation.ID);
  touch(tx, "allocations", allocation.ID);
  removeServicesOfAllocation(tx, allocation.ID);
  affect(tx, { namespace: Namespace, id: JobID });
  const version = tx.tables.versions.get(Namespace, JobID, JobCreateIndex, JobVersion);
  if (version && !version.listed) dropVersion(tx, version.job);
}
