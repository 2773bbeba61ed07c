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
    if (existing) dropFailures(tx, existing);
    const failures = evaluation.FailedTGAllocs;
    tx.tables.evaluations.put({
      ...evaluation,
      FailedTGAllocs: failures && tx.tables.parts.keep(tx.index, failures),
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
  dropFailures(tx, evaluation);
  tx.tables.evaluations.delete(evaluation.ID);
  touch(tx, "evaluations", evaluation.ID);
}

function dropFailures({ tables }: Transaction, { FailedTGAllocs }: Evaluation): void {
  const ref = FailedTGAllocs && tables.parts.refOf(FailedTGAllocs);
  if (ref) tables.parts.drop(ref);
}
