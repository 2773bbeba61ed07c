/**
 * A predecessor whose node keeps it, because its successor could not even be prepared there, takes its place again once
 * the deployment of that successor has failed.
 */
import type { Allocation } from "../../../model/allocation.ts";
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
    const before = known.get(successor.PreviousAllocation ?? "");
    return before && hasKeptPredecessor(successor, before)
      ? [{ allocationId: before.ID, successorId: successor.ID }]
      : [];
  });
}

/** None of its tasks ever started, and the one in whose place it was to start still runs there. */
export const hasKeptPredecessor = (successor: Allocation, before: Allocation): boolean =>
  successor.PreviousAllocation === before.ID &&
  before.NodeID === successor.NodeID &&
  before.DesiredStatus === "stop" &&
  before.ClientStatus === "running" &&
  successor.ClientStatus === "failed" &&
  successor.NextAllocation === null &&
  Object.values(successor.TaskStates ?? {}).every((task) => task.StartedAt === null);
