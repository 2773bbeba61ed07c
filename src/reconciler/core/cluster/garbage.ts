import {
  type Allocation,
  hasNeverStarted,
  isTerminal,
  isClientTerminal,
  isServerTerminal,
} from "../../../model/allocation.ts";
import { type Deployment, isDeploymentActive } from "../../../model/deployment.ts";
import { type Evaluation, isEvaluationTerminal } from "../../../model/evaluation.ts";
import type {
  AllocationId,
  DeploymentId,
  EvaluationId,
  JobKey,
  NodeId,
} from "../../../model/ids.ts";
import type { Job } from "../../../model/job.ts";
import type { Node } from "../../../model/node.ts";

export interface JobRemains {
  readonly job: Job;
  readonly evaluations: readonly Evaluation[];
  readonly allocations: readonly Allocation[];
  readonly deployments: readonly Deployment[];
}
/** How old a thing must be; 0 takes everything that is over. */
export interface GarbageAges {
  readonly jobNs: number;
  readonly evaluationNs: number;
  readonly batchEvaluationNs: number;
  readonly deploymentNs: number;
  readonly nodeNs: number;
}
export interface GarbageInput {
  readonly jobs: readonly JobRemains[];
  /** Evaluations of purged jobs. */
  readonly orphanedEvaluations: readonly Evaluation[];
  readonly allocationsOf: (id: EvaluationId) => readonly Allocation[];
  readonly nodes: readonly Node[];
  readonly hasAllocations: (id: NodeId) => boolean;
  readonly ages: GarbageAges;
  readonly nowNs: number;
}
export interface Garbage {
  readonly evaluations: readonly EvaluationId[];
  readonly allocations: readonly AllocationId[];
  readonly deployments: readonly DeploymentId[];
  readonly jobs: readonly JobKey[];
  readonly nodes: readonly NodeId[];
}

/** What is over, and old enough, and that nothing living points at. */
export function decideGarbage(input: GarbageInput): Garbage {
  const evaluations: EvaluationId[] = [];
  const allocations: AllocationId[] = [];
  const deployments: DeploymentId[] = [];
  const jobs: JobKey[] = [];
  const take = (evaluation: Evaluation, its: readonly Allocation[]): void => {
    evaluations.push(evaluation.ID);
    for (const allocation of its) allocations.push(allocation.ID);
  };
  for (const remains of input.jobs) {
    const isWhole = isJobOver(remains, input);
    const links = linksOf(remains.allocations);
    for (const evaluation of remains.evaluations) {
      const its = remains.allocations.filter((allocation) => allocation.EvalID === evaluation.ID);
      const isLinking = its.some(({ ID }) => links.has(ID));
      const isOver = !isLinking && isEvaluationOver(evaluation, its, remains.job, input);
      if (isWhole || isOver) take(evaluation, its);
    }
    for (const deployment of remains.deployments)
      if (isWhole || isDeploymentOver(deployment, remains.allocations, input))
        deployments.push(deployment.ID);
    if (isWhole) jobs.push({ namespace: remains.job.Namespace, id: remains.job.ID });
  }
  for (const evaluation of input.orphanedEvaluations) {
    const its = input.allocationsOf(evaluation.ID);
    if (isEvaluationOver(evaluation, its, undefined, input)) take(evaluation, its);
  }
  const nodes = input.nodes.filter((node) => isNodeOver(node, input)).map((node) => node.ID);
  return { evaluations, allocations, deployments, jobs, nodes };
}

/** Those that never started, after one that its node still has: whoever follows them waits for that one. */
function linksOf(allocations: readonly Allocation[]): ReadonlySet<AllocationId> {
  const known = new Map<AllocationId, Allocation>(allocations.map((one) => [one.ID, one]));
  const links = new Set<AllocationId>();
  for (const first of allocations) {
    if (first.DesiredStatus !== "stop" || isClientTerminal(first)) continue;
    let next = first.NextAllocation === null ? undefined : known.get(first.NextAllocation);
    while (next && hasNeverStarted(next) && !links.has(next.ID)) {
      links.add(next.ID);
      next = next.NextAllocation === null ? undefined : known.get(next.NextAllocation);
    }
  }
  return links;
}

/** Dead for good: a stopped job, or a batch job that has run. A periodic or dispatchable one lives until stopped. */
function isJobOver(
  { job, evaluations, allocations }: JobRemains,
  { ages, nowNs }: GarbageInput,
): boolean {
  if (job.Status !== "dead") return false;
  const isEnded =
    job.Stop ||
    ((job.Type === "batch" || job.Type === "sysbatch") &&
      job.Periodic === null &&
      job.ParameterizedJob === null);
  return (
    isEnded &&
    nowNs - job.SubmitTime >= ages.jobNs &&
    evaluations.every(isEvaluationTerminal) &&
    allocations.every((allocation) => isGone(allocation))
  );
}

/** Of a batch job that still exists the allocations are its memory of what was done already. */
function isEvaluationOver(
  evaluation: Evaluation,
  its: readonly Allocation[],
  job: Job | undefined,
  { ages, nowNs }: GarbageInput,
): boolean {
  if (!isEvaluationTerminal(evaluation)) return false;
  const isBatch = evaluation.Type === "batch" || evaluation.Type === "sysbatch";
  if (isBatch && job !== undefined && !job.Stop && its.length > 0) return false;
  const age = isBatch ? ages.batchEvaluationNs : ages.evaluationNs;
  return (
    nowNs - evaluation.ModifyTime >= age &&
    its.every((allocation) => isGone(allocation) && !isFollowed(allocation))
  );
}

/** Both sides agree that it is over. */
const isGone = (allocation: Allocation): boolean =>
  isTerminal(allocation) &&
  (isClientTerminal(allocation) ||
    (isServerTerminal(allocation) && allocation.ClientStatus !== "running"));

/** A failed allocation that waits to be replaced is needed by its replacement. */
const isFollowed = (allocation: Allocation): boolean =>
  allocation.DesiredStatus === "run" &&
  allocation.ClientStatus === "failed" &&
  allocation.NextAllocation === null;

function isDeploymentOver(
  deployment: Deployment,
  allocations: readonly Allocation[],
  { ages, nowNs }: GarbageInput,
): boolean {
  if (isDeploymentActive(deployment) || nowNs - deployment.ModifyTime < ages.deploymentNs)
    return false;
  return allocations.every(
    (allocation) => allocation.DeploymentID !== deployment.ID || isTerminal(allocation),
  );
}

const isNodeOver = (node: Node, { ages, nowNs, hasAllocations }: GarbageInput): boolean =>
  node.Status === "down" &&
  nowNs - node.StatusUpdatedAt * 1e9 >= ages.nodeNs &&
  !hasAllocations(node.ID);
