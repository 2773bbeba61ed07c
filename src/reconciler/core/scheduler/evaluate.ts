/**
 * One evaluation from state to plan. A pure function: the same path serves the loop and the dry run of the API.
 * S3. Evaluating twice without a change in between changes nothing the second time.
 */
import { finishSteps } from "../../../lib/finish-steps.ts";
import { groupBy } from "../../../lib/group-by.ts";
import type { Allocation, AllocationMetric } from "../../../model/allocation.ts";
import { emptyPlan } from "../../../model/build.ts";
import type { Deployment } from "../../../model/deployment.ts";
import { deploymentId } from "../../../model/ids.ts";
import type { Job, TaskGroup } from "../../../model/job.ts";
import type { DesiredUpdates, Plan, PlannedStop } from "../../../model/plan.ts";
import { reconcileJobSteps } from "../cluster/reconcile-job.ts";
import { reviveKept } from "../cluster/revive.ts";
import type { GroupDecision, JobDecision, Placement, Stop } from "../cluster/types.ts";
import { Draft } from "./draft.ts";
import { newAllocation } from "./new-allocation.ts";
import { GroupPlacer } from "./place.ts";
import type { EvaluationInput } from "./evaluation-types.ts";
import { finishEvaluation } from "./finish.ts";
import type { Finished } from "./finish.ts";

export interface EvaluationOutput extends Finished {
  readonly plan: Plan;
  readonly updates: { readonly [group: string]: DesiredUpdates };
  readonly failed: { readonly [group: string]: AllocationMetric };
}

export const evaluateJob = (input: EvaluationInput): EvaluationOutput =>
  finishSteps(evaluationSteps(input));

