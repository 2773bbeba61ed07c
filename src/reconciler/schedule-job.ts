import type { AllocationMetric } from "../model/allocation.ts";
import { newEvaluation } from "../model/build.ts";
import type { Evaluation } from "../model/evaluation.ts";
import { evaluationId } from "../model/ids.ts";
import type { NodeId } from "../model/ids.ts";
import type { Job, Nanoseconds } from "../model/job.ts";
import { isSameSpecSteps } from "../model/job-spec.ts";
import type { PlanAnnotations } from "../model/plan.ts";
import { finishSteps } from "../lib/finish-steps.ts";
import type { Random } from "../lib/random.ts";
import type { StateReader } from "../store/reader.ts";
import { evaluationSteps } from "./core/scheduler/evaluate.ts";
import type { EvaluationInput } from "./core/scheduler/evaluation-types.ts";
import type { EvaluationOutput } from "./core/scheduler/evaluate.ts";
import type { RegexpSearch } from "./core/scheduler/constraints.ts";
import type { UsageOf } from "./core/scheduler/draft.ts";
import { NodeUsage, holdingOf } from "./core/scheduler/usage.ts";
import type { ClusterMemory } from "./cluster-memory.ts";
import type { Node } from "../model/node.ts";
import { isLaunched } from "./node-evaluations.ts";

export type { RegexpSearch };

export interface ScheduleDeps {
  readonly read: StateReader;
  readonly random: Random;
  /** Linear-time regular expressions, for `regexp` constraints. */
  readonly search: RegexpSearch;
}
export interface DryRun {
  readonly annotations: PlanAnnotations;
  readonly failedGroups: { readonly [group: string]: AllocationMetric };
  readonly createdEvaluations: readonly Evaluation[];
}

/** Evaluates a stored job against the present state, a placement at a time. */
export function scheduleJob(
  deps: ScheduleDeps,
  memory: ClusterMemory,
  evaluation: Evaluation,
  nowNs: Nanoseconds,
): Generator<void, EvaluationOutput> {
  const job = deps.read.job({ namespace: evaluation.Namespace, id: evaluation.JobID });
  // A periodic or parameterized job runs only as its children; what it ran before it became one has to go.
  const running = job && !isLaunched(job) ? { ...job, TaskGroups: [] } : job;
  const nodes = { list: memory.nodes(), usage: (id: NodeId) => memory.usage.usage(id) };
  return evaluationSteps(schedulerInput(deps, nodes, { job: running, evaluation, nowNs }));
}

/** What registering this job would do now. The same path as the real thing; nothing is written. */
export const dryRun = (deps: ScheduleDeps, job: Job, nowNs: Nanoseconds): DryRun =>
  finishSteps(dryRunSteps(deps, job, nowNs));

/** The same a step at a time: the state may move on meanwhile, as it may between this look and the registration. */
export function* dryRunSteps(
  deps: ScheduleDeps,
  job: Job,
  nowNs: Nanoseconds,
): Generator<void, DryRun> {
  const next = yield* nextVersion(deps.read, job);
  const evaluation = newEvaluation({
    id: evaluationId(deps.random.uuid()),
    job: next,
    trigger: "job-register",
    nowNs,
  });
  const nodes = { list: deps.read.nodes({}), usage: usageOnDemand(deps.read) };
  const input = schedulerInput(deps, nodes, { job: next, evaluation, nowNs });
  const output = yield* evaluationSteps(input);
  return {
    annotations: { DesiredTGUpdates: output.updates },
    failedGroups: output.failed,
    createdEvaluations: [
      ...output.plan.createEvaluations,
      // Nothing was placed, so there is no state that they had seen.
      ...output.evaluations.slice(1).map((one) => ({ ...one, SnapshotIndex: 0 })),
    ],
  };
}

function schedulerInput(
  deps: ScheduleDeps,
  nodes: { readonly list: readonly Node[]; readonly usage: UsageOf },
  of: {
    readonly job: Job | undefined;
    readonly evaluation: Evaluation;
    readonly nowNs: Nanoseconds;
  },
): EvaluationInput {
  const { read, random, search } = deps;
  const { job, evaluation, nowNs } = of;
  const key = { namespace: evaluation.Namespace, id: evaluation.JobID };
  return {
    state: {
      job,
      evaluation,
      // What is left of a purged namesake must go as well.
      allocations: read.allocationsByJob(key, { anyCreateIndex: true }),
      jobOfAllocation: (allocation) => read.jobOfAllocation(allocation),
      node: (id) => read.node(id),
      deployment: read.latestDeployment(key),
      nowNs,
    },
    cluster: {
      nodes: nodes.list,
      node: (id) => read.node(id),
      config: read.schedulerConfig(),
      search,
      fraction: () => random.fraction(),
    },
    usage: nodes.usage,
    blocked: read
      .evaluationsByJob(key)
      .filter((other) => other.Status === "blocked" && other.ID !== evaluation.ID),
    snapshotIndex: read.tableIndex(),
    uuid: () => random.uuid(),
  };
}

/** Counts only the nodes that are looked at: a single look does not pay for an index of all. */
function usageOnDemand(read: StateReader): UsageOf {
  const known = new Map<NodeId, NodeUsage>();
  return (node) => {
    const before = known.get(node);
    if (before) return before;
    const usage = new NodeUsage();
    for (const allocation of read.allocationsByNode(node)) {
      const holding = holdingOf(allocation);
      if (holding) usage.set(holding);
    }
    known.set(node, usage);
    return usage;
  };
}

/** The version that the job would get: its own when nothing differs is for the caller to say by the same version. */
function* nextVersion(read: StateReader, job: Job): Generator<void, Job> {
  const stored = read.job({ namespace: job.Namespace, id: job.ID });
  const index = read.tableIndex() + 1;
  if (!stored) return { ...job, Version: 0, CreateIndex: index, JobModifyIndex: index };
  const { Version, CreateIndex } = stored;
  return (yield* isSameSpecSteps(stored, job))
    ? stored
    : { ...job, Version: Version + 1, CreateIndex, JobModifyIndex: index };
}
