import { isSameJobSpec } from "../../model/job-spec.ts";
import { jobKeyText } from "../../model/ids.ts";
import { isClientTerminal } from "../../model/allocation.ts";
import type { JobKey } from "../../model/ids.ts";
import type { Job, JobSubmission } from "../../model/job.ts";
import type { CommandBodies } from "../commands.ts";
import { transitionAllocation } from "./allocations.ts";
import { putEvaluations } from "./evaluations.ts";
import { countChild, summarizeRegistered } from "./job-summary.ts";
import type { PartsRef } from "../tables/parts.ts";
import { affect, touch } from "./transaction.ts";
import type { Handler, ReadyVersion, Transaction } from "./transaction.ts";

const keptVersions = 6;

export const applyJobRegister: Handler<"job.register"> = (tx, body) => {
  const { job, enforceIndex } = body;
  const existing = tx.tables.jobs.get(job.Namespace, job.ID);
  const present = existing?.JobModifyIndex ?? null;
  if (enforceIndex !== null && enforceIndex !== (present ?? 0))
    return { refused: "check-index", jobModifyIndex: present };
  const written = writeVersion(
    tx,
    readyOf(tx, existing)?.job ?? preserved(body, existing, job),
    body.submission,
  );
  // An evaluation of a spec that did not change names no change of the job.
  const JobModifyIndex = written.changed ? written.job.JobModifyIndex : 0;
  if (body.evaluation) putEvaluations(tx, [{ ...body.evaluation, JobModifyIndex }]);
  return {
    version: written.job.Version,
    jobModifyIndex: written.job.JobModifyIndex,
    changed: written.changed,
  };
};

export const applyJobDeregister: Handler<"job.deregister"> = (tx, body) => {
  const { key } = body;
  const job = tx.tables.jobs.get(key.namespace, key.id);
  if (body.noShutdownDelay && job) skipShutdownDelays(tx, job);
  let jobModifyIndex = job?.JobModifyIndex ?? 0;
  if (job && body.purge) {
    purgeJob(tx, key);
    jobModifyIndex = tx.index;
  } else if (job && !job.Stop) {
    const stopped = { ...job, Stop: true, SubmitTime: body.submitTime };
    jobModifyIndex = putVersion(tx, job, { ...stopped, Stable: job.Stable }).JobModifyIndex;
  }
  if (body.evaluation) putEvaluations(tx, [{ ...body.evaluation, JobModifyIndex: jobModifyIndex }]);
  return { found: job !== undefined, jobModifyIndex };
};

export const applyJobStability: Handler<"job.stability"> = (tx, body) => ({
  found: setStable(tx, body.key, body.version, body.stable),
});

/** Writes `job` as a new version unless its spec is the one that is stored. */
export function writeVersion(
  tx: Transaction,
  job: Job,
  submission: JobSubmission | null,
): { readonly job: Job; readonly changed: boolean } {
  const existing = tx.tables.jobs.get(job.Namespace, job.ID);
  const ready = readyOf(tx, existing);
  const isSame =
    ready?.job === job ? ready.isSame : existing !== undefined && isSameJobSpec(existing, job);
  if (existing && isSame) return { job: existing, changed: false };
  const { parts } = tx.tables;
  const TaskGroups = parts.keep(tx.index, job.TaskGroups);
  const Meta = job.Meta && parts.keep(tx.index, job.Meta);
  const written = putVersion(tx, existing, { ...job, TaskGroups, Meta, Stable: false });
  if (submission)
    tx.tables.submissions.put({
      ...submission,
      Namespace: job.Namespace,
      JobID: job.ID,
      Version: written.Version,
      JobModifyIndex: written.JobModifyIndex,
    });
  return { job: written, changed: true };
}

const readyOf = ({ ready }: Transaction, existing: Job | undefined): ReadyVersion | undefined =>
  ready?.existing === existing ? ready : undefined;

