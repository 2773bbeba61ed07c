import type {
  AllocatedResources,
  AllocationDeploymentStatus,
  AllocationMetric,
  ClientStatus,
  DesiredStatus,
  DesiredTransition,
  RescheduleTracker,
  TaskStateName,
} from "../model/allocation.ts";
import type { DeviceGroupStats } from "../model/device.ts";
import type { Job, JobSubmission, JobSummary, StringMap } from "../model/job.ts";
import type { JobDiff } from "../model/job-diff.ts";
import type { Node } from "../model/node.ts";
import type { PlanAnnotations } from "../model/plan.ts";

/**
 * What the API answers where that differs from what is stored: list stubs, envelopes, and the two nouns
 * (allocation, evaluation) whose zero fields are left out on the wire.
 */
export interface JobListStub {
  readonly ID: string;
  readonly ParentID: string;
  readonly Name: string;
  readonly Namespace: string;
  readonly Datacenters: readonly string[] | null;
  readonly NodePool: string;
  readonly Type: string;
  readonly Priority: number;
  readonly Periodic: boolean;
  readonly ParameterizedJob: boolean;
  readonly Stop: boolean;
  readonly Status: string;
  readonly StatusDescription: string;
  readonly JobSummary: JobSummary | null;
  readonly SubmitTime: number;
  readonly JobModifyIndex: number;
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
}

