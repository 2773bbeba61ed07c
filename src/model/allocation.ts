import type { AllocationId, DeploymentId, EvaluationId, JobId, NodeId } from "./ids.ts";
import type { Nanoseconds, NetworkResource, StringMap, TaskLifecycle } from "./job.ts";

export type DesiredStatus = "run" | "stop" | "evict";
export type ClientStatus = "pending" | "running" | "complete" | "failed" | "lost" | "unknown";
export type TaskStateName = "pending" | "running" | "dead";

/**
 * An allocation as it is stored: without its job, which is joined on read by (Namespace, JobID, JobVersion).
 * The API adds Job, Resources, SharedResources and TaskResources and leaves zero fields out.
 */
export interface Allocation {
  readonly ID: AllocationId;
  readonly Namespace: string;
  readonly EvalID: EvaluationId;
  readonly Name: string;
  readonly NodeID: NodeId;
  readonly NodeName: string;
  readonly JobID: JobId;
  /** Version and CreateIndex together name one stored job; a purged and re-registered job starts at 0 again. */
  readonly JobVersion: number;
  readonly JobCreateIndex: number;
  readonly TaskGroup: string;
  readonly AllocatedResources: AllocatedResources;
  readonly Metrics: AllocationMetric | null;
  readonly DesiredStatus: DesiredStatus;
  readonly DesiredDescription: string;
  readonly DesiredTransition: DesiredTransition;
  readonly ClientStatus: ClientStatus;
  readonly ClientDescription: string;
  readonly TaskStates: { readonly [task: string]: TaskState } | null;
  readonly AllocStates: readonly AllocationStateChange[] | null;
  readonly PreviousAllocation: AllocationId | null;
  readonly NextAllocation: AllocationId | null;
  readonly DeploymentID: DeploymentId | null;
  readonly DeploymentStatus: AllocationDeploymentStatus | null;
  readonly RescheduleTracker: RescheduleTracker | null;
  readonly NetworkStatus: AllocationNetworkStatus | null;
  readonly FollowupEvalID: EvaluationId | null;
  readonly PreemptedAllocations: readonly AllocationId[] | null;
  readonly PreemptedByAllocation: AllocationId | null;
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
  /** Rises with changes from the server side only; the client watches this one. */
  readonly AllocModifyIndex: number;
  readonly CreateTime: Nanoseconds;
  readonly ModifyTime: Nanoseconds;
}
export interface AllocatedResources {
  readonly Tasks: { readonly [task: string]: AllocatedTaskResources };
  readonly TaskLifecycles: { readonly [task: string]: TaskLifecycle | null };
  readonly Shared: AllocatedSharedResources;
}
export interface AllocatedTaskResources {
  readonly Cpu: { readonly CpuShares: number; readonly ReservedCores: readonly number[] | null };
  readonly Memory: { readonly MemoryMB: number; readonly MemoryMaxMB: number };
  readonly Networks: readonly NetworkResource[] | null;
  readonly Devices: readonly AllocatedDevice[] | null;
}
export interface AllocatedDevice {
  readonly Vendor: string;
  readonly Type: string;
  readonly Name: string;
  readonly DeviceIDs: readonly string[];
}
export interface AllocatedSharedResources {
  readonly Networks: readonly NetworkResource[] | null;
  readonly DiskMB: number;
  readonly Ports: readonly AllocatedPort[] | null;
}
export interface AllocatedPort {
  readonly Label: string;
  readonly Value: number;
  readonly To: number;
  readonly HostIP: string;
  readonly IgnoreCollision: boolean;
}
export interface AllocationMetric {
  readonly NodesEvaluated: number;
  readonly NodesFiltered: number;
  readonly NodesInPool: number;
  readonly NodePool: string;
  readonly NodesAvailable: { readonly [datacenter: string]: number } | null;
  readonly ClassFiltered: { readonly [nodeClass: string]: number } | null;
  readonly ConstraintFiltered: { readonly [constraint: string]: number } | null;
  readonly NodesExhausted: number;
  readonly ClassExhausted: { readonly [nodeClass: string]: number } | null;
  readonly DimensionExhausted: { readonly [dimension: string]: number } | null;
  readonly QuotaExhausted: readonly string[] | null;
  readonly ResourcesExhausted: {
    readonly [task: string]: { readonly [field: string]: number };
  } | null;
  readonly Scores: { readonly [key: string]: number } | null;
  readonly ScoreMetaData: readonly NodeScoreMeta[] | null;
  readonly AllocationTime: Nanoseconds;
  readonly CoalescedFailures: number;
}
export interface NodeScoreMeta {
  readonly NodeID: NodeId;
  readonly Scores: { readonly [scorer: string]: number };
  readonly NormScore: number;
}
export interface DesiredTransition {
  readonly Migrate: boolean | null;
  readonly Reschedule: boolean | null;
  readonly ForceReschedule: boolean | null;
  readonly NoShutdownDelay: boolean | null;
}
export interface AllocationStateChange {
  readonly Field: string;
  readonly Value: string;
  readonly Time: string;
}
export interface AllocationDeploymentStatus {
  readonly Healthy: boolean | null;
  readonly Timestamp: string | null;
  readonly Canary: boolean;
  readonly ModifyIndex: number;
}
export interface RescheduleTracker {
  readonly Events: readonly RescheduleEvent[];
  readonly LastReschedule: string;
}
export interface RescheduleEvent {
  readonly RescheduleTime: Nanoseconds;
  readonly PrevAllocID: AllocationId;
  readonly PrevNodeID: NodeId;
  readonly Delay: Nanoseconds;
}
export interface AllocationNetworkStatus {
  readonly InterfaceName: string;
  readonly Address: string;
  readonly AddressIPv6: string;
  readonly DNS: {
    readonly Servers: readonly string[] | null;
    readonly Searches: readonly string[] | null;
    readonly Options: readonly string[] | null;
  } | null;
}
export interface TaskState {
  readonly State: TaskStateName;
  readonly Failed: boolean;
  readonly Restarts: number;
  /** RFC 3339; null is the zero time. */
  readonly LastRestart: string | null;
  readonly StartedAt: string | null;
  readonly FinishedAt: string | null;
  readonly Events: readonly TaskEvent[];
  /** Absent, which the wire writes as "": nobody holds the starts of the task. */
  readonly Paused?: "force_pause";
}
/**
 * A task event as stored: type, time, text and details. DisplayMessage and the deprecated flat fields
 * (ExitCode, Signal, DriverError ..) are added by the API's encoder out of Details.
 */
