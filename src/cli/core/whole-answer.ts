/**
 * Allocations and evaluations leave zero fields out on the wire; the commands that print them as JSON or through
 * templates show every field, as a typed client would hold it.
 */
export const wholeAllocation = (answer: object): object => ({
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
  TaskStates: null,
  ...answer,
});

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

/** Whether canaries are promoted by themselves is no part of what the commands show of a deployment's groups. */
export const plainDeployment = (deployment: {
  readonly TaskGroups: { readonly [group: string]: object };
}): object => ({
  ...deployment,
  TaskGroups: Object.fromEntries(
    Object.entries(deployment.TaskGroups).map(([name, group]) => [
      name,
      { ...group, AutoPromote: undefined },
    ]),
  ),
});
