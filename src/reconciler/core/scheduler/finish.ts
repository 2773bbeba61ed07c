import { formatInstant } from "../../../lib/instant.ts";
import type { AllocationMetric } from "../../../model/allocation.ts";
import { newEvaluation } from "../../../model/build.ts";
import type { Deployment } from "../../../model/deployment.ts";
import type { Evaluation } from "../../../model/evaluation.ts";
import { evaluationId } from "../../../model/ids.ts";
import type { EvaluationId } from "../../../model/ids.ts";
import type { Plan } from "../../../model/plan.ts";
import type { JobDecision } from "../cluster/types.ts";
import type { EvaluationInput } from "./evaluation-types.ts";
import type { Judge } from "./feasible.ts";

export interface Finished {
  /** The evaluation's own new state first, then those that it created or cancelled. */
  readonly evaluations: readonly Evaluation[];
  readonly createEvaluations: readonly Evaluation[];
  readonly followUps: Plan["followUps"];
}
export interface FinishInput extends EvaluationInput {
  readonly decision: JobDecision;
  readonly deployment: Deployment | undefined;
  readonly failed: ReadonlyMap<string, AllocationMetric>;
  readonly queued: { readonly [group: string]: number };
  readonly judges: readonly Judge[];
}

/** How the evaluation ends, and which ones follow it: one that waits for room, some that wait for a time. */
export function finishEvaluation(input: FinishInput): Finished {
  const { evaluation, nowNs } = input.state;
  const later = delayedFollowUps(input);
  const isBlocked = input.failed.size > 0;
  const wasBlocked = evaluation.Status === "blocked";
  const failures = isBlocked ? Object.fromEntries(input.failed) : null;
  if (isBlocked && wasBlocked) {
    const again: Evaluation = {
      ...evaluation,
      ...eligibility(input.judges),
      FailedTGAllocs: failures,
      SnapshotIndex: input.snapshotIndex,
      ModifyTime: nowNs,
    };
    return { evaluations: [again], ...later };
  }
  const blockedNow = isBlocked ? newBlocked(input, failures) : undefined;
  const done: Evaluation = {
    ...evaluation,
    Status: "complete",
    StatusDescription: "",
    DeploymentID: (input.state.job && input.deployment?.ID) ?? evaluation.DeploymentID,
    FailedTGAllocs: failures,
    BlockedEval: blockedNow?.ID ?? null,
    NextEval: later.createEvaluations[0]?.ID ?? evaluation.NextEval,
    PlanAnnotations: {
      DesiredTGUpdates: Object.fromEntries(
        input.decision.groups.map((group) => [group.group, group.updates]),
      ),
    },
    QueuedAllocations: input.state.job ? input.queued : null,
    SnapshotIndex: input.snapshotIndex,
    ModifyTime: nowNs,
  };
  const cancelled = input.blocked
    .filter((other) => other.ID !== evaluation.ID)
    .map((other) => ({
      ...other,
      Status: "canceled" as const,
      StatusDescription: blockedNow
        ? `existing blocked evaluation exists for job "${evaluation.JobID}"`
        : `evaluation "${evaluation.ID}" successful`,
      ModifyTime: nowNs,
    }));
  return { evaluations: [done, ...(blockedNow ? [blockedNow] : []), ...cancelled], ...later };
}

/** At most one of these waits for a job: a newer one takes the place of the older. */
function newBlocked(input: FinishInput, failures: Evaluation["FailedTGAllocs"]): Evaluation {
  const { evaluation, nowNs } = input.state;
  return {
    ...evaluation,
    ID: evaluationId(input.uuid()),
    TriggeredBy: "queued-allocs",
    NodeID: null,
    NodeModifyIndex: 0,
    DeploymentID: null,
    Status: "blocked",
    StatusDescription: "created to place remaining allocations",
    WaitUntil: null,
    Wait: 0,
    NextEval: null,
    BlockedEval: null,
    PreviousEval: evaluation.ID,
    PlanAnnotations: null,
    QueuedAllocations: null,
    FailedTGAllocs: failures,
    ...eligibility(input.judges),
    SnapshotIndex: input.snapshotIndex,
    CreateTime: nowNs,
    ModifyTime: nowNs,
  };
}

function eligibility(
  judges: readonly Judge[],
): Pick<Evaluation, "ClassEligibility" | "EscapedComputedClass"> {
  const merged = new Map<string, boolean>();
  for (const judge of judges)
    for (const [name, isEligible] of Object.entries(judge.eligibility()))
      merged.set(name, isEligible || merged.get(name) === true);
  return {
    ClassEligibility: merged.size > 0 ? Object.fromEntries(merged) : null,
    EscapedComputedClass: judges.some((judge) => judge.isEscaped),
  };
}

/** Failures that are due within this of each other share one follow-up. */
const batchNs = 5e9;

function delayedFollowUps(input: FinishInput): Pick<Finished, "createEvaluations" | "followUps"> {
  const { job, evaluation, nowNs } = input.state;
  if (!job) return { createEvaluations: [], followUps: [] };
  const waiting = input.decision.groups
    .flatMap((group) => group.followUps)
    .toSorted((a, b) => a.waitUntilNs - b.waitUntilNs);
  const createEvaluations: Evaluation[] = [];
  const followUps: {
    allocationId: (typeof waiting)[number]["allocation"]["ID"];
    evaluationId: EvaluationId;
  }[] = [];
  let batchEnd = -Infinity;
  for (const { allocation, waitUntilNs } of waiting) {
    if (waitUntilNs > batchEnd) {
      batchEnd = waitUntilNs + batchNs;
      createEvaluations.push(
        newEvaluation({
          id: evaluationId(input.uuid()),
          job,
          trigger: "alloc-reschedule",
          nowNs,
          overrides: {
            StatusDescription: "created for delayed rescheduling",
            SnapshotIndex: input.snapshotIndex,
            WaitUntil: formatInstant(waitUntilNs),
            PreviousEval: evaluation.ID,
          },
        }),
      );
    }
    const current = createEvaluations.at(-1);
    if (current) followUps.push({ allocationId: allocation.ID, evaluationId: current.ID });
  }
  return { createEvaluations, followUps };
}
