import { isDeepEqual } from "../lib/deep-equal.ts";
import { equalSteps } from "../lib/equal-steps.ts";
import type { Job, TaskGroup } from "./job.ts";

/** What registering or running a job changes in it without the spec being another one. */
const bookkeeping: ReadonlySet<string> = new Set<keyof Job>([
  "Status",
  "StatusDescription",
  "Stable",
  "Version",
  "VersionTag",
  "SubmitTime",
  "CreateIndex",
  "ModifyIndex",
  "JobModifyIndex",
]);

/** True when registering `b` over `a` would change nothing: all of the spec is equal, deeply. */
export const isSameJobSpec = (a: Job, b: Job): boolean => isDeepEqual(specOf(a), specOf(b));

/** The same answer, with stops where others may have the event loop. */
export const isSameSpecSteps = (a: Job, b: Job): Generator<void, boolean> =>
  equalSteps(specOf(a), specOf(b));

export const isPeriodic = (job: Job): boolean => job.Periodic !== null;
export const isParameterized = (job: Job): boolean =>
  job.ParameterizedJob !== null && !job.Dispatched;

const specOf = (job: Job): unknown => ({
  ...Object.fromEntries(Object.entries(job).filter(([key]) => !bookkeeping.has(key))),
  TaskGroups: job.TaskGroups.map((group) => withoutIndexes(group)),
});

/** A scaling policy carries the indexes of its own row. */
const withoutIndexes = (group: TaskGroup): TaskGroup =>
  group.Scaling === null
    ? group
    : { ...group, Scaling: { ...group.Scaling, CreateIndex: 0, ModifyIndex: 0 } };
