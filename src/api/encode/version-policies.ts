import { isDeepEqual } from "../../lib/deep-equal.ts";
import type { Job, TaskGroup } from "../../model/job.ts";

/**
 * Versions, the newest first, whose scaling policies carry indexes where the version brought or changed them, as the
 * wire's servers keep them. That shows when versions are compared: such a policy counts as edited without a field.
 */
export const withPolicyIndexes = (versions: readonly Job[]): readonly Job[] =>
  versions.map((job, at) => ({
    ...job,
    TaskGroups: job.TaskGroups.map((group) => marked(job, group, versions[at + 1])),
  }));

function marked(job: Job, group: TaskGroup, older: Job | undefined): TaskGroup {
  const { Scaling } = group;
  if (Scaling === null) return group;
  const before = older?.TaskGroups.find((one) => one.Name === group.Name)?.Scaling ?? null;
  const isNew = older === undefined ? job.Version === 0 : !isDeepEqual(before, Scaling);
  if (!isNew) return group;
  return {
    ...group,
    Scaling: { ...Scaling, CreateIndex: job.CreateIndex, ModifyIndex: job.JobModifyIndex },
  };
}
