import type { AllocationReport, DesiredTransition } from "../model/allocation.ts";
import type { DeploymentStatusUpdate, Plan } from "../model/plan.ts";
import type { Evaluation } from "../model/evaluation.ts";
import type { AllocationId, DeploymentId, EvaluationId, JobKey, NodeId } from "../model/ids.ts";
import type { Job, JobSubmission } from "../model/job.ts";
import type { JobSource } from "../model/job-source.ts";
import type { Namespace, NodePool } from "../model/namespace.ts";
import type {
  DrainStrategy,
  Node,
  NodeEvent,
  NodeStatus,
  SchedulingEligibility,
} from "../model/node.ts";
import type { ScalingEvent } from "../model/scaling.ts";
import type { SchedulerConfiguration } from "../model/scheduler-config.ts";
import type { ServiceKey, ServiceRegistration } from "../model/service.ts";

/**
 * Every replicated change, by name. Rules:
 * 1. everything not derivable is in the body: ids, times, seeds; apply reads no clock;
 * 2. indexes (CreateIndex, ModifyIndex, JobModifyIndex, Version) are set by apply, whatever the body says;
 * 3. evaluations in a body are written in the same transaction: pending ones wake the evaluation loop;
 * 4. append-only: new optional fields yes, changed meaning no.
 */
export interface CommandBodies {
  /** An unchanged spec makes no new version, but its evaluation is written all the same. */
  readonly "job.register": {
    readonly job: Job;
    readonly submission: JobSubmission | null;
    /** The JobModifyIndex that must be stored now (0: the job must not exist); null: no check. */
    readonly enforceIndex: number | null;
    /** null for periodic and parameterized jobs, and for registrations that start nothing. */
    readonly evaluation: Evaluation | null;
    /** With PreserveCounts, counts of groups that exist already are kept. */
    readonly preserveCounts: boolean;
    /** The same for the resources of tasks; absent means no. */
    readonly preserveResources?: boolean;
  };
  readonly "job.deregister": {
    readonly key: JobKey;
    readonly purge: boolean;
    readonly submitTime: number;
    readonly evaluation: Evaluation | null;
    /** Set on running allocations so that the node skips shutdown_delay. */
    readonly noShutdownDelay: boolean;
  };
  readonly "job.stability": {
    readonly key: JobKey;
    readonly version: number;
    readonly stable: boolean;
  };
  /** A count makes a new version of the job. PreviousCount and CreateIndex of the event are set by apply. */
  readonly "job.scale": {
    readonly key: JobKey;
    readonly group: string;
    readonly event: ScalingEvent;
    readonly evaluation: Evaluation | null;
    /** The JobModifyIndex that must be stored now; null: no check. */
    readonly enforceIndex: number | null;
  };
  readonly "evaluation.upsert": { readonly evaluations: readonly Evaluation[] };
  /** One plan and the evaluation's new state in one entry: one fsync for one evaluation. */
  readonly "plan.apply": { readonly plan: Plan; readonly evaluations: readonly Evaluation[] };
  readonly "allocation.report": {
    readonly nodeId: NodeId;
    readonly reports: readonly AllocationReport[];
    readonly evaluations: readonly Evaluation[];
  };
  readonly "allocation.transition": {
    readonly transitions: readonly {
      readonly allocationId: AllocationId;
      readonly transition: Partial<DesiredTransition>;
    }[];
    readonly evaluations: readonly Evaluation[];
  };
  readonly "deployment.status": {
    readonly update: DeploymentStatusUpdate;
    /** A rollback registers the older job again as a new version. */
    readonly job: Job | null;
    /** Marks the deployment's job version stable. */
    readonly markStable: boolean;
    readonly evaluations: readonly Evaluation[];
  };
  readonly "deployment.promote": {
    readonly deploymentId: DeploymentId;
    /** null: all groups. */
    readonly groups: readonly string[] | null;
    readonly evaluations: readonly Evaluation[];
  };
  readonly "deployment.health": {
    readonly deploymentId: DeploymentId;
    readonly healthy: readonly AllocationId[];
    readonly unhealthy: readonly AllocationId[];
    /** RFC 3339. */
    readonly at: string;
    readonly update: DeploymentStatusUpdate | null;
    readonly evaluations: readonly Evaluation[];
  };
  readonly "node.register": {
    readonly node: Node;
    readonly evaluations: readonly Evaluation[];
  };
  readonly "node.status": {
    readonly nodeId: NodeId;
    readonly status: NodeStatus;
    readonly description: string;
    /** Unix seconds. */
    readonly updatedAt: number;
    readonly event: NodeEvent | null;
    readonly evaluations: readonly Evaluation[];
  };
  readonly "node.eligibility": {
    readonly nodeId: NodeId;
    readonly eligibility: SchedulingEligibility;
    readonly event: NodeEvent | null;
    readonly evaluations: readonly Evaluation[];
  };
  readonly "node.drain": {
    readonly nodeId: NodeId;
    /** null ends the drain. */
    readonly strategy: DrainStrategy | null;
    readonly markEligible: boolean;
    /** Who asked for it. */
    readonly accessor?: string;
    /** With a null strategy: the drain is over because nothing is left; otherwise somebody called it off. */
    readonly isComplete?: boolean;
    /** RFC 3339. */
    readonly at: string;
    readonly meta: { readonly [key: string]: string } | null;
    readonly event: NodeEvent | null;
    readonly evaluations: readonly Evaluation[];
  };
  readonly "node.deregister": {
    readonly nodeIds: readonly NodeId[];
    readonly evaluations: readonly Evaluation[];
  };
  readonly "source.report": { readonly source: JobSource };
  readonly "source.forget": { readonly agent: string; readonly path: string };
  readonly "namespace.upsert": { readonly namespaces: readonly Namespace[] };
  readonly "namespace.delete": { readonly names: readonly string[] };
  readonly "node-pool.upsert": { readonly pools: readonly NodePool[] };
  readonly "node-pool.delete": { readonly names: readonly string[] };
  readonly "scheduler-config.set": {
    readonly config: SchedulerConfiguration;
    /** Compare-and-set on ModifyIndex; null: none. */
    readonly checkIndex: number | null;
  };
  /** What changed among the services of one node; what belongs to another node or has ended is passed over. */
  readonly "service.report": {
    readonly nodeId: NodeId;
    /** Their indexes are set by apply. */
    readonly upsert: readonly ServiceRegistration[];
    readonly remove: readonly ServiceKey[];
  };
  readonly "service.delete": ServiceKey;
  readonly "garbage.collect": {
    readonly evaluations: readonly EvaluationId[];
    readonly allocations: readonly AllocationId[];
    readonly deployments: readonly DeploymentId[];
    readonly jobs: readonly JobKey[];
    readonly nodes: readonly NodeId[];
  };
}

