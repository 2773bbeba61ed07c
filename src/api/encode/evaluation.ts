import type { Evaluation } from "../../model/evaluation.ts";
import { omitZero } from "./omit.ts";

/** Every zero field is left out. */
export const encodeEvaluation = (
  evaluation: Evaluation,
  related: readonly Evaluation[] = [],
): object => omitZero({ ...evaluation, RelatedEvals: related.map(encodeEvaluationStub) });

const encodeEvaluationStub = (evaluation: Evaluation): object => ({
  ID: evaluation.ID,
  Namespace: evaluation.Namespace,
  Priority: evaluation.Priority,
  Type: evaluation.Type,
  TriggeredBy: evaluation.TriggeredBy,
  JobID: evaluation.JobID,
  NodeID: evaluation.NodeID ?? "",
  DeploymentID: evaluation.DeploymentID ?? "",
  Status: evaluation.Status,
  StatusDescription: evaluation.StatusDescription,
  WaitUntil: evaluation.WaitUntil,
  NextEval: evaluation.NextEval ?? "",
  PreviousEval: evaluation.PreviousEval ?? "",
  BlockedEval: evaluation.BlockedEval ?? "",
  CreateIndex: evaluation.CreateIndex,
  ModifyIndex: evaluation.ModifyIndex,
  CreateTime: evaluation.CreateTime,
  ModifyTime: evaluation.ModifyTime,
});
