import { jobKeyText } from "../../model/ids.ts";
import type { Job } from "../../model/job.ts";
import type { ScalingEvent } from "../../model/scaling.ts";
import { putEvaluations } from "./evaluations.ts";
import { writeVersion } from "./jobs.ts";
import { touch } from "./transaction.ts";
import type { Handler, Transaction } from "./transaction.ts";

const keptEvents = 20;

export const applyJobScale: Handler<"job.scale"> = (tx, body) => {
  const { key, event, enforceIndex } = body;
  const job = tx.tables.jobs.get(key.namespace, key.id);
  const group = job?.TaskGroups.find(({ Name }) => Name === body.group);
  if (job === undefined || group === undefined)
    return { refused: "not-found", detail: job === undefined ? key.id : body.group };
  if (enforceIndex !== null && enforceIndex !== job.JobModifyIndex)
    return { refused: "check-index", jobModifyIndex: job.JobModifyIndex };
  const ready = tx.ready?.existing === job ? tx.ready.job : undefined;
  const scaled =
    event.Count === null
      ? job
      : writeVersion(tx, ready ?? withCount(job, body.group, event), null).job;
  if (body.evaluation)
    putEvaluations(tx, [{ ...body.evaluation, JobModifyIndex: scaled.JobModifyIndex }]);
  addEvent(tx, job, body.group, { ...event, PreviousCount: group.Count, CreateIndex: tx.index });
  return { jobModifyIndex: scaled.JobModifyIndex };
};

export const withCount = (job: Job, name: string, { Count, Time }: ScalingEvent): Job => ({
  ...job,
  SubmitTime: Time,
  TaskGroups: job.TaskGroups.map((group) =>
    group.Name === name ? { ...group, Count: Count ?? group.Count } : group,
  ),
});

/** The newest first; only so many are kept of each group. */
function addEvent(tx: Transaction, job: Job, group: string, event: ScalingEvent): void {
  const { scalingEvents } = tx.tables;
  const known = scalingEvents.get(job.Namespace, job.ID)?.ScalingEvents ?? {};
  scalingEvents.put({
    Namespace: job.Namespace,
    JobID: job.ID,
    ScalingEvents: { ...known, [group]: [event, ...(known[group] ?? [])].slice(0, keptEvents) },
    ModifyIndex: tx.index,
  });
  touch(tx, "scaling_events", jobKeyText({ namespace: job.Namespace, id: job.ID }));
}