export function setStable(tx: Transaction, key: JobKey, version: number, stable: boolean): boolean {
  const job = tx.tables.jobs.get(key.namespace, key.id);
  const row = job && tx.tables.versions.get(key.namespace, key.id, job.CreateIndex, version);
  if (job === undefined || row === undefined || !row.listed) return false;
  if (row.job.Stable === stable) return true;
  tx.tables.versions.put({ ...row, job: { ...row.job, Stable: stable, ModifyIndex: tx.index } });
  if (job.Version === version)
    tx.tables.jobs.put({ ...job, Stable: stable, ModifyIndex: tx.index });
  touch(tx, "jobs", jobKeyText(key));
  return true;
}

/** Versions that allocations still belong to are kept out of sight until those are collected. */
export function purgeJob(tx: Transaction, key: JobKey): void {
  const { jobs, summaries, submissions } = tx.tables;
  const job = jobs.get(key.namespace, key.id);
  if (job === undefined) return;
  jobs.delete(key.namespace, key.id);
  summaries.delete(key.namespace, key.id);
  if (tx.tables.scalingEvents.delete(key.namespace, key.id))
    touch(tx, "scaling_events", jobKeyText(key));
  for (const { Version } of submissions.select(
    "WHERE namespace = ? AND id = ? ORDER BY version",
    key.namespace,
    key.id,
  ))
    submissions.delete(key.namespace, key.id, Version);
  removeEnded(tx, job);
  for (const { job: version } of tx.tables.versions.select(listed, ...listKey(job)))
    dropVersion(tx, version);
  countChild(tx, job, job.Status, undefined);
  touch(tx, "jobs", jobKeyText(key));
  touch(tx, "job_summaries", jobKeyText(key));
}

/** What has ended goes with its job; what still runs is stopped first and collected later. */
function removeEnded(tx: Transaction, job: Job): void {
  const { allocations, deployments } = tx.tables;
  const where = "WHERE namespace = ? AND job_id = ?";
  for (const one of allocations.select(
    `${where} AND terminal = 1 ORDER BY create_index, id`,
    job.Namespace,
    job.ID,
  )) {
    if (!isClientTerminal(one)) continue;
    allocations.delete(one.ID);
    touch(tx, "allocations", one.ID);
  }
  for (const { ID } of deployments.select(
    `${where} ORDER BY create_index, id`,
    job.Namespace,
    job.ID,
  )) {
    deployments.delete(ID);
    touch(tx, "deployments", ID);
  }
}

/** Removes a version from sight, and altogether once no allocation belongs to it. */
export function dropVersion(tx: Transaction, job: Job): void {
  const key = [job.Namespace, job.ID, job.CreateIndex, job.Version] as const;
  const isUsed = tx.tables.allocations.some(
    "namespace = ? AND job_id = ? AND job_create_index = ? AND job_version = ?",
    ...key,
  );
  if (isUsed) tx.tables.versions.put({ job, listed: false });
  else {
    tx.tables.versions.delete(...key);
    dropParts(tx, job);
  }
}

/** A version that only stopped the job has the same parts as the one before it. */
function dropParts(tx: Transaction, job: Job): void {
  const { parts, versions } = tx.tables;
  const refs = refsOf(tx, job);
  if (refs.length === 0) return;
  const others = versions.outlines(
    "WHERE namespace = ? AND id = ? AND create_index = ? ORDER BY version",
    job.Namespace,
    job.ID,
    job.CreateIndex,
  );
  const used = new Set(
    others.flatMap(({ groups, meta }) => [groups ?? [], meta ?? []].flat()).map(refText),
  );
  for (const ref of refs) if (!used.has(refText(ref))) parts.drop(ref);
}

const refsOf = ({ tables }: Transaction, { TaskGroups, Meta }: Job): readonly PartsRef[] =>
  [TaskGroups, Meta].flatMap((part) => (part && tables.parts.refOf(part)) ?? []);

