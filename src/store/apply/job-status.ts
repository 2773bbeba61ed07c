import type { Job, JobStatus } from "../../model/job.ts";
import { jobKeyText } from "../../model/ids.ts";
import { countChild, settleSummary } from "./job-summary.ts";
import { touch } from "./transaction.ts";
import type { Transaction } from "./transaction.ts";

/** At the end of a command: summaries, then the derived status of every job it affected, in key order. */
export function settleJobs(tx: Transaction): void {
  for (const text of [...tx.affectedJobs.keys()].sort()) {
    const affected = tx.affectedJobs.get(text);
    if (affected === undefined) continue;
    settleSummary(tx, affected);
    settleStatus(
      tx,
      tx.tables.jobs.get(affected.key.namespace, affected.key.id),
      affected.hadEvaluations,
    );
  }
}

function settleStatus(tx: Transaction, job: Job | undefined, hadEvaluations: boolean): void {
  if (job === undefined) return;
  const Status = deriveStatus(tx, job, hadEvaluations);
  if (Status === job.Status) return;
  tx.tables.jobs.put({ ...job, Status, ModifyIndex: tx.index });
  touch(tx, "jobs", jobKeyText({ namespace: job.Namespace, id: job.ID }));
  countChild(tx, job, job.Status, Status);
}

function deriveStatus({ tables }: Transaction, job: Job, hadEvaluations: boolean): JobStatus {
  const isEndless = job.Type === "system" || job.Periodic !== null || job.ParameterizedJob !== null;
  if (isEndless) return job.Stop ? "dead" : "running";
  const key = [job.Namespace, job.ID] as const;
  const byJob = "namespace = ? AND job_id = ?";
  const rolling = tables.deployments.select(
    `WHERE ${byJob} AND active = 1 ORDER BY create_index, id`,
    ...key,
  );
  if (rolling.some((deployment) => deployment.JobCreateIndex === job.CreateIndex)) return "running";
  if (
    tables.allocations.some(
      `${byJob} AND job_create_index = ? AND terminal = 0`,
      ...key,
      job.CreateIndex,
    )
  )
    return "running";
  if (tables.evaluations.some(`${byJob} AND status IN ('pending', 'blocked')`, ...key))
    return "pending";
  const wasEvaluated = hadEvaluations || tables.evaluations.some(byJob, ...key);
  // Collecting the evaluations of a dead job must not bring it back to pending.
  return wasEvaluated || job.Stop || job.Status === "dead" ? "dead" : "pending";
}