export interface TaskEvent {
  readonly Type: string;
  readonly Time: Nanoseconds;
  readonly Message: string;
  readonly Details: StringMap;
}

/** What a node reports of one allocation: everything that the node owns. */
export interface AllocationReport {
  readonly id: AllocationId;
  readonly clientStatus: ClientStatus;
  readonly clientDescription: string;
  readonly taskStates: { readonly [task: string]: TaskState };
  readonly networkStatus: AllocationNetworkStatus | null;
  /** Set when the node has decided on health; null while it watches or when nobody asked. */
  readonly health: { readonly healthy: boolean; readonly at: string } | null;
}

export const isClientTerminal = (allocation: Allocation): boolean =>
  allocation.ClientStatus === "complete" ||
  allocation.ClientStatus === "failed" ||
  allocation.ClientStatus === "lost";

/** The server wants it gone, whatever the client says. */
export const isServerTerminal = (allocation: Allocation): boolean =>
  allocation.DesiredStatus !== "run";

/** As far as its client has said. */
export const hasNeverStarted = (allocation: Allocation): boolean =>
  Object.values(allocation.TaskStates ?? {}).every((task) => task.StartedAt === null);

export const isTerminal = (allocation: Allocation): boolean =>
  isServerTerminal(allocation) || isClientTerminal(allocation);
