import type { JsonObject } from "../../../lib/json.ts";
import type {
  Job,
  NetworkResource,
  ScalingPolicy,
  Service,
  StringMap,
  Task,
  TaskGroup,
  UpdateStrategy,
  WorkloadIdentity,
} from "../../../model/job.ts";
import { fillStored } from "./fill.ts";
import { withImplicitConstraints } from "./implicit-constraints.ts";
import { jobSchema } from "./job-schema.ts";

/** Makes the id of a scaling policy out of what it belongs to, so that the same job keeps the same policy. */
export type PolicyId = (target: StringMap, type: string) => string;

type Place = {
  readonly Namespace: string;
  readonly Job: string;
  readonly Group: string;
  readonly Task?: string;
};

/** Groups keep volumes of these types only. */
export const volumeTypes = ["host", "csi"];
const noUpdate: UpdateStrategy = {
  Stagger: 0,
  MaxParallel: 0,
  HealthCheck: "",
  MinHealthyTime: 0,
  HealthyDeadline: 0,
  ProgressDeadline: 0,
  AutoRevert: false,
  AutoPromote: false,
  Canary: 0,
};
const defaultIdentity: WorkloadIdentity = {
  Name: "default",
  Audience: ["nomadproject.io"],
  ChangeMode: "",
  ChangeSignal: "",
  Env: false,
  File: false,
  Filepath: "",
  ServiceName: "",
  TTL: 0,
  ExtraClaims: null,
};

/** What only the server decides: a body that was read back earlier may still carry it. */
const owned = {
  ParentID: "",
  Dispatched: false,
  DispatchIdempotencyToken: "",
  NomadTokenID: "",
  Status: "pending",
  StatusDescription: "",
  Stable: false,
  Version: 0,
  VersionTag: null,
  SubmitTime: 0,
  CreateIndex: 0,
  ModifyIndex: 0,
  JobModifyIndex: 0,
} as const;

/** A canonical body as the server stores it: every key of `Job` present, with what the server adds. */
export function storedJob(canonical: JsonObject, policyId: PolicyId): Job {
  // The schema lists exactly the fields of Job; stored-job.test.ts compares the keys.
  const job = fillStored(jobSchema, canonical) as unknown as Job;
  return {
    ...job,
    ...owned,
    Datacenters: job.Datacenters.length === 0 ? ["*"] : job.Datacenters,
    NodePool: job.NodePool === "" ? "default" : job.NodePool,
    Update: jobUpdate(canonical["Update"] === null ? null : job.Update),
    ParameterizedJob:
      job.ParameterizedJob === null
        ? null
        : { ...job.ParameterizedJob, Payload: job.ParameterizedJob.Payload || "optional" },
    TaskGroups: job.TaskGroups.map((group) =>
      withImplicitConstraints(storedGroup(group, job, policyId)),
    ),
  };
}

/** The groups hold the whole strategy; the job keeps only its pace. */
const jobUpdate = (update: UpdateStrategy | null): UpdateStrategy =>
  update === null
    ? noUpdate
    : { ...noUpdate, Stagger: update.Stagger, MaxParallel: update.MaxParallel };

function storedGroup(group: TaskGroup, job: Job, policyId: PolicyId): TaskGroup {
  const target = { Namespace: job.Namespace, Job: job.ID, Group: group.Name };
  return {
    ...group,
    Scaling: group.Scaling === null ? null : storedScaling(group.Scaling, target, policyId),
    Networks: storedNetworks(group.Networks),
    Services: storedServices(group.Services, target),
    Volumes: storedVolumes(group.Volumes),
    // These were replaced by the disconnect block; the reference reads them and keeps nothing.
    StopAfterClientDisconnect: null,
    MaxClientDisconnect: null,
    PreventRescheduleOnLost: false,
    Tasks: group.Tasks.map((task) => storedTask(task, { ...target, Task: task.Name }, policyId)),
  };
}

function storedTask(task: Task, target: Place, policyId: PolicyId): Task {
  return {
    ...task,
    Services: storedServices(task.Services, target),
    Resources: { ...task.Resources, Networks: storedNetworks(task.Resources.Networks) },
    Identity: storedIdentity(task.Identity),
    ScalingPolicies:
      task.ScalingPolicies?.map((policy) => storedScaling(policy, target, policyId)) ?? null,
  };
}

const storedIdentity = (identity: WorkloadIdentity | null): WorkloadIdentity =>
  identity === null
    ? defaultIdentity
    : { ...identity, Name: "default", Audience: identity.Audience ?? defaultIdentity.Audience };

const storedScaling = (
  policy: ScalingPolicy,
  target: Place,
  policyId: PolicyId,
): ScalingPolicy => ({
  ...policy,
  Type: policy.Type || "horizontal",
  ID: policyId(target, policy.Type || "horizontal"),
  Target: target,
  // A version that was read back carries the indexes of its row.
  CreateIndex: 0,
  ModifyIndex: 0,
});

const storedNetworks = (
  networks: readonly NetworkResource[] | null,
): readonly NetworkResource[] | null =>
  networks?.map((network) => ({
    ...network,
    ReservedPorts: withHostNetwork(network.ReservedPorts),
    DynamicPorts: withHostNetwork(network.DynamicPorts),
  })) ?? null;

const withHostNetwork = (ports: NetworkResource["DynamicPorts"]): NetworkResource["DynamicPorts"] =>
  ports?.map((port) => ({ ...port, HostNetwork: port.HostNetwork || "default" })) ?? null;

const storedServices = (
  services: readonly Service[] | null,
  place: Place,
): readonly Service[] | null =>
  services?.map((service) => {
    const name = service.Name.replace(placeName, (_, variable) => nameOf(place, variable));
    const task = service.TaskName || (place.Task ?? "");
    return {
      ...service,
      Name: name,
      TaskName: task,
      Namespace: service.Provider === "nomad" ? place.Namespace : service.Namespace || "default",
      Checks:
        service.Checks?.map((check) => ({
          ...check,
          Name: check.Name || `service: ${JSON.stringify(name)} check`,
          TaskName: check.TaskName || task,
        })) ?? null,
    };
  }) ?? null;

/** A service may be named after the place where it stands. */
const placeName = /\$\{(JOB|TASKGROUP|TASK|BASE)\}/g;

function nameOf(place: Place, variable: string): string {
  const task = place.Task ?? "group";
  if (variable === "JOB") return place.Job;
  if (variable === "TASKGROUP") return place.Group;
  return variable === "TASK" ? task : `${place.Job}-${place.Group}-${task}`;
}

/** Volumes of a type that nobody knows are dropped, as the reference does. */
function storedVolumes(volumes: TaskGroup["Volumes"]): TaskGroup["Volumes"] {
  if (volumes === null) return null;
  const known = Object.entries(volumes).filter(([, request]) => volumeTypes.includes(request.Type));
  return known.length === 0 ? null : Object.fromEntries(known);
}