export interface TaskEventAnswer {
  readonly Type: string;
  readonly Time: number;
  readonly Message?: string;
  readonly DisplayMessage?: string;
  readonly Details?: StringMap | null;
}
export interface TaskStateAnswer {
  readonly State: TaskStateName;
  readonly Failed: boolean;
  readonly Restarts: number;
  readonly LastRestart?: string | null;
  readonly StartedAt?: string | null;
  readonly FinishedAt?: string | null;
  readonly Events?: readonly TaskEventAnswer[] | null;
  readonly Paused?: string;
}
export interface AllocationListStub {
  readonly ID: string;
  readonly EvalID: string;
  readonly Name: string;
  readonly Namespace: string;
  readonly NodeID: string;
  readonly NodeName: string;
  readonly JobID: string;
  readonly JobType: string;
  readonly JobVersion: number;
  readonly TaskGroup: string;
  readonly DesiredStatus: DesiredStatus;
  readonly DesiredDescription: string;
  readonly ClientStatus: ClientStatus;
  readonly ClientDescription: string;
  readonly DesiredTransition?: DesiredTransition;
  readonly TaskStates?: { readonly [task: string]: TaskStateAnswer } | null;
  readonly DeploymentStatus?: AllocationDeploymentStatus | null;
  readonly FollowupEvalID: string;
  readonly NextAllocation?: string;
  readonly RescheduleTracker?: RescheduleTracker | null;
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
  readonly CreateTime: number;
  readonly ModifyTime: number;
}
/** One whole allocation. Zero fields are missing. */
export interface AllocationAnswer {
  readonly ID: string;
  readonly Namespace: string;
  readonly EvalID?: string;
  readonly Name: string;
  readonly NodeID: string;
  readonly NodeName?: string;
  readonly JobID: string;
  readonly Job?: Job | null;
  readonly TaskGroup: string;
  readonly AllocatedResources?: AllocatedResources | null;
  readonly Metrics?: AllocationMetric | null;
  readonly DesiredStatus?: DesiredStatus;
  readonly DesiredDescription?: string;
  readonly DesiredTransition?: Partial<DesiredTransition> | null;
  readonly ClientStatus: ClientStatus;
  readonly ClientDescription?: string;
  readonly TaskStates?: { readonly [task: string]: TaskStateAnswer } | null;
  readonly NextAllocation?: string;
  readonly PreviousAllocation?: string;
  readonly DeploymentID?: string;
  readonly DeploymentStatus?: Partial<AllocationDeploymentStatus> | null;
  readonly RescheduleTracker?: RescheduleTracker | null;
  readonly NetworkStatus?: {
    readonly InterfaceName?: string;
    readonly Address?: string;
    readonly AddressIPv6?: string;
  } | null;
  readonly FollowupEvalID?: string;
  readonly PreemptedByAllocation?: string;
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
  readonly CreateTime: number;
  readonly ModifyTime: number;
}
export interface EvaluationStub {
  readonly ID: string;
  readonly Priority: number;
  readonly TriggeredBy: string;
  readonly JobID: string;
  readonly NodeID?: string;
  readonly Status: string;
  readonly StatusDescription?: string;
}
/** One evaluation. Zero fields are missing. */
export interface EvaluationAnswer extends EvaluationStub {
  readonly Namespace?: string;
  readonly Type: string;
  readonly DeploymentID?: string;
  readonly Wait?: number;
  readonly WaitUntil?: string | null;
  readonly NextEval?: string;
  readonly PreviousEval?: string;
  readonly BlockedEval?: string;
  readonly RelatedEvals?: readonly EvaluationStub[] | null;
  readonly FailedTGAllocs?: { readonly [group: string]: Partial<AllocationMetric> } | null;
  readonly PlanAnnotations?: PlanAnnotations | null;
  readonly QuotaLimitReached?: string;
  readonly MissingNonNodeResources?: readonly string[] | null;
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
  readonly CreateTime?: number;
  readonly ModifyTime?: number;
}
/** A node pool as `/v1/node/pools` answers it. */
export interface NodePoolAnswer {
  readonly Name: string;
  readonly Description: string;
  readonly Meta?: StringMap | null;
  /** In nanoseconds. */
  readonly NodeIdentityTTL?: number;
  readonly SchedulerConfiguration?: {
    readonly SchedulerAlgorithm?: string;
    readonly MemoryOversubscriptionEnabled?: boolean;
  } | null;
}
/** A node as `/v1/node/:id` answers it: the stored one plus what old clients still read. */
export type NodeAnswer = Node & { readonly Drain?: boolean };
export interface NodeListStub {
  readonly ID: string;
  readonly Address: string;
  readonly Attributes?: StringMap | null;
  readonly Datacenter: string;
  readonly Name: string;
  readonly NodePool: string;
  readonly NodeClass: string;
  readonly Version: string;
  readonly Drain: boolean;
  readonly SchedulingEligibility: string;
  readonly Status: string;
  readonly StatusDescription: string;
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
}
export interface HostStats {
  readonly Memory?: {
    readonly Total: number;
    readonly Available: number;
    readonly Used: number;
    readonly Free: number;
  } | null;
  readonly CPU?:
    | readonly {
        readonly CPU: string;
        readonly User: number;
        readonly System: number;
        readonly Idle: number;
      }[]
    | null;
  readonly DiskStats?: readonly DiskStats[] | null;
  readonly AllocDirStats?: DiskStats | null;
  readonly DeviceStats?: readonly DeviceGroupStats[] | null;
  readonly Uptime: number;
  readonly CPUTicksConsumed?: number;
}
export interface DiskStats {
  readonly Device: string;
  readonly Mountpoint: string;
  readonly Size: number;
  readonly Used: number;
  readonly Available: number;
  readonly UsedPercent: number;
  readonly InodesUsedPercent: number;
}
export interface ResourceUsage {
  readonly MemoryStats?: {
    readonly RSS: number;
    readonly Cache: number;
    readonly Swap: number;
    readonly MappedFile?: number;
    readonly Usage: number;
    readonly MaxUsage: number;
    readonly KernelUsage: number;
    readonly KernelMaxUsage: number;
    readonly Measured?: readonly string[] | null;
  } | null;
  readonly CpuStats?: {
    readonly SystemMode?: number;
    readonly UserMode?: number;
    readonly TotalTicks: number;
    readonly ThrottledPeriods: number;
    readonly ThrottledTime: number;
    readonly Percent: number;
    readonly Measured?: readonly string[] | null;
  } | null;
  readonly DeviceStats?: readonly DeviceGroupStats[] | null;
}
export interface AllocationStats {
  readonly ResourceUsage?: ResourceUsage | null;
  readonly Tasks?: {
    readonly [task: string]: { readonly ResourceUsage?: ResourceUsage | null };
  } | null;
}
export interface CheckResult {
  readonly ID: string;
  readonly Mode: string;
  readonly Status: string;
  readonly Output: string;
  readonly Timestamp: number;
  readonly Group: string;
  readonly Task: string;
  readonly Service: string;
  readonly Check: string;
}
export interface ServicesOfNamespace {
  readonly Namespace: string;
  readonly Services: readonly {
    readonly ServiceName: string;
    readonly Tags: readonly string[] | null;
  }[];
}
export interface ServiceInstance {
  readonly ID: string;
  readonly ServiceName: string;
  readonly Namespace: string;
  readonly NodeID: string;
  readonly Datacenter: string;
  readonly JobID: string;
  readonly AllocID: string;
  readonly Tags: readonly string[] | null;
  readonly Address: string;
  readonly Port: number;
}
export interface FileInfo {
  readonly Name: string;
  readonly IsDir: boolean;
  readonly Size: number;
  readonly FileMode: string;
  readonly ModTime: string | null;
  readonly ContentType?: string;
}
export interface PlanAnswer {
  readonly Annotations?:
    | (PlanAnnotations & { readonly PreemptedAllocs?: readonly PreemptedAllocation[] | null })
    | null;
  readonly FailedTGAllocs?: { readonly [group: string]: Partial<AllocationMetric> } | null;
  readonly JobModifyIndex: number;
  readonly CreatedEvals?: readonly EvaluationAnswer[] | null;
  readonly Diff?: JobDiff | null;
  readonly NextPeriodicLaunch?: string | null;
  readonly Warnings?: string;
}
export interface PreemptedAllocation {
  readonly ID: string;
  readonly JobID: string;
  readonly Namespace: string;
  readonly JobType: string;
  readonly TaskGroup: string;
}
export interface RegisterAnswer {
  readonly EvalID: string;
  readonly JobModifyIndex: number;
  readonly Warnings?: string;
}
export interface EvalAnswer {
  readonly EvalID: string;
}
export interface DeploymentUpdateAnswer {
  readonly EvalID: string;
  readonly RevertedJobVersion?: number | null;
}
export interface VersionsAnswer {
  readonly Versions: readonly Job[] | null;
  readonly Diffs?: readonly JobDiff[] | null;
}
export interface ValidateAnswer {
  readonly DriverConfigValidated: boolean;
  readonly ValidationErrors?: readonly string[] | null;
  readonly Error?: string;
  readonly Warnings?: string;
  /** Errors and warnings one by one; only where the request asked for it, and only from an agent of this make. */
  readonly Diagnostics?: readonly JobDiagnostic[] | null;
}
export interface JobDiagnostic {
  readonly Severity: "error" | "warning";
  readonly Summary: string;
  readonly Detail: string;
  /** From the job to what is meant: names of fields and keys, and places in lists from 0. */
  readonly Path: readonly (string | number)[];
}
export type SubmissionAnswer = JobSubmission;
export interface SearchAnswer {
  readonly Matches?: { readonly [context: string]: readonly string[] | null } | null;
  readonly Truncations?: { readonly [context: string]: boolean } | null;
}
export interface AgentMember {
  readonly Name: string;
  readonly Addr: string;
  readonly Port: number;
  readonly Tags: StringMap | null;
  readonly Status: string;
  readonly ProtocolCur: number;
}
export interface MembersAnswer {
  readonly ServerName: string;
  readonly ServerRegion: string;
  readonly ServerDC: string;
  readonly Members: readonly AgentMember[] | null;
}
export interface AgentSelf {
  readonly config?: {
    readonly UI?: { readonly Enabled?: boolean; readonly ShowCLIHints?: boolean | null } | null;
  } | null;
  readonly member?: AgentMember;
  readonly stats?: { readonly [section: string]: StringMap } | null;
}
export interface RaftConfiguration {
  readonly Servers: readonly {
    readonly ID: string;
    readonly Node: string;
    readonly Address: string;
    readonly Leader: boolean;
    readonly Voter: boolean;
    readonly RaftProtocol: string;
  }[];
  readonly Index: number;
}
export interface Frame {
  readonly Data?: string;
  readonly File?: string;
  readonly FileEvent?: string;
}
