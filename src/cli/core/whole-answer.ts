import { wholeJob } from "./whole-job.ts";

/**
 * Allocations and evaluations leave zero fields out on the wire; the commands that print them as JSON or through
 * templates show every field, as a typed client would hold it.
 */
export const wholeAllocation = (answer: {
  readonly Job?: object | null;
  readonly TaskStates?: {
    readonly [task: string]: { readonly Events?: readonly object[] | null };
  } | null;
}): object => ({
  AllocModifyIndex: 0,
  AllocatedResources: null,
  ClientDescription: "",
  ClientStatus: "",
  CreateIndex: 0,
  CreateTime: 0,
  DeploymentID: "",
  DeploymentStatus: null,
  DesiredDescription: "",
  DesiredStatus: "",
  DesiredTransition: {},
  EvalID: "",
  FollowupEvalID: "",
  ID: "",
  Job: null,
  JobID: "",
  Metrics: null,
  ModifyIndex: 0,
  ModifyTime: 0,
  Name: "",
  Namespace: "",
  NetworkStatus: null,
  NextAllocation: "",
  NodeID: "",
  NodeName: "",
  PreemptedAllocations: null,
  PreemptedByAllocation: "",
  PreviousAllocation: "",
  RescheduleTracker: null,
  Resources: null,
  Services: null,
  TaskGroup: "",
  TaskResources: null,
  ...answer,
  ...(answer.Job ? { Job: wholeJob(answer.Job) } : {}),
  TaskStates: answer.TaskStates ? mapValues(answer.TaskStates, wholeTaskState) : null,
});

const wholeTaskState = (state: { readonly Events?: readonly object[] | null }): object => ({
  ...state,
  Events: state.Events?.map((event) => ({ DiskSize: 0, ...event })) ?? null,
});

const mapValues = <T>(
  values: { readonly [name: string]: T },
  change: (value: T) => object,
): { readonly [name: string]: object } =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));

export const wholeEvaluation = (answer: object): object => ({
  AnnotatePlan: false,
  BlockedEval: "",
  ClassEligibility: null,
  CreateIndex: 0,
  CreateTime: 0,
  DeploymentID: "",
  EscapedComputedClass: false,
  FailedTGAllocs: null,
  ID: "",
  JobID: "",
  JobModifyIndex: 0,
  ModifyIndex: 0,
  ModifyTime: 0,
  Namespace: "",
  NextEval: "",
  NodeID: "",
  NodeModifyIndex: 0,
  PlanAnnotations: null,
  PreviousEval: "",
  Priority: 0,
  QueuedAllocations: null,
  QuotaLimitReached: "",
  RelatedEvals: null,
  SnapshotIndex: 0,
  Status: "",
  StatusDescription: "",
  TriggeredBy: "",
  Type: "",
  Wait: 0,
  WaitUntil: null,
  ...answer,
});

/** Some of what servers keep of a deployment is no part of what the commands show. */
export const plainDeployment = (deployment: {
  readonly TaskGroups: { readonly [group: string]: object };
}): object => ({
  ...deployment,
  EvalPriority: undefined,
  TaskGroups: mapValues(deployment.TaskGroups, (group) => ({ ...group, AutoPromote: undefined })),
});
