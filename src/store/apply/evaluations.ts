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
    if (existing) dropDetails(tx, existing);
    const { parts } = tx.tables;
    const { FailedTGAllocs: failures, PlanAnnotations: annotations } = evaluation;
    tx.tables.evaluations.put({
      ...evaluation,
      FailedTGAllocs: failures && parts.keep(tx.index, failures),
      PlanAnnotations: annotations && parts.keep(tx.index, annotations),
      CreateIndex: existing?.CreateIndex ?? tx.index,
      ModifyIndex: tx.index,
    });
    touch(tx, "evaluations", evaluation.ID);
    const job = affect(tx, { namespace: evaluation.Namespace, id: evaluation.JobID });
    if (evaluation.QueuedAllocations)
      job.queued = { ...job.queued, ...evaluation.QueuedAllocations };
  }
}

export function deleteEvaluation(tx: Transaction, evaluation: Evaluation): void {
  dropDetails(tx, evaluation);
  tx.tables.evaluations.delete(evaluation.ID);
  touch(tx, "evaluations", evaluation.ID);
}

function dropDetails({ tables: { parts } }: Transaction, evaluation: Evaluation): void {
  for (const detail of [evaluation.FailedTGAllocs, evaluation.PlanAnnotations]) {
    const ref = detail && parts.refOf(detail);
    if (ref) parts.drop(ref);
  }
}
