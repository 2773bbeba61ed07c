/**
 * What one group of a service or batch job needs. Invariants:
 * S4. placements and what is kept never exceed the count (plus canaries); a failed deployment never starts a new one.
 * S5. A rolling update replaces at most max_parallel minus those that are not yet healthy; an unhealthy allocation,
 *     a pause, a failure or an unpromoted canary stops it.
 */
import { assert } from "../../../lib/errors.ts";
import { noUpdates } from "../../../model/build.ts";
import type { Allocation, ClientStatus } from "../../../model/allocation.ts";
import type { DeploymentState } from "../../../model/deployment.ts";
import type { Job, TaskGroup, UpdateStrategy } from "../../../model/job.ts";
import type { Classified } from "./classify.ts";
import { byName, pick, viewGroup } from "./group-view.ts";
import type { GroupView } from "./group-view.ts";
import { freeNames } from "./names.ts";
import { beingMigrated, beingUpdated, nodeLost, notNeeded } from "./types.ts";
import type {
  DeploymentContext,
  GroupDecision,
  JobState,
  Placement,
  Replacement,
  Stop,
} from "./types.ts";

export function reconcileGroup(
  state: JobState,
  context: DeploymentContext,
  job: Job,
  group: TaskGroup,
): GroupDecision {
  const view = viewGroup(state, context, job, group);
  const place = choosePlacements(state, view);
  const canaries = chooseCanaries(view);
  const budget = Math.max(0, updateBudget(view) - place.length);
  const destructive = view.outdated.toSorted(worstFirst).slice(0, budget);
  const migrate = view.migrating.map((a) =>
    replacement(a, beingMigrated, replacementJob(state, view, a)),
  );
  const replace = [...migrate, ...destructive.map((a) => replacement(a, beingUpdated, view.job))];
  const stop = chooseStops(view);
  const later = followUps(view);
  assert(
    view.kept.length + view.migrating.length + place.length <=
      Math.max(group.Count, view.kept.length + view.migrating.length),
    "S4: a group never gets more than its count",
  );
  const placedOrChanged = place.length + canaries.length + replace.length + view.inPlace.length > 0;
  return {
    group: group.Name,
    place: [...canaries, ...place],
    replace,
    stop: [...stop, ...pick(view.classified, "stop-unconfirmed").map(lostStop)],
    inPlace: view.inPlace,
    followUps: later.map((c) => ({ allocation: c.allocation, waitUntilNs: c.atNs })),
    updates: {
      ...noUpdates,
      Ignore:
        view.kept.length +
        view.openCanaries.size +
        pick(view.classified, "settled").length -
        view.inPlace.length -
        destructive.length,
      Place: place.length,
      Migrate: migrate.length,
      Stop: stop.length,
      InPlaceUpdate: view.inPlace.length,
      DestructiveUpdate: destructive.length,
      Canary: canaries.length,
      RescheduleLater: later.length,
    },
    startDeployment: placedOrChanged ? newDeploymentState(view) : undefined,
  };
}

export const stopOf = (
  allocation: Allocation,
  description: string,
  clientStatus: ClientStatus | null = null,
): Stop => ({ allocation, description, clientStatus });

export const lostStop = (allocation: Allocation): Stop => stopOf(allocation, nodeLost, "lost");

/** Lost and failed ones are replaced by name; what is still missing gets the lowest free names. */
function choosePlacements(state: JobState, view: GroupView): Placement[] {
  const gone = goneOnes(view).filter((c) => !isCanary(c.allocation, view));
  const room = Math.max(0, view.group.Count - view.kept.length - view.migrating.length);
  const mayFill = view.mayAct && !view.inCanaryState;
  const used = new Set([...view.kept, ...view.migrating].map((a) => a.Name));
  const replaced: Placement[] = [];
  for (const lost of gone) {
    if (replaced.length >= room || (!mayFill && belongsTo(lost.allocation, view))) continue;
    if (used.has(lost.allocation.Name)) continue;
    used.add(lost.allocation.Name);
    replaced.push(replacementOf(state, view, lost));
  }
  if (!mayFill) return replaced;
  const names = freeNames(
    { jobId: view.job.ID, name: view.group.Name },
    used,
    room - replaced.length,
  );
  return [
    ...replaced,
    ...names.map((name) => newPlacement({ job: view.job, group: view.group.Name, name })),
  ];
}

const goneOnes = (view: GroupView): Classified[] =>
  view.classified
    .filter((c) => c.meaning === "reschedule-now" || c.meaning === "lost")
    .toSorted((a, b) => byName(a.allocation, b.allocation));

const belongsTo = (allocation: Allocation, view: GroupView): boolean =>
  view.context.deployment !== undefined && allocation.DeploymentID === view.context.deployment.ID;

const isCanary = (allocation: Allocation, view: GroupView): boolean =>
  view.dstate?.Promoted !== true && allocation.DeploymentStatus?.Canary === true;

function replacementOf(state: JobState, view: GroupView, lost: Classified): Placement {
  return {
    ...newPlacement({
      job: replacementJob(state, view, lost.allocation),
      group: view.group.Name,
      name: lost.allocation.Name,
    }),
    previous: lost.allocation,
    isReschedule: lost.meaning === "reschedule-now",
    rescheduleDelay: lost.delay,
  };
}