const refText = ({ entry, nth }: PartsRef): string => `${entry}/${nth}`;

function putVersion(tx: Transaction, existing: Job | undefined, spec: Job): Job {
  const job: Job = {
    ...spec,
    // What is dead comes to life; what is not keeps its status until that is derived anew.
    Status: existing === undefined || existing.Status === "dead" ? "pending" : existing.Status,
    Version: existing ? existing.Version + 1 : 0,
    CreateIndex: existing?.CreateIndex ?? tx.index,
    ModifyIndex: tx.index,
    JobModifyIndex: tx.index,
    VersionTag: null,
  };
  // The version that is replaced keeps the status that it had last.
  if (existing) tx.tables.versions.put({ job: existing, listed: true });
  tx.tables.versions.put({ job, listed: true });
  tx.tables.jobs.put(job);
  dropOldVersions(tx, job);
  summarizeRegistered(tx, job);
  countChild(tx, job, existing?.Status, job.Status);
  const key = { namespace: job.Namespace, id: job.ID };
  affect(tx, key);
  touch(tx, "jobs", jobKeyText(key));
  return job;
}

/** The newest six stay, every tagged one, and the newest stable one: a rollback needs it. */
function dropOldVersions(tx: Transaction, job: Job): void {
  // None of them is read with its groups, which may be megabytes, but the one that goes.
  const versions = tx.tables.versions.outlines(listed, ...listKey(job)).map((row) => row.job);
  const stable = versions.find((version) => version.Stable);
  const untagged = versions.filter((version) => version.VersionTag === null);
  const surplus = untagged.slice(
    keptVersions - (stable && !untagged.slice(0, keptVersions).includes(stable) ? 1 : 0),
  );
  for (const version of surplus) {
    if (version === stable) continue;
    const { Namespace, ID, CreateIndex, Version } = version;
    const whole = tx.tables.versions.get(Namespace, ID, CreateIndex, Version);
    if (whole) dropVersion(tx, whole.job);
    tx.tables.submissions.delete(version.Namespace, version.ID, version.Version);
  }
}

const listed =
  "WHERE namespace = ? AND id = ? AND create_index = ? AND listed = 1 ORDER BY version DESC";
const listKey = ({ Namespace, ID, CreateIndex }: Job) => [Namespace, ID, CreateIndex] as const;

/** What people tune on the running job survives the file, when they ask for it. */
export function preserved(
  body: CommandBodies["job.register"],
  existing: Job | undefined,
  job: Job,
): Job {
  const counted = body.preserveCounts ? withCountsOf(existing, job) : job;
  return body.preserveResources === true ? withResourcesOf(existing, counted) : counted;
}

function withResourcesOf(existing: Job | undefined, job: Job): Job {
  const known = new Map(
    existing?.TaskGroups.flatMap((group) =>
      group.Tasks.map((task) => [`${group.Name}/${task.Name}`, task.Resources] as const),
    ),
  );
  return {
    ...job,
    TaskGroups: job.TaskGroups.map((group) => ({
      ...group,
      Tasks: group.Tasks.map((task) => ({
        ...task,
        Resources: known.get(`${group.Name}/${task.Name}`) ?? task.Resources,
      })),
    })),
  };
}

function withCountsOf(existing: Job | undefined, job: Job): Job {
  const counts = new Map(existing?.TaskGroups.map((group) => [group.Name, group.Count]));
  return {
    ...job,
    TaskGroups: job.TaskGroups.map((group) => ({
      ...group,
      Count: counts.get(group.Name) ?? group.Count,
    })),
  };
}

function skipShutdownDelays(tx: Transaction, job: Job): void {
  const live = tx.tables.allocations.select(
    "WHERE namespace = ? AND job_id = ? AND terminal = 0 ORDER BY create_index, id",
    job.Namespace,
    job.ID,
  );
  for (const allocation of live) transitionAllocation(tx, allocation, { NoShutdownDelay: true });
}
