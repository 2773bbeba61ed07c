import { emptyPlan } from "../../../model/build.ts";
import type { Allocation } from "../../../model/allocation.ts";
import type { AllocationId } from "../../../model/ids.ts";
import type { Plan, PlannedStop } from "../../../model/plan.ts";

/** Applying one change takes well under a tenth of a millisecond: a part stays far below 20 ms. */
const largestPart = 100;

interface Step {
  readonly stops: readonly PlannedStop[];
  readonly places: readonly Allocation[];
}

/**
 * A large plan as several smaller ones, applied one after the other, so that none keeps the event loop for long.
 * Each holds by itself: what only stops goes first, a successor stays with the one it replaces, and the evaluations
 * that follow come with the last. Whatever is cut short in between, the evaluation is still there and is worked on
 * again.
 */
export function partsOfPlan(plan: Plan, largest = largestPart): readonly Plan[] {
  if (sizeOf(plan) <= largest) return [plan];
  const steps = stepsOf(plan);
  const empty = emptyPlan(plan.evaluationId);
  const parts: Plan[] = [
    ...inSlices(steps, largest / 2).map((slice) => ({
      ...empty,
      stop: slice.flatMap(({ stops }) => stops),
      place: slice.flatMap(({ places }) => places),
    })),
    ...inSlices(plan.updateInPlace, largest).map((updateInPlace) => ({ ...empty, updateInPlace })),
    ...inSlices(plan.followUps, largest).map((followUps) => ({ ...empty, followUps })),
  ];
  const { createDeployment, deploymentUpdates, createEvaluations, revive } = plan;
  return parts.map((part, at) => ({
    ...part,
    ...(at === 0 ? { createDeployment, deploymentUpdates, ...(revive ? { revive } : {}) } : {}),
    ...(at === parts.length - 1 ? { createEvaluations } : {}),
  }));
}

const sizeOf = (plan: Plan): number =>
  plan.place.length + plan.stop.length + plan.updateInPlace.length + plan.followUps.length;

function stepsOf(plan: Plan): readonly Step[] {
  const waiting = new Map<AllocationId, PlannedStop>(
    plan.stop.map((stop) => [stop.allocationId, stop]),
  );
  const replacing = plan.place.map((allocation): Step => {
    const left = [allocation.PreviousAllocation, ...(allocation.PreemptedAllocations ?? [])];
    const stops = left.flatMap((id) => (id === null ? [] : (waiting.get(id) ?? [])));
    for (const stop of stops) waiting.delete(stop.allocationId);
    return { stops, places: [allocation] };
  });
  return [
    ...[...waiting.values()].map((stop): Step => ({ stops: [stop], places: [] })),
    ...replacing,
  ];
}

function inSlices<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const slices: (readonly T[])[] = [];
  for (let at = 0; at < items.length; at += size) slices.push(items.slice(at, at + size));
  return slices;
}
