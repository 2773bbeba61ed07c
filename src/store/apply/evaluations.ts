import type { Evaluation } from "../../model/evaluation.ts";
import { affect, done, touch } from "./transaction.ts";
import type { Handler, Transaction } from "./transaction.ts";

export const applyEvaluationUpsert: Handler<"evaluation.upsert"> = (tx, body) => {
  putEvaluations(tx, body.evaluations);
  return done;
};

export function putEvaluations(tx: Transaction, evaluations: readonly Evaluation[]): void {
  for (const evaluation of evaluations) {
    const existing = tx.tables.evaluations.get(evaluation.ID);
    tx.tables.evaluations.put({
      ...evaluation,
      CreateIndex: existing?.CreateIndex ?? tx.index,
      ModifyIndex: tx.index,
    });
    touch(tx, "evaluations", evaluation.ID);
    const job = affect(tx, { namespace: evaluation.Namespace, id: evaluation.JobID });
    if (evaluation.QueuedAllocations)
      job.queued = { ...job.queued, ...evaluation.QueuedAllocations };
  }
}
