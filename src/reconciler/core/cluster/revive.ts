/**
 * A predecessor whose node keeps it, because its successor could not even be prepared there, takes its place again once
 * the deployment of that successor has failed.
 */
import { hasNeverStarted, isTerminal } from "../../../model/allocation.ts";
import type { Allocation } from "../../../model/allocation.ts";
import type { AllocationId } from "../../../model/ids.ts";
import type { Revival } from "../../../model/plan.ts";
import type { JobState } from "./types.ts";

type World = Pick<JobState, "job" | "allocations" | "deployment">;

/** The state as it will be, and what has to be written for it. */
export function reviveKept<State extends World>(
  state: State,
): { readonly state: State; readonly revive: readonly Revival[] } {
  const revive = revivals(state);
  if (revive.length === 0) return { state, revive };
  const kept = new Set<string>(revive.map(({ allocationId }) => allocationId));
  const back = new Map<string, Revival>(revive.map((one) => [one.successorId, one]));
  const allocations = state.allocations.map((allocation): Allocation => {
    if (kept.has(allocation.ID)) return revived(allocation);
    const revival = back.get(allocation.ID);
    return revival ? { ...allocation, NextAllocation: revival.allocationId } : allocation;
  });
  return { state: { ...state, allocations }, revive };
}

const revived = (allocation: Allocation): Allocation => ({
  ...allocation,
  DesiredStatus: "run",
  DesiredDescription: "",
  NextAllocation: null,
});

function revivals({ job, allocations, deployment }: World): readonly Revival[] {
  if (!job || job.Stop || deployment?.Status !== "failed") return [];
  const known = new Map<string, Allocation>(allocations.map((one) => [one.ID, one]));
  return allocations.flatMap((successor) => {
    if (successor.DeploymentID !== deployment.ID) return [];
    const kept = keptPredecessor(successor, (id) => known.get(id));
    return kept ? [{ allocationId: kept.ID, successorId: successor.ID }] : [];
  });
}

/**
 * Whoever still runs in the place that one was to have which failed before any of its tasks started. Those between the
 * two never were in that place: they ended before they could start.
 */
export function keptPredecessor(
  successor: Allocation,
  find: (id: AllocationId) => Allocation | undefined,
): Allocation | undefined {
  if (successor.ClientStatus !== "failed" || successor.NextAllocation !== null) return undefined;
  let next = successor;
  while (hasNeverStarted(next) && next.PreviousAllocation !== null) {
    const before = find(next.PreviousAllocation);
    if (before?.NodeID !== successor.NodeID || !isTerminal(before)) return undefined;
    if (before.DesiredStatus === "stop" && before.ClientStatus === "running") return before;
    next = before;
  }
  return undefined;
}