/** A domain refusal is an outcome, equal on all replicas. A throw means corruption and stops the process. */
export interface CommandOutcomes {
  readonly "job.register":
    | { readonly version: number; readonly jobModifyIndex: number; readonly changed: boolean }
    | { readonly refused: "check-index"; readonly jobModifyIndex: number | null };
  readonly "job.deregister": { readonly found: boolean; readonly jobModifyIndex: number };
  readonly "job.stability": { readonly found: boolean };
  readonly "job.scale":
    | { readonly jobModifyIndex: number }
    | { readonly refused: "not-found"; readonly detail: string }
    | { readonly refused: "check-index"; readonly jobModifyIndex: number };
  readonly "evaluation.upsert": Done;
  readonly "plan.apply": Done;
  readonly "allocation.report": Done;
  readonly "allocation.transition": Done;
  readonly "deployment.status": Refusable<"not-found" | "terminal">;
  readonly "deployment.promote": Refusable<
    "not-found" | "terminal" | "no-canaries" | "unhealthy-canaries"
  >;
  readonly "deployment.health": Refusable<"not-found" | "terminal">;
  readonly "node.register": Done;
  readonly "node.status": Refusable<"not-found">;
  readonly "node.eligibility": Refusable<"not-found" | "draining">;
  readonly "node.drain": Refusable<"not-found">;
  readonly "node.deregister": Done;
  readonly "source.report": Done;
  readonly "source.forget": Done;
  readonly "namespace.upsert": Done;
  readonly "namespace.delete": Refusable<"not-found" | "in-use">;
  readonly "node-pool.upsert": Done;
  readonly "node-pool.delete": Refusable<"not-found" | "in-use">;
  readonly "scheduler-config.set": { readonly updated: boolean };
  readonly "service.report": Done;
  readonly "service.delete": Refusable<"not-found">;
  readonly "garbage.collect": Done;
}

export interface Done {
  readonly ok: true;
}
/** `detail` is for a person: the group, the names, whatever the text of the error needs. */
export type Refusable<Reason extends string> =
  | Done
  | { readonly refused: Reason; readonly detail: string };

export type CommandType = keyof CommandBodies;

/** Distributes over K, so `Command` alone is the discriminated union of every command. */
export type Command<K extends CommandType = CommandType> = {
  [T in K]: { readonly type: T; readonly proposedAt: number; readonly body: CommandBodies[T] };
}[K];
