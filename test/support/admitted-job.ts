import { admitJob } from "../../src/jobspec/admit-job.ts";
import type { AdmitContext } from "../../src/jobspec/admit-job.ts";
import type { JobBody } from "../../src/jobspec/job-body.ts";
import { jobId } from "../../src/model/ids.ts";
import type { Job, Task, TaskGroup } from "../../src/model/job.ts";

/** A cluster that has every namespace and every node pool. */
export const openCluster: AdmitContext = {
  namespace: "default",
  region: "global",
  namespaceExists: () => true,
  nodePoolExists: () => true,
};

export const smallBody: JobBody = {
  ID: "example",
  TaskGroups: [{ Name: "web", Tasks: [{ Name: "server", Driver: "docker" }] }],
};

/** The stored job that an accepted body becomes; throws the faults of a refused one. */
export function admitted(body: JobBody): Job {
  const admission = admitJob(body, openCluster);
  if (!admission.ok) throw new Error(admission.errors.join("\n"));
  return admission.job;
}

/** A valid stored job with one group "web" and one docker task "server". */
export const admittedJob = (overrides: Partial<Job> = {}): Job => ({
  ...admitted(smallBody),
  ...(overrides.ID === undefined ? {} : { Name: overrides.ID }),
  ...overrides,
});

export function admittedGroup(overrides: Partial<TaskGroup> = {}): TaskGroup {
  const [group] = admitted(smallBody).TaskGroups;
  if (group === undefined) throw new Error("the small job has a group");
  return { ...group, ...overrides };
}

export function admittedTask(overrides: Partial<Task> = {}): Task {
  const [task] = admittedGroup().Tasks;
  if (task === undefined) throw new Error("the small job has a task");
  return { ...task, ...overrides };
}

export const named = (name: string): Pick<Job, "ID" | "Name"> => ({ ID: jobId(name), Name: name });
