import type { Allocation } from "../model/allocation.ts";
import type { Deployment } from "../model/deployment.ts";
import type { Evaluation, EvaluationStatus } from "../model/evaluation.ts";
import type { AllocationId, DeploymentId, EvaluationId, JobKey, NodeId } from "../model/ids.ts";
import type { Job, JobSubmission, JobSummary } from "../model/job.ts";
import type { JobSource } from "../model/job-source.ts";
import type { Namespace, NodePool } from "../model/namespace.ts";
import type { Node } from "../model/node.ts";
import type { JobScalingEvents } from "../model/scaling.ts";
import type { SchedulerConfiguration } from "../model/scheduler-config.ts";
import type { ServiceKey, ServiceRegistration } from "../model/service.ts";

/** Tables as the change feed and blocking queries name them. */
export type TableName =
  | "jobs"
  | "job_summaries"
  | "scaling_events"
  | "evaluations"
  | "allocations"
  | "deployments"
  | "services"
  | "nodes"
  | "job_sources"
  | "namespaces"
  | "node_pools"
  | "scheduler_config";

/** One page of a list in the list's own order. `from` is the first key to return, as the wire's next_token carries it. */
export interface ListQuery {
  /** `*` is every namespace. Ignored by tables without one. */
  readonly namespace?: string;
  readonly prefix?: string;
  readonly reverse?: boolean;
  readonly from?: string;
  readonly limit?: number;
}

/**
 * Synchronous reads of the applied state. All objects are frozen in meaning: never change one.
 * Orders: jobs by (namespace, id); allocations, evaluations, deployments by (CreateIndex, ID), or by ID when a
 * prefix is given; nodes, namespaces, pools by key; versions newest first. A UUID prefix ignores hyphens.
 */
export interface StateReader {
  /** The last index that changed any of the tables; without arguments the last applied index. Never 0. */
  tableIndex(...tables: readonly TableName[]): number;

  job(key: JobKey): Job | undefined;
  jobs(query: ListQuery): readonly Job[];
  /** `createIndex` tells a purged and re-registered job from its namesake. */
  jobVersion(key: JobKey, version: number, createIndex?: number): Job | undefined;
  jobVersions(key: JobKey): readonly Job[];
  jobSummary(key: JobKey): JobSummary | undefined;
  jobSubmission(
    key: JobKey,
    version: number,
  ): (JobSubmission & { readonly JobModifyIndex: number }) | undefined;
  scalingEvents(key: JobKey): JobScalingEvents | undefined;
  /** Children of a periodic or parameterized job. */
  jobChildren(key: JobKey): readonly Job[];

  allocation(id: AllocationId): Allocation | undefined;
  allocations(query: ListQuery): readonly Allocation[];
  /** Without `anyCreateIndex` only allocations of the job's present incarnation. */
  allocationsByJob(
    key: JobKey,
    options?: { readonly anyCreateIndex?: boolean },
  ): readonly Allocation[];
  allocationsByNode(nodeId: NodeId): readonly Allocation[];
  allocationsByEvaluation(id: EvaluationId): readonly Allocation[];
  allocationsByDeployment(id: DeploymentId): readonly Allocation[];
  /** The job as it was when the allocation was last planned. */
  jobOfAllocation(allocation: Allocation): Job | undefined;

  evaluation(id: EvaluationId): Evaluation | undefined;
  evaluations(query: ListQuery): readonly Evaluation[];
  evaluationsByJob(key: JobKey): readonly Evaluation[];
  evaluationsByStatus(status: EvaluationStatus): readonly Evaluation[];

  deployment(id: DeploymentId): Deployment | undefined;
  deployments(query: ListQuery): readonly Deployment[];
  deploymentsByJob(key: JobKey): readonly Deployment[];
  latestDeployment(key: JobKey): Deployment | undefined;
  activeDeployments(): readonly Deployment[];

  service(key: ServiceKey): ServiceRegistration | undefined;
  /** All lists of services are in the order of (namespace, id); in the change feed they are `namespace/name`. */
  services(query: ListQuery): readonly ServiceRegistration[];
  servicesNamed(name: string, query: ListQuery): readonly ServiceRegistration[];
  servicesByJob(key: JobKey): readonly ServiceRegistration[];
  servicesByAllocation(id: AllocationId): readonly ServiceRegistration[];
  servicesByNode(id: NodeId): readonly ServiceRegistration[];

  node(id: NodeId): Node | undefined;
  nodes(query: ListQuery): readonly Node[];

  jobSources(): readonly JobSource[];
  namespace(name: string): Namespace | undefined;
  namespaces(query: ListQuery): readonly Namespace[];
  nodePool(name: string): NodePool | undefined;
  nodePools(query: ListQuery): readonly NodePool[];
  schedulerConfig(): SchedulerConfiguration;
}