/** The same, stopping after each group and placement: whoever drives it may let others have the event loop in between. */
export function* evaluationSteps(asked: EvaluationInput): Generator<void, EvaluationOutput> {
  const { state, revive } = reviveKept(asked.state);
  const input = { ...asked, state };
  const draft = new Draft(input.usage);
  const placers = placersFor(input, draft);
  const canStay = (allocation: Allocation): boolean =>
    placers.for(state.job, allocation.TaskGroup)?.canStay(allocation.NodeID) ?? true;
  const decision = yield* reconcileJobSteps(
    { ...state, canStay },
    (group) => placers.for(state.job, group)?.feasibleNodes() ?? [],
  );
  yield;
  const created = newDeployment(input, decision);
  const work = new PlanWork(input, draft, placers, created ?? decision.deployment);
  for (const group of decision.groups) work.stopAll(group.stop);
  for (const group of decision.groups) yield* work.replaceAll(group);
  for (const group of decision.groups) yield* work.placeAll(group.place);
  yield;
  const isAllOrNothing = state.job?.AllAtOnce === true && work.failed.size > 0;
  const queued = queuedOf(decision, work);
  yield;
  const finished = finishEvaluation({
    ...input,
    decision,
    deployment: created ?? decision.deployment ?? state.deployment,
    failed: work.failed,
    queued,
    judges: placers.judges(),
  });
  yield;
  const updates = Object.fromEntries(decision.groups.map((group) => [group.group, group.updates]));
  const failed = Object.fromEntries(
    [...unfitGroups(state.job, placers), ...work.failed].toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
  return {
    ...finished,
    plan: {
      ...emptyPlan(state.evaluation.ID),
      ...(revive.length > 0 ? { revive } : {}),
      place: isAllOrNothing ? [] : work.placed,
      stop: isAllOrNothing
        ? work.stops.filter((stop) => !work.replaced.has(stop.allocationId))
        : work.stops,
      updateInPlace: decision.groups.flatMap((group) =>
        group.inPlace.map((allocation) => ({
          allocationId: allocation.ID,
          jobVersion: state.job?.Version ?? allocation.JobVersion,
          deploymentId: work.deploymentFor(group.group, state.job),
          allocatedResources: allocation.AllocatedResources,
        })),
      ),
      followUps: finished.followUps,
      createDeployment: created ?? null,
      deploymentUpdates: decision.deploymentUpdates,
      createEvaluations: finished.createEvaluations,
    },
    updates,
    failed,
  };
}

/**
 * A system job wants nothing of a node that it does not fit, so no placement of it fails there. Who looks ahead is told
 * all the same when there is no node left for a group.
 */
function unfitGroups(
  job: Job | undefined,
  placers: Placers,
): readonly (readonly [string, AllocationMetric])[] {
  if (job === undefined || job.Stop || (job.Type !== "system" && job.Type !== "sysbatch"))
    return [];
  return job.TaskGroups.filter((group) => group.Count > 0).flatMap(({ Name: name }) => {
    const metric = placers.for(job, name)?.noNodeFits();
    return metric === undefined ? [] : [[name, metric] as const];
  });
}

interface Placers {
  for(job: Job | undefined, group: string): GroupPlacer | undefined;
  judges(): GroupPlacer["judge"][];
}

/** One placer for each job version and group, made when it is first needed. */
function placersFor(input: EvaluationInput, draft: Draft): Placers {
  const known = new Map<string, GroupPlacer>();
  const groupsOf = new Map<Job, ReadonlyMap<string, TaskGroup>>();
  const groupOf = (job: Job, name: string): TaskGroup | undefined => {
    const groups = groupsOf.get(job) ?? new Map(job.TaskGroups.map((one) => [one.Name, one]));
    groupsOf.set(job, groups);
    return groups.get(name);
  };
  const presentOf = groupBy(input.state.allocations.filter(isPresent), (a) => a.TaskGroup);
  return {
    judges: () => [...known.values()].map((placer) => placer.judge),
    for(job, name) {
      const group = job && groupOf(job, name);
      if (!job || !group) return undefined;
      const key = `${job.Version}/${name}`;
      const placer =
        known.get(key) ??
        new GroupPlacer(input.cluster, draft, { job, group }, presentOf.get(name) ?? []);
      known.set(key, placer);
      return placer;
    },
  };
}

const isPresent = (allocation: Allocation): boolean =>
  allocation.DesiredStatus === "run" &&
  (allocation.ClientStatus === "running" || allocation.ClientStatus === "pending");

/** Turns a decision into planned stops and placements, group by group. */
class PlanWork {
  readonly placed: Allocation[] = [];
  readonly stops: PlannedStop[] = [];
  /** Stops that only happen because a successor was found. */
  readonly replaced = new Set<string>();
  readonly failed = new Map<string, AllocationMetric>();
  readonly #input: EvaluationInput;
  readonly #draft: Draft;
  readonly #placers: Placers;
  readonly #deployment: Deployment | undefined;

  constructor(
    input: EvaluationInput,
    draft: Draft,
    placers: Placers,
    deployment: Deployment | undefined,
  ) {
    this.#input = input;
    this.#draft = draft;
    this.#placers = placers;
    this.#deployment = deployment;
  }

  stopAll(stops: readonly Stop[]): void {
    for (const stop of stops) {
      this.#draftStop(stop);
      this.stops.push(plannedStop(stop));
    }
  }

  /** An update waits until its successor has a place; a migration has to go either way. */
  *replaceAll(group: GroupDecision): Generator<void, void> {
    for (const { stop, place } of group.replace) {
      yield;
      this.#draftStop(stop);
      const found = this.#place(place);
      const isMigration = stop.allocation.DesiredTransition.Migrate === true;
      if (found || isMigration) {
        this.stops.push(plannedStop(stop));
        if (!isMigration) this.replaced.add(stop.allocation.ID);
      } else {
        this.#draft.undoStop(stop.allocation);
        this.#placers.for(place.job, place.group)?.left(stop.allocation.NodeID);
      }
    }
  }

  *placeAll(places: readonly Placement[]): Generator<void, void> {
    for (const place of places) {
      yield;
      this.#place(place);
    }
  }

  deploymentFor(group: string, job: Job | undefined): Deployment["ID"] | null {
    const deployment = this.#deployment;
    const isMine = deployment?.TaskGroups[group] !== undefined && job === this.#input.state.job;
    return deployment && isMine ? deployment.ID : null;
  }

  #place(placement: Placement): boolean {
    const { group, job } = placement;
    const before = this.failed.get(group);
    // One that found no node speaks for the rest of its group, unless each looks for something of its own: a system job
    // for its node, a group with volumes of each allocation for those.
    if (before && placement.onNode === undefined && !hasOwnVolumes(job, group)) {
      this.failed.set(group, { ...before, CoalescedFailures: before.CoalescedFailures + 1 });
      return false;
    }
    const placer = this.#placers.for(job, group);
    if (!placer) return false;
    const result = placer.place(placement);
    if ("failed" in result) {
      this.failed.set(
        group,
        before ? { ...before, CoalescedFailures: before.CoalescedFailures + 1 } : result.failed,
      );
      return false;
    }
    const allocation = newAllocation({
      placement,
      result,
      evaluation: this.#input.state.evaluation,
      deploymentId: this.deploymentFor(group, job),
      nowNs: this.#input.state.nowNs,
      id: this.#input.uuid(),
    });
    this.#draft.add(allocation);
    this.placed.push(allocation);
    return true;
  }

  #draftStop(stop: Stop): void {
    const { allocation } = stop;
    if (stop.clientStatus === "lost") this.#draft.forget(allocation.NodeID, allocation.ID);
    else this.#draft.stop(allocation);
    this.#placers.for(this.#input.state.job, allocation.TaskGroup)?.left(allocation.NodeID);
  }
}

