import type { Allocation } from "../../../model/allocation.ts";
import { isServerTerminal } from "../../../model/allocation.ts";
import type { DeploymentState } from "../../../model/deployment.ts";
import type { Job, TaskGroup, UpdateStrategy } from "../../../model/job.ts";
import { classify, isSameVersion } from "./classify.ts";
import type { Classified, Meaning } from "./classify.ts";
import { nameIndex } from "./names.ts";
import { needsNewAllocation } from "./tasks-updated.ts";
import type { DeploymentContext, JobState } from "./types.ts";

/** One group sorted out: every allocation has found its place, nothing is decided yet. */
export interface GroupView {
  readonly job: Job;
  readonly group: TaskGroup;
  readonly context: DeploymentContext;
  readonly dstate: DeploymentState | undefined;
  readonly strategy: UpdateStrategy | undefined;
  readonly classified: readonly Classified[];
  /** Canaries of the running deployment that wait for promotion. */
  readonly openCanaries: ReadonlySet<Allocation>;
  readonly staleCanaries: readonly Allocation[];
  readonly surplus: readonly Allocation[];
  /** Those that stay, without open canaries. */
  readonly kept: readonly Allocation[];
  readonly migrating: readonly Allocation[];
  readonly inPlace: readonly Allocation[];
  /** All that need a new allocation in the end, however many may go now. */
  readonly outdated: readonly Allocation[];
  readonly needsCanaries: boolean;
  readonly inCanaryState: boolean;
  readonly mayAct: boolean;
  readonly isRollout: boolean;
}

export function viewGroup(
  state: JobState,
  context: DeploymentContext,
  job: Job,
  group: TaskGroup,
): GroupView {
  const classified = state.allocations
    .filter((allocation) => allocation.TaskGroup === group.Name)
    .map((allocation) => classify(state, context, group, allocation));
  const dstate = context.deployment?.TaskGroups[group.Name];
  const isPromoted = dstate?.Promoted === true;
  const staying = [...pick(classified, "kept"), ...pick(classified, "reschedule-later")];
  const staleCanaries = staying.filter((a) => isStaleCanary(a, context, isPromoted));
  const openCanaries = new Set(
    staying.filter((a) => isOpenCanary(a, context, isPromoted) && !staleCanaries.includes(a)),
  );
  const counted = staying.filter((a) => !openCanaries.has(a) && !staleCanaries.includes(a));
  const migratingAll = pick(classified, "migrating");
  const surplus = new Set(surplusOf(group.Count, counted, migratingAll, dstate));
  const kept = counted.filter((a) => !surplus.has(a));
  const changed = kept.filter((a) => !isSameVersion(a, job));
  const [outdated, inPlace] = splitChanged(state, job, group, changed);
  const strategy = rollingStrategy(job, group);
  // A deployment that began with canaries goes on with them, even when the old allocations have gone meanwhile.
  const isTrial = outdated.length > 0 || (dstate?.DesiredCanaries ?? 0) > 0;
  const needsCanaries = (strategy?.Canary ?? 0) > 0 && !isPromoted && isTrial && !context.isFailed;
  return {
    job,
    group,
    context,
    dstate,
    strategy,
    classified,
    openCanaries,
    staleCanaries,
    surplus: [...surplus],
    kept,
    migrating: migratingAll.filter((a) => !surplus.has(a)),
    inPlace,
    outdated,
    needsCanaries,
    inCanaryState: needsCanaries || ((dstate?.DesiredCanaries ?? 0) > 0 && !isPromoted),
    mayAct: !context.isPaused && !context.isFailed,
    isRollout:
      outdated.length + inPlace.length > 0 ||
      !classified.some((c) => isSameVersion(c.allocation, job) && !isServerTerminal(c.allocation)),
  };
}

export const pick = (all: readonly Classified[], meaning: Meaning): Allocation[] =>
  all.filter((c) => c.meaning === meaning).map((c) => c.allocation);

export const byName = (a: Allocation, b: Allocation): number =>
  (nameIndex(a.Name) ?? 0) - (nameIndex(b.Name) ?? 0) ||
  a.CreateIndex - b.CreateIndex ||
  (a.ID < b.ID ? -1 : 1);

/** Only services roll; max_parallel 0 switches rolling off. */
function rollingStrategy(job: Job, group: TaskGroup): UpdateStrategy | undefined {
  const strategy = group.Update;
  return job.Type === "service" && strategy && strategy.MaxParallel > 0 ? strategy : undefined;
}

const isStaleCanary = (
  allocation: Allocation,
  context: DeploymentContext,
  isPromoted: boolean,
): boolean =>
  allocation.DeploymentStatus?.Canary === true &&
  (allocation.DeploymentID !== (context.deployment?.ID ?? null) ||
    (context.isFailed && !isPromoted));

const isOpenCanary = (
  allocation: Allocation,
  context: DeploymentContext,
  isPromoted: boolean,
): boolean =>
  !isPromoted &&
  allocation.DeploymentStatus?.Canary === true &&
  allocation.DeploymentID === context.deployment?.ID;

/**
 * Whom to stop: doubles of one name in any case (a promoted canary beside the old one), and when there are still too
 * many, migrating ones and then the highest names.
 */
function surplusOf(
  count: number,
  counted: readonly Allocation[],
  migrating: readonly Allocation[],
  dstate: DeploymentState | undefined,
): Allocation[] {
  const promoted = new Set<string>(dstate?.PlacedCanaries ?? []);
  const doubles = doublesOf([...counted, ...migrating], promoted);
  const excess = Math.max(0, counted.length + migrating.length - doubles.size - count);
  const order = [
    ...migrating.toSorted(byName).toReversed(),
    ...counted.toSorted(byName).toReversed(),
  ].filter((a) => !doubles.has(a));
  return [...doubles, ...order.slice(0, excess)];
}

/** Of several allocations with one name all but the one to keep: a promoted canary, else the newest. */
function doublesOf(
  allocations: readonly Allocation[],
  promoted: ReadonlySet<string>,
): Set<Allocation> {
  const keep = new Map<string, Allocation>();
  const doubles = new Set<Allocation>();
  const isBetter = (a: Allocation, b: Allocation): boolean =>
    promoted.has(a.ID) === promoted.has(b.ID) ? a.CreateIndex > b.CreateIndex : promoted.has(a.ID);
  for (const allocation of allocations.toSorted(byName)) {
    const known = keep.get(allocation.Name);
    if (known && !isBetter(allocation, known)) doubles.add(allocation);
    else {
      if (known) doubles.add(known);
      keep.set(allocation.Name, allocation);
    }
  }
  return doubles;
}

/** Those that need a new allocation, and those that can take the new version over as they are. */
function splitChanged(
  state: JobState,
  job: Job,
  group: TaskGroup,
  changed: readonly Allocation[],
): [Allocation[], Allocation[]] {
  const verdicts = new Map<string, boolean>();
  const isOutdated = (allocation: Allocation): boolean => {
    if (allocation.ClientStatus === "failed" || !state.canStay(allocation)) return true;
    const version = `${allocation.JobCreateIndex}/${allocation.JobVersion}`;
    const known = verdicts.get(version);
    if (known !== undefined) return known;
    const before = state.jobOfAllocation(allocation);
    const verdict = before === undefined || needsNewAllocation(before, job, group.Name);
    verdicts.set(version, verdict);
    return verdict;
  };
  const outdated: Allocation[] = [];
  const inPlace: Allocation[] = [];
  for (const allocation of changed) (isOutdated(allocation) ? outdated : inPlace).push(allocation);
  return [outdated, inPlace];
}
