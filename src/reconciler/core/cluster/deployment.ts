/**
 * What a running deployment needs next. Its progress is in the store, so any leader can go on at any point.
 * S6. A failure goes back to the last stable version once: a target with the same specification is no target.
 */
import { parseInstant } from "../../../lib/instant.ts";
import { isTerminal } from "../../../model/allocation.ts";
import type { Allocation } from "../../../model/allocation.ts";
import { isDeploymentActive } from "../../../model/deployment.ts";
import type { Deployment, DeploymentState } from "../../../model/deployment.ts";
import type { AllocationId } from "../../../model/ids.ts";
import type { Job, Nanoseconds } from "../../../model/job.ts";
import { isRescheduleEnabled, rescheduleVerdict } from "./reschedule.ts";

export interface DeploymentInput {
  readonly deployment: Deployment;
  /** The job version that it rolls out. */
  readonly job: Job | undefined;
  /** Allocations of this deployment. */
  readonly allocations: readonly Allocation[];
  /** Those that never started, and whose predecessors still run in their places. */
  readonly keepsOld: ReadonlySet<AllocationId>;
  /** The state that the newest finished evaluation of the job has seen. */
  readonly evaluatedIndex: number;
  /** One that is still to come will see everything. */
  readonly isEvaluationPending: boolean;
  /** Where a failure would go back to. */
  readonly revertTarget: RevertTarget | undefined;
  readonly nowNs: Nanoseconds;
}
export interface RevertTarget {
  readonly version: number;
  readonly hasSameSpec: boolean;
}
export type DeploymentAction =
  | { readonly kind: "nothing" }
  /** Some are newly healthy, or failed ones may now be rescheduled. */
  | {
      readonly kind: "evaluate";
      readonly reschedule: readonly AllocationId[];
      /** Others may become healthy any moment: one evaluation can serve them all. */
      readonly mayWait: boolean;
    }
  | { readonly kind: "promote" }
  | { readonly kind: "succeed" }
  | {
      readonly kind: "fail";
      readonly description: string;
      readonly revertTo: number | undefined;
    };
export interface DeploymentDecision {
  readonly action: DeploymentAction;
  /** When to look again although nothing changed. */
  readonly wakeAtNs: Nanoseconds | undefined;
}

export function decideDeployment(input: DeploymentInput): DeploymentDecision {
  const { deployment } = input;
  const idle = { action: { kind: "nothing" }, wakeAtNs: undefined } as const;
  if (!isDeploymentActive(deployment) || deployment.Status !== "running") return idle;
  const act = (action: DeploymentAction): DeploymentDecision => ({ action, wakeAtNs: undefined });
  // With the old one still there it is better to go back to it than to try the new one elsewhere.
  const hopeless = input.allocations.filter(
    (a) => isUnhealthy(a) && (input.keepsOld.has(a.ID) || !mayReschedule(input, a)),
  );
  if (hopeless.length > 0)
    return act(failure(input, "Failed due to unhealthy allocations", groupsOf(hopeless)));
  const late = lateGroups(input);
  if (late.length > 0) return act(failure(input, "Failed due to progress deadline", late));
  if (canPromote(input)) return act({ kind: "promote" });
  const wakeAtNs = nextDeadline(deployment);
  const reschedule = input.allocations
    .filter((a) => isUnhealthy(a) && a.DesiredTransition.Reschedule !== true)
    .filter((a) => a.ClientStatus === "failed" && a.NextAllocation === null)
    .map((a) => a.ID);
  const isSeen = input.allocations.every(
    (a) =>
      a.DeploymentStatus?.Healthy !== true ||
      a.DeploymentStatus.ModifyIndex <= input.evaluatedIndex,
  );
  if (reschedule.length > 0 || (!isSeen && !input.isEvaluationPending))
    return {
      action: { kind: "evaluate", reschedule, mayWait: input.allocations.some(isUndecided) },
      wakeAtNs,
    };
  if (input.isEvaluationPending) return { action: { kind: "nothing" }, wakeAtNs };
  const isComplete = Object.values(deployment.TaskGroups).every(isGroupComplete);
  return isComplete ? act({ kind: "succeed" }) : { action: { kind: "nothing" }, wakeAtNs };
}

