import type { Deployment, DeploymentState } from "../../src/model/deployment.ts";
import { deploymentId, jobId } from "../../src/model/ids.ts";
import type { Job } from "../../src/model/job.ts";
import { uuid } from "./uuid.ts";

/** One group of a deployment: one allocation wanted, none placed yet. */
export const buildDeploymentState = (over: Partial<DeploymentState> = {}): DeploymentState => ({
  AutoRevert: false,
  AutoPromote: false,
  ProgressDeadline: 600e9,
  RequireProgressBy: null,
  Promoted: false,
  PlacedCanaries: null,
  DesiredCanaries: 0,
  DesiredTotal: 1,
  PlacedAllocs: 0,
  HealthyAllocs: 0,
  UnhealthyAllocs: 0,
  ...over,
});

/** A running deployment of the small job, of no group yet. */
export const buildDeployment = (over: Partial<Deployment> = {}): Deployment => ({
  ID: deploymentId("d"),
  Namespace: "default",
  JobID: jobId("shop"),
  JobVersion: 0,
  JobModifyIndex: 1,
  JobSpecModifyIndex: 1,
  JobCreateIndex: 1,
  IsMultiregion: false,
  TaskGroups: {},
  Status: "running",
  StatusDescription: "Deployment is running",
  EvalPriority: 50,
  CreateIndex: 1,
  ModifyIndex: 1,
  CreateTime: 0,
  ModifyTime: 0,
  ...over,
});

/** The n-th deployment of a cluster, for the first group of its job. */
export function numberedDeployment(
  n: number,
  job: Job,
  group: Partial<DeploymentState> = {},
): Deployment {
  const name = job.TaskGroups[0]?.Name ?? "";
  return buildDeployment({
    ID: deploymentId(uuid(n)),
    Namespace: job.Namespace,
    JobID: job.ID,
    JobVersion: job.Version,
    JobModifyIndex: job.ModifyIndex,
    JobSpecModifyIndex: job.JobModifyIndex,
    JobCreateIndex: job.CreateIndex,
    TaskGroups: { [name]: buildDeploymentState(group) },
  });
}
