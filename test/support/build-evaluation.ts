import { newEvaluation } from "../../src/model/build.ts";
import type { Evaluation } from "../../src/model/evaluation.ts";
import { evaluationId } from "../../src/model/ids.ts";
import type { Job } from "../../src/model/job.ts";
import { uuid } from "./uuid.ts";

export function buildEvaluation(
  n: number,
  job: Pick<Job, "Namespace" | "ID" | "Priority" | "Type" | "JobModifyIndex">,
  overrides: Partial<Evaluation> = {},
): Evaluation {
  return newEvaluation({
    id: evaluationId(uuid(n)),
    job,
    trigger: "job-register",
    nowNs: 1_700_000_000e9,
    overrides,
  });
}