export const isGroupComplete = (state: DeploymentState): boolean =>
  state.HealthyAllocs >= Math.max(state.DesiredTotal, state.DesiredCanaries) &&
  (state.DesiredCanaries === 0 || state.Promoted);

const isUnhealthy = (allocation: Allocation): boolean =>
  allocation.DeploymentStatus?.Healthy === false && allocation.DesiredStatus === "run";

const isUndecided = (allocation: Allocation): boolean =>
  !isTerminal(allocation) && (allocation.DeploymentStatus?.Healthy ?? null) === null;

/** One that may still be tried elsewhere does not fail the deployment; the progress deadline does. */
function mayReschedule(input: DeploymentInput, allocation: Allocation): boolean {
  const group = input.job?.TaskGroups.find((g) => g.Name === allocation.TaskGroup);
  const policy = group?.ReschedulePolicy ?? null;
  if (!isRescheduleEnabled(policy)) return false;
  if (allocation.ClientStatus !== "failed") return true;
  return rescheduleVerdict(allocation, policy).kind === "at";
}

const groupsOf = (allocations: readonly Allocation[]): string[] =>
  [...new Set(allocations.map((a) => a.TaskGroup))].toSorted();

/** Groups that should have got further by now; canaries that only wait for a person are not late. */
function lateGroups(input: DeploymentInput): string[] {
  return waitingGroups(input.deployment)
    .filter(([, state]) => (parseInstant(state.RequireProgressBy ?? "") ?? 0) <= input.nowNs)
    .map(([name]) => name);
}

function nextDeadline(deployment: Deployment): Nanoseconds | undefined {
  const deadlines = waitingGroups(deployment).map(
    ([, state]) => parseInstant(state.RequireProgressBy ?? "") ?? 0,
  );
  return deadlines.length > 0 ? Math.min(...deadlines) : undefined;
}

function waitingGroups(deployment: Deployment): [string, DeploymentState][] {
  return Object.entries(deployment.TaskGroups)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .filter(([, state]) => {
      const isCanary = state.DesiredCanaries > 0 && !state.Promoted;
      const wanted = isCanary ? state.DesiredCanaries : state.DesiredTotal;
      return state.RequireProgressBy !== null && state.HealthyAllocs < wanted;
    });
}

function canPromote(input: DeploymentInput): boolean {
  const waiting = Object.values(input.deployment.TaskGroups).filter(
    (state) => state.DesiredCanaries > 0 && !state.Promoted,
  );
  if (waiting.length === 0 || waiting.some((state) => !state.AutoPromote)) return false;
  const healthy = new Set<string>(
    input.allocations
      .filter((a) => a.DeploymentStatus?.Healthy === true && a.DesiredStatus === "run")
      .map((a) => a.ID),
  );
  return waiting.every(
    (state) =>
      (state.PlacedCanaries ?? []).filter((id) => healthy.has(id)).length >= state.DesiredCanaries,
  );
}

function failure(
  input: DeploymentInput,
  reason: string,
  groups: readonly string[],
): DeploymentAction {
  const mustRevert = groups.some((name) => input.deployment.TaskGroups[name]?.AutoRevert === true);
  if (!mustRevert) return { kind: "fail", description: reason, revertTo: undefined };
  const target = input.revertTarget;
  if (!target) {
    const description = `${reason} - no stable job version to auto revert to`;
    return { kind: "fail", description, revertTo: undefined };
  }
  if (target.hasSameSpec) {
    const description = `${reason} - not rolling back to stable job version ${target.version} as current job has same specification`;
    return { kind: "fail", description, revertTo: undefined };
  }
  return {
    kind: "fail",
    description: `${reason} - rolling back to job version ${target.version}`,
    revertTo: target.version,
  };
}
