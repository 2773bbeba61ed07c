import type { Random } from "../lib/random.ts";
import { isTerminal } from "../model/allocation.ts";
import { newEvaluation } from "../model/build.ts";
import type { Evaluation, EvaluationTrigger } from "../model/evaluation.ts";
import { evaluationId } from "../model/ids.ts";
import type { Job } from "../model/job.ts";
import type { Node } from "../model/node.ts";
import type { StateReader } from "../store/reader.ts";

/**
 * The evaluations that a change of a node calls for: every job that has something living there, and every system
 * job, which may want the node or have to leave it.
 */
export function nodeEvaluations(
  deps: { readonly read: StateReader; readonly random: Random },
  node: Pick<Node, "ID" | "ModifyIndex">,
  trigger: EvaluationTrigger,
  nowNs: number,
): Evaluation[] {
  const jobs = new Map<string, Job>();
  const note = (job: Job | undefined): void => {
    if (job) jobs.set(`${job.Namespace}\n${job.ID}`, job);
  };
  for (const allocation of deps.read.allocationsByNode(node.ID)) {
    if (isTerminal(allocation)) continue;
    const key = { namespace: allocation.Namespace, id: allocation.JobID };
    note(deps.read.job(key) ?? deps.read.jobOfAllocation(allocation));
  }
  for (const job of deps.read.jobs({ namespace: "*" }))
    if ((job.Type === "system" || job.Type === "sysbatch") && !job.Stop && isLaunched(job))
      note(job);
  return [...jobs]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, job]) =>
      newEvaluation({
        id: evaluationId(deps.random.uuid()),
        job: { ...job, JobModifyIndex: 0 },
        trigger,
        nowNs,
        overrides: { NodeID: node.ID, NodeModifyIndex: node.ModifyIndex },
      }),
    );
}

/** Periodic and parameterized jobs run only as their children. */
export const isLaunched = (job: Job): boolean =>
  job.Periodic === null && (job.ParameterizedJob === null || job.Dispatched);
