import { isDeepEqual } from "../../lib/deep-equal.ts";
import { assertNever } from "../../lib/errors.ts";
import type { Allocation, ClientStatus } from "../../model/allocation.ts";
import type { Job, JobStatus, JobSummary, TaskGroupSummary } from "../../model/job.ts";
import { touch } from "./transaction.ts";
import type { AffectedJob, SummaryDelta, Transaction } from "./transaction.ts";
import { jobKeyText } from "../../model/ids.ts";

const emptyGroup: TaskGroupSummary = {
  Queued: 0,
  Complete: 0,
  Failed: 0,
  Running: 0,
  Starting: 0,
  Lost: 0,
  Unknown: 0,
};

/** Every group that any version of the job had stays in its summary. */
export function summarizeRegistered(tx: Transaction, job: Job): void {
  const known = tx.tables.summaries.get(job.Namespace, job.ID);
  const Summary = { ...known?.Summary };
  for (const group of job.TaskGroups) Summary[group.Name] ??= emptyGroup;
  putSummary(tx, {
    JobID: job.ID,
    Namespace: job.Namespace,
    Summary,
    Children: known?.Children ?? countChildren(tx, job),
    CreateIndex: known?.CreateIndex ?? tx.index,
    ModifyIndex: tx.index,
  });
}

/** Notes that an allocation went from one client status to another; undefined: it was not there before. */
export function countTransition(
  affected: AffectedJob,
  before: Allocation | undefined,
  after: Allocation,
): void {
  if (before?.ClientStatus === after.ClientStatus) return;
  const delta = affected.delta.get(after.TaskGroup) ?? {};
  if (before) add(delta, bucketOf(before.ClientStatus), -1);
  add(delta, bucketOf(after.ClientStatus), 1);
  affected.delta.set(after.TaskGroup, delta);
}

/** Writes what the command changed in the job's counts. */
export function settleSummary(tx: Transaction, affected: AffectedJob): void {
  const { key, delta, queued } = affected;
  const summary = tx.tables.summaries.get(key.namespace, key.id);
  if (summary === undefined || (delta.size === 0 && queued === undefined)) return;
  const groups: Record<string, TaskGroupSummary> = { ...summary.Summary };
  for (const [name, changes] of delta) groups[name] = addTo(groups[name] ?? emptyGroup, changes);
  for (const [name, Queued] of Object.entries(queued ?? {})) {
    const group = groups[name];
    if (group && group.Queued !== Queued) groups[name] = { ...group, Queued };
  }
  if (isDeepEqual(groups, summary.Summary)) return;
  putSummary(tx, { ...summary, Summary: groups, ModifyIndex: tx.index });
}

/** A child went from one status to another; undefined: it is new, or gone. */
export function countChild(
  tx: Transaction,
  child: Job,
  before: JobStatus | undefined,
  after: JobStatus | undefined,
): void {
  if (child.ParentID === "" || before === after) return;
  const summary = tx.tables.summaries.get(child.Namespace, child.ParentID);
  if (summary === undefined) return;
  const Children = { ...(summary.Children ?? { Pending: 0, Running: 0, Dead: 0 }) };
  if (before) Children[childBucket(before)] -= 1;
  if (after) Children[childBucket(after)] += 1;
  putSummary(tx, { ...summary, Children, ModifyIndex: tx.index });
}

/** Children outlive a parent that is purged, and a namesake of it gets them. */
function countChildren(tx: Transaction, parent: Job): NonNullable<JobSummary["Children"]> {
  const children = { Pending: 0, Running: 0, Dead: 0 };
  for (const child of tx.tables.jobs.select(
    "WHERE namespace = ? AND parent_id = ? ORDER BY namespace, id",
    parent.Namespace,
    parent.ID,
  ))
    children[childBucket(child.Status)] += 1;
  return children;
}

function putSummary(tx: Transaction, summary: JobSummary): void {
  tx.tables.summaries.put(summary);
  touch(tx, "job_summaries", jobKeyText({ namespace: summary.Namespace, id: summary.JobID }));
}

function addTo(group: TaskGroupSummary, delta: SummaryDelta): TaskGroupSummary {
  const sum = { ...group };
  for (const bucket of Object.keys(delta) as (keyof TaskGroupSummary)[])
    sum[bucket] = Math.max(0, sum[bucket] + (delta[bucket] ?? 0));
  return sum;
}

function add(delta: SummaryDelta, bucket: keyof TaskGroupSummary, by: number): void {
  delta[bucket] = (delta[bucket] ?? 0) + by;
}

export function bucketOf(status: ClientStatus): keyof TaskGroupSummary {
  switch (status) {
    case "pending":
      return "Starting";
    case "running":
      return "Running";
    case "complete":
      return "Complete";
    case "failed":
      return "Failed";
    case "lost":
      return "Lost";
    case "unknown":
      return "Unknown";
    default:
      return assertNever(status);
  }
}

function childBucket(status: JobStatus): "Pending" | "Running" | "Dead" {
  switch (status) {
    case "pending":
      return "Pending";
    case "running":
      return "Running";
    case "dead":
      return "Dead";
    default:
      return assertNever(status);
  }
}
