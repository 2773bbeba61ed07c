import type { Allocation } from "../../model/allocation.ts";
import { isDeploymentActive } from "../../model/deployment.ts";
import type { Deployment } from "../../model/deployment.ts";
import { jobKeyText } from "../../model/ids.ts";
import type { Job } from "../../model/job.ts";
import type { StateReader } from "../../store/reader.ts";
import type { ApiContext } from "../context.ts";
import { encodeJob } from "../encode/job.ts";
import { withPolicyIndexes } from "../encode/version-policies.ts";
import { failed } from "../errors.ts";
import { found, missing } from "../http/answer.ts";
import type { ReadHandler } from "../http/handler.ts";
import { boolOf, intOf } from "../http/request.ts";
import type { ApiRequest } from "../http/request.ts";
import { jobKeyOf, watchJob } from "./keys.ts";

export const jobVersions: ReadHandler = (context, request, options) => {
  const diffs = boolOf(request.query, "diffs") ?? false;
  const { store } = context;
  const key = jobKeyOf(request, options.namespace);
  const versions = store.read.jobVersions(key);
  const newest = versions[0];
  if (!newest)
    return missing(store.read.tableIndex("jobs"), watchJob(key), "job versions not found");
  const index = versions.reduce((last, one) => Math.max(last, one.ModifyIndex), 0);
  return found(index, watchJob(key), () => ({
    Versions: versions.map(encodeJob),
    Diffs: diffs ? diffsOf(context, withPolicyIndexes(versions), request) : null,
    Index: index,
    LastContact: 0,
    KnownLeader: true,
    NextToken: "",
  }));
};

/** Each version against the one before it, or all, itself too, against one that the query names. */
function diffsOf({ jobspec }: ApiContext, versions: readonly Job[], request: ApiRequest): object[] {
  const base = comparedVersion(versions, request);
  const contextual = { contextual: true } as const;
  if (base) return versions.map((version) => jobspec.diffJobs(base, version, contextual));
  return versions.slice(0, -1).map((version, at) => {
    const before = versions[at + 1];
    return jobspec.diffJobs(before ?? null, version, contextual);
  });
}

function comparedVersion(versions: readonly Job[], request: ApiRequest): Job | undefined {
  const tag = request.query.get("diff_tag") ?? "";
  const number = intOf(request.query, "diff_version");
  if (tag === "" && number === undefined) return undefined;
  const base = versions.find((version) =>
    tag === "" ? version.Version === number : version.VersionTag?.Name === tag,
  );
  if (!base)
    throw failed(
      tag === "" ? `failed to find job version ${number ?? 0}` : `tag "${tag}" not found`,
    );
  return base;
}

export const jobScaleStatus: ReadHandler = ({ store }, request, options) => {
  const key = jobKeyOf(request, options.namespace);
  const watch = [
    ...watchJob(key),
    { table: "scaling_events", key: jobKeyText(key) },
    { table: "allocations" },
    { table: "deployments" },
  ] as const;
  const job = store.read.job(key);
  if (!job) return missing(store.read.tableIndex("jobs"), watch, "job not found");
  const allocations = store.read.allocationsByJob(key);
  const deployment = store.read.latestDeployment(key);
  const events = store.read.scalingEvents(key);
  const index = [
    ...allocations,
    ...(deployment ? [deployment] : []),
    ...(events ? [events] : []),
  ].reduce((last, one) => Math.max(last, one.ModifyIndex), job.ModifyIndex);
  return found(index, watch, () => ({
    JobID: job.ID,
    Namespace: job.Namespace,
    JobCreateIndex: job.CreateIndex,
    JobModifyIndex: job.JobModifyIndex,
    JobStopped: job.Stop,
    TaskGroups: Object.fromEntries(
      job.TaskGroups.map((group) => [
        group.Name,
        {
          ...scaleOf(group, allocations),
          Events: events?.ScalingEvents[group.Name] ?? null,
        },
      ]),
    ),
  }));
};

function scaleOf(
  group: { readonly Name: string; readonly Count: number },
  allocations: readonly Allocation[],
): object {
  const mine = allocations.filter(
    (one) => one.TaskGroup === group.Name && one.DesiredStatus === "run",
  );
  const live = mine.filter(
    (one) => one.ClientStatus === "pending" || one.ClientStatus === "running",
  );
  const count = (of: (one: Allocation) => boolean): number => live.filter(of).length;
  return {
    Desired: group.Count,
    Placed: live.length,
    Running: count((one) => one.ClientStatus === "running"),
    Healthy: count((one) => one.DeploymentStatus?.Healthy === true),
    Unhealthy: count((one) => one.DeploymentStatus?.Healthy === false),
  };
}

/** What a jobs page of one job shows. */
export function jobStatus(read: StateReader, job: Job): object {
  const key = { namespace: job.Namespace, id: job.ID };
  const latest = read.latestDeployment(key);
  const allocations = read.allocationsByJob(key);
  const children =
    job.Periodic !== null || job.ParameterizedJob !== null ? read.jobChildren(key) : undefined;
  return {
    ID: job.ID,
    Namespace: job.Namespace,
    Name: job.Name,
    Type: job.Type,
    NodePool: job.NodePool,
    Datacenters: job.Datacenters,
    Priority: job.Priority,
    Version: job.Version,
    SubmitTime: job.SubmitTime,
    ModifyIndex: job.ModifyIndex,
    Allocs: allocations.length === 0 ? null : allocations.map(statusAllocation),
    GroupCountSum: job.TaskGroups.reduce((sum, group) => sum + group.Count, 0),
    ChildStatuses: children?.map((child) => child.Status) ?? null,
    ParentID: job.ParentID,
    LatestDeployment: latest ? statusDeployment(latest) : null,
    Stop: job.Stop,
    IsPack: Object.keys(job.Meta ?? {}).some((name) => name.startsWith("pack.")),
    Status: job.Status,
  };
}

/** DeploymentStatus is never null here: pages look into it. */
const statusAllocation = (allocation: Allocation): object => ({
  ID: allocation.ID,
  Group: allocation.TaskGroup,
  ClientStatus: allocation.ClientStatus,
  NodeID: allocation.NodeID,
  DeploymentStatus: {
    Canary: allocation.DeploymentStatus?.Canary ?? false,
    Healthy: allocation.DeploymentStatus?.Healthy ?? null,
  },
  JobVersion: allocation.JobVersion,
  FollowupEvalID: allocation.FollowupEvalID ?? "",
  HasPausedTask: Object.values(allocation.TaskStates ?? {}).some(
    (task) => task.Paused !== undefined,
  ),
});

/** Promotion is a question only while it runs; groups without canaries then count as promoting themselves. */
function statusDeployment(deployment: Deployment): object {
  const isRunning = deployment.Status === "running";
  const canaries = Object.values(deployment.TaskGroups).filter(
    (group) => group.DesiredCanaries > 0,
  );
  return {
    ID: deployment.ID,
    IsActive: isDeploymentActive(deployment),
    JobVersion: deployment.JobVersion,
    Status: deployment.Status,
    StatusDescription: deployment.StatusDescription,
    AllAutoPromote: isRunning && canaries.every((group) => group.AutoPromote),
    RequiresPromotion: isRunning && canaries.some((group) => !group.Promoted),
  };
}