const hasOwnVolumes = (job: Job, group: string): boolean =>
  Object.values(job.TaskGroups.find(({ Name }) => Name === group)?.Volumes ?? {}).some(
    ({ PerAlloc }) => PerAlloc,
  );

const plannedStop = (stop: Stop): PlannedStop => ({
  allocationId: stop.allocation.ID,
  desiredStatus: "stop",
  desiredDescription: stop.description,
  clientStatus: stop.clientStatus,
  followupEvalId: null,
});

/** Wanted placements without a node, by group. */
function queuedOf(decision: JobDecision, work: PlanWork): { readonly [group: string]: number } {
  const placed = groupBy(work.placed, (allocation) => allocation.TaskGroup);
  return Object.fromEntries(
    decision.groups.map(({ group, place, replace }) => [
      group,
      place.length + replace.length - (placed.get(group)?.length ?? 0),
    ]),
  );
}

function newDeployment(input: EvaluationInput, decision: JobDecision): Deployment | undefined {
  const { job, evaluation, nowNs } = input.state;
  const starting = decision.groups.flatMap((group) =>
    group.startDeployment ? [[group.group, group.startDeployment] as const] : [],
  );
  if (!job || starting.length === 0 || decision.deployment) return undefined;
  const canaries = starting.filter(([, group]) => group.DesiredCanaries > 0);
  const isAutomatic = canaries.every(([, group]) => group.AutoPromote);
  const suffix = isAutomatic ? " pending automatic promotion" : " but requires manual promotion";
  return {
    ID: deploymentId(input.uuid()),
    Namespace: job.Namespace,
    JobID: job.ID,
    JobVersion: job.Version,
    JobModifyIndex: job.ModifyIndex,
    JobSpecModifyIndex: job.JobModifyIndex,
    JobCreateIndex: job.CreateIndex,
    IsMultiregion: false,
    TaskGroups: Object.fromEntries(starting),
    Status: "running",
    StatusDescription: `Deployment is running${canaries.length > 0 ? suffix : ""}`,
    EvalPriority: evaluation.Priority,
    CreateIndex: 0,
    ModifyIndex: 0,
    CreateTime: nowNs,
    ModifyTime: 0,
  };
}
