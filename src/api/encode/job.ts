import type { Job, JobSummary, Resources, Task, TaskGroup } from "../../model/job.ts";
import { encodeNetworks } from "./network.ts";

/** A job goes out as it is stored, but for its networks. */
export const encodeJob = (job: Job): object => ({
  ...job,
  TaskGroups: job.TaskGroups.map(encodeGroup),
});

const encodeGroup = (group: TaskGroup): object => ({
  ...group,
  Tasks: group.Tasks.map(encodeTask),
  Networks: encodeNetworks(group.Networks),
});

const encodeTask = (task: Task): object => ({
  ...task,
  Resources: encodeResources(task.Resources),
});

const encodeResources = (resources: Resources): object =>
  resources.Networks === null
    ? resources
    : { ...resources, Networks: encodeNetworks(resources.Networks) };

/** One line of the jobs list. Clients dereference JobSummary without looking, so there always is one. */
export function encodeJobStub(
  job: Job,
  summary: JobSummary | undefined,
  options: { readonly meta: boolean },
): object {
  return {
    ID: job.ID,
    ParentID: job.ParentID,
    Name: job.Name,
    Namespace: job.Namespace,
    Datacenters: job.Datacenters,
    NodePool: job.NodePool,
    Multiregion: job.Multiregion,
    Type: job.Type,
    Priority: job.Priority,
    Periodic: job.Periodic !== null,
    ParameterizedJob: job.ParameterizedJob !== null,
    Stop: job.Stop,
    Status: job.Status,
    StatusDescription: job.StatusDescription,
    JobSummary: summary ?? emptySummary(job),
    CreateIndex: job.CreateIndex,
    ModifyIndex: job.ModifyIndex,
    JobModifyIndex: job.JobModifyIndex,
    SubmitTime: job.SubmitTime,
    ...(options.meta && job.Meta !== null ? { Meta: job.Meta } : {}),
  };
}

const emptySummary = (job: Job): JobSummary => ({
  JobID: job.ID,
  Namespace: job.Namespace,
  Summary: {},
  Children: { Pending: 0, Running: 0, Dead: 0 },
  CreateIndex: job.CreateIndex,
  ModifyIndex: job.ModifyIndex,
});
