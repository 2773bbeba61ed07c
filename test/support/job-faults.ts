import { admitJob } from "../../src/jobspec/admit-job.ts";
import type { Body, JobBody } from "../../src/jobspec/job-body.ts";
import type { Task, TaskGroup } from "../../src/model/job.ts";
import { openCluster } from "./admitted-job.ts";

/** All faults of a job as one text, the way the API answers; empty when the job is accepted. */
export function faultsOfJob(body: JobBody): string {
  const admission = admitJob({ ...groupBody({}), ...body }, openCluster);
  return admission.ok ? "" : admission.errors.join("\n");
}
export const faultsOfGroup = (group: Body<TaskGroup>, job: JobBody = {}): string =>
  faultsOfJob({ ...job, ...groupBody(group) });
export const faultsOfTask = (
  task: Body<Task>,
  group: Body<TaskGroup> = {},
  job: JobBody = {},
): string =>
  faultsOfJob({
    ...job,
    ...groupBody({ ...group, Tasks: [{ Name: "t", Driver: "exec", ...task }] }),
  });

const groupBody = (group: Body<TaskGroup>): JobBody => ({
  ID: "j",
  TaskGroups: [{ Name: "g", Tasks: [{ Name: "t", Driver: "exec" }], ...group }],
});