/** While the new version is unproven or has failed, an old allocation is replaced by one of its own version. */
function replacementJob(state: JobState, view: GroupView, allocation: Allocation): Job {
  if (view.mayAct && !view.inCanaryState) return view.job;
  const own = state.jobOfAllocation(allocation);
  const hasGroup = own?.TaskGroups.some((group) => group.Name === view.group.Name) === true;
  return own && hasGroup && !own.Stop ? own : view.job;
}

function chooseCanaries(view: GroupView): Placement[] {
  if (!view.needsCanaries || !view.mayAct) return [];
  const wanted = Math.max(0, (view.strategy?.Canary ?? 0) - view.openCanaries.size);
  const taken = new Set([...view.openCanaries].map((a) => a.Name));
  const failed = goneOnes(view).filter((c) => isCanary(c.allocation, view));
  const names = [...new Set(view.outdated.toSorted(byName).map((a) => a.Name))]
    .filter((name) => !taken.has(name))
    .slice(0, wanted);
  const avoid = new Set([...taken, ...names, ...view.kept.map((a) => a.Name)]);
  const more = freeNames(
    { jobId: view.job.ID, name: view.group.Name },
    avoid,
    wanted - names.length,
  );
  return [...names, ...more].map((name, at) => ({
    ...newPlacement({ job: view.job, group: view.group.Name, name }),
    isCanary: true,
    previous: failed[at]?.allocation,
    isReschedule: failed[at]?.meaning === "reschedule-now",
    rescheduleDelay: failed[at]?.delay ?? 0,
  }));
}

/** S5: how many may be replaced now. */
function updateBudget(view: GroupView): number {
  if (!view.mayAct || view.inCanaryState) return 0;
  if (!view.strategy) return view.group.Count;
  const mine = [...view.kept, ...view.migrating].filter((a) => belongsTo(a, view));
  if (mine.some((a) => a.DeploymentStatus?.Healthy === false)) return 0;
  const unproven = mine.filter((a) => a.DeploymentStatus?.Healthy !== true).length;
  return Math.max(0, view.strategy.MaxParallel - unproven);
}

/** Those that serve nobody go first, so that a second update on top of a first keeps the healthy ones. */
const worstFirst = (a: Allocation, b: Allocation): number =>
  Number(isServing(a)) - Number(isServing(b)) || byName(a, b);

const isServing = (allocation: Allocation): boolean =>
  allocation.ClientStatus === "running" &&
  (allocation.DeploymentID === null || allocation.DeploymentStatus?.Healthy === true);

function chooseStops(view: GroupView): Stop[] {
  return [
    ...view.staleCanaries.map((a) => stopOf(a, notNeeded)),
    ...view.surplus.map((a) => stopOf(a, notNeeded)),
    ...pick(view.classified, "lost").map(lostStop),
    ...stoppedFailures(view).map((a) => stopOf(a, "")),
  ];
}

/** A failed allocation is stopped when its replacement is due; with nothing to replace it there is nothing to stop. */
function stoppedFailures(view: GroupView): Allocation[] {
  const mayFill = view.mayAct && !view.inCanaryState;
  return pick(view.classified, "reschedule-now").filter(
    (a) => mayFill || isCanary(a, view) || !belongsTo(a, view),
  );
}

function followUps(view: GroupView): Classified[] {
  if (view.group.Count === 0) return [];
  const stays = new Set(view.kept);
  for (const outdated of view.outdated) stays.delete(outdated);
  for (const canary of view.openCanaries) stays.add(canary);
  return view.classified.filter((c) => c.meaning === "reschedule-later" && stays.has(c.allocation));
}

const newPlacement = (wanted: {
  readonly job: Job;
  readonly group: string;
  readonly name: string;
}): Placement => ({
  ...wanted,
  previous: undefined,
  isCanary: false,
  isReschedule: false,
  rescheduleDelay: 0,
  onNode: undefined,
});

const replacement = (allocation: Allocation, description: string, job: Job): Replacement => ({
  stop: stopOf(allocation, description),
  place: {
    ...newPlacement({ job, group: allocation.TaskGroup, name: allocation.Name }),
    previous: allocation,
  },
});

function newDeploymentState(view: GroupView): DeploymentState | undefined {
  const { strategy, group } = view;
  if (!strategy || view.dstate || !view.mayAct || !view.isRollout || group.Count === 0)
    return undefined;
  return deploymentStateOf(strategy, group, view.needsCanaries ? strategy.Canary : 0);
}

export const deploymentStateOf = (
  strategy: UpdateStrategy,
  group: Pick<TaskGroup, "Count">,
  canaries: number,
): DeploymentState => ({
  AutoRevert: strategy.AutoRevert,
  AutoPromote: strategy.AutoPromote,
  ProgressDeadline: strategy.ProgressDeadline,
  RequireProgressBy: null,
  Promoted: false,
  PlacedCanaries: null,
  DesiredCanaries: canaries,
  DesiredTotal: group.Count,
  PlacedAllocs: 0,
  HealthyAllocs: 0,
  UnhealthyAllocs: 0,
});
