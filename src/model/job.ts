import type { Json } from "../lib/json.ts";
import type { JobId } from "./ids.ts";

/**
 * A job as it is stored and read back over the API. Names and units are the wire's: PascalCase,
 * durations in nanoseconds. What a job *file* or request body may leave out is `jobspec/job-body.ts`.
 */
export type JobType = "service" | "batch" | "system" | "sysbatch";
export type JobStatus = "pending" | "running" | "dead";
export type Nanoseconds = number;
export type StringMap = { readonly [key: string]: string };
export type JsonMap = { readonly [key: string]: Json };

export interface Job {
  readonly Stop: boolean;
  readonly Region: string;
  readonly Namespace: string;
  readonly ID: JobId;
  readonly ParentID: string;
  readonly Name: string;
  readonly Type: JobType;
  readonly Priority: number;
  readonly AllAtOnce: boolean;
  readonly Datacenters: readonly string[];
  readonly NodePool: string;
  readonly Constraints: readonly Constraint[] | null;
  readonly Affinities: readonly Affinity[] | null;
  readonly Spreads: readonly Spread[] | null;
  readonly TaskGroups: readonly TaskGroup[];
  readonly Update: UpdateStrategy;
  readonly Multiregion: JsonMap | null;
  readonly Periodic: PeriodicConfig | null;
  readonly ParameterizedJob: ParameterizedJobConfig | null;
  readonly Dispatched: boolean;
  readonly DispatchIdempotencyToken: string;
  readonly Payload: string | null;
  readonly Meta: StringMap | null;
  readonly ConsulNamespace: string;
  readonly VaultNamespace: string;
  readonly NomadTokenID: string;
  readonly Status: JobStatus;
  readonly StatusDescription: string;
  readonly Stable: boolean;
  readonly Version: number;
  readonly SubmitTime: Nanoseconds;
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
  readonly JobModifyIndex: number;
  readonly UI: JobUI | null;
  readonly VersionTag: JobVersionTag | null;
}

export interface JobUI {
  readonly Description: string;
  readonly Links: readonly { readonly Label: string; readonly Url: string }[] | null;
}
export interface JobVersionTag {
  readonly Name: string;
  readonly Description: string;
  readonly TaggedTime: Nanoseconds;
}
export interface Constraint {
  readonly LTarget: string;
  readonly RTarget: string;
  readonly Operand: string;
}
export interface Affinity extends Constraint {
  readonly Weight: number;
}
export interface Spread {
  readonly Attribute: string;
  readonly Weight: number;
  readonly SpreadTarget: readonly { readonly Value: string; readonly Percent: number }[] | null;
}
export interface UpdateStrategy {
  readonly Stagger: Nanoseconds;
  readonly MaxParallel: number;
  readonly HealthCheck: string;
  readonly MinHealthyTime: Nanoseconds;
  readonly HealthyDeadline: Nanoseconds;
  readonly ProgressDeadline: Nanoseconds;
  readonly AutoRevert: boolean;
  readonly AutoPromote: boolean;
  readonly Canary: number;
}
export interface MigrateStrategy {
  readonly MaxParallel: number;
  readonly HealthCheck: string;
  readonly MinHealthyTime: Nanoseconds;
  readonly HealthyDeadline: Nanoseconds;
}
export interface PeriodicConfig {
  readonly Enabled: boolean;
  readonly Spec: string;
  readonly Specs: readonly string[] | null;
  readonly SpecType: string;
  readonly ProhibitOverlap: boolean;
  readonly TimeZone: string;
}
export interface ParameterizedJobConfig {
  readonly Payload: string;
  readonly MetaRequired: readonly string[] | null;
  readonly MetaOptional: readonly string[] | null;
}

export interface TaskGroup {
  readonly Name: string;
  readonly Count: number;
  readonly Update: UpdateStrategy | null;
  readonly Migrate: MigrateStrategy | null;
  readonly Constraints: readonly Constraint[] | null;
  readonly Scaling: ScalingPolicy | null;
  readonly RestartPolicy: RestartPolicy | null;
  readonly Disconnect: DisconnectStrategy | null;
  readonly Tasks: readonly Task[];
  readonly EphemeralDisk: EphemeralDisk | null;
  readonly Meta: StringMap | null;
  readonly ReschedulePolicy: ReschedulePolicy | null;
  readonly Affinities: readonly Affinity[] | null;
  readonly Spreads: readonly Spread[] | null;
  readonly Networks: readonly NetworkResource[] | null;
  readonly Consul: JsonMap | null;
  readonly Services: readonly Service[] | null;
  readonly Volumes: { readonly [name: string]: VolumeRequest } | null;
  readonly ShutdownDelay: Nanoseconds | null;
  readonly MaxRunDuration: Nanoseconds | null;
  readonly StopAfterClientDisconnect: Nanoseconds | null;
  readonly MaxClientDisconnect: Nanoseconds | null;
  readonly PreventRescheduleOnLost: boolean;
}
export interface RestartPolicy {
  readonly Attempts: number;
  readonly Interval: Nanoseconds;
  readonly Delay: Nanoseconds;
  readonly Mode: string;
  readonly RenderTemplates: boolean;
}
export interface ReschedulePolicy {
  readonly Attempts: number;
  readonly Interval: Nanoseconds;
  readonly Delay: Nanoseconds;
  readonly DelayFunction: string;
  readonly MaxDelay: Nanoseconds;
  readonly Unlimited: boolean;
}
export interface DisconnectStrategy {
  readonly LostAfter: Nanoseconds;
  readonly StopOnClientAfter: Nanoseconds | null;
  readonly Replace: boolean | null;
  readonly Reconcile: string;
}
export interface EphemeralDisk {
  readonly Sticky: boolean;
  readonly SizeMB: number;
  readonly Migrate: boolean;
}
export interface ScalingPolicy {
  readonly ID: string;
  readonly Type: string;
  readonly Target: StringMap | null;
  readonly Policy: JsonMap | null;
  readonly Min: number;
  readonly Max: number;
  readonly Enabled: boolean;
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
}
export interface VolumeRequest {
  readonly Name: string;
  readonly Type: string;
  readonly Source: string;
  readonly ReadOnly: boolean;
  readonly Sticky: boolean;
  readonly AccessMode: string;
  readonly AttachmentMode: string;
  readonly MountOptions: JsonMap | null;
  readonly PerAlloc: boolean;
}
export interface NetworkResource {
  readonly Mode: string;
  readonly Device: string;
  readonly CIDR: string;
  readonly IP: string;
  readonly Hostname: string;
  readonly MBits: number;
  readonly DNS: JsonMap | null;
  readonly ReservedPorts: readonly Port[] | null;
  readonly DynamicPorts: readonly Port[] | null;
  readonly CNI: JsonMap | null;
}
export interface Port {
  readonly Label: string;
  readonly Value: number;
  readonly To: number;
  readonly HostNetwork: string;
  readonly IgnoreCollision: boolean;
}
export interface Service {
  readonly Name: string;
  readonly TaskName: string;
  readonly PortLabel: string;
  readonly AddressMode: string;
  readonly Address: string;
  readonly EnableTagOverride: boolean;
  readonly Tags: readonly string[] | null;
  readonly CanaryTags: readonly string[] | null;
  readonly Checks: readonly ServiceCheck[] | null;
  readonly Connect: JsonMap | null;
  readonly Meta: StringMap | null;
  readonly CanaryMeta: StringMap | null;
  readonly Weights: JsonMap | null;
  readonly TaggedAddresses: StringMap | null;
  readonly Namespace: string;
  readonly OnUpdate: string;
  readonly Provider: string;
  readonly Cluster: string;
  readonly Identity: WorkloadIdentity | null;
  readonly Kind: string;
}
export interface ServiceCheck {
  readonly Name: string;
  readonly Type: string;
  readonly Command: string;
  readonly Args: readonly string[] | null;
  readonly Path: string;
  readonly Protocol: string;
  readonly PortLabel: string;
  readonly Expose: boolean;
  readonly AddressMode: string;
  readonly Interval: Nanoseconds;
  readonly Timeout: Nanoseconds;
  readonly InitialStatus: string;
  readonly Notes: string;
  readonly TLSServerName: string;
  readonly TLSSkipVerify: boolean;
  readonly Method: string;
  readonly Header: { readonly [name: string]: readonly string[] } | null;
  readonly CheckRestart: CheckRestart | null;
  readonly GRPCService: string;
  readonly GRPCUseTLS: boolean;
  readonly TaskName: string;
  readonly SuccessBeforePassing: number;
  readonly FailuresBeforeCritical: number;
  readonly FailuresBeforeWarning: number;
  readonly Body: string;
  readonly OnUpdate: string;
}
export interface CheckRestart {
  readonly Limit: number;
  readonly Grace: Nanoseconds;
  readonly IgnoreWarnings: boolean;
}

export interface Task {
  readonly Name: string;
  readonly Driver: string;
  readonly User: string;
  readonly Config: JsonMap | null;
  readonly Env: StringMap | null;
  readonly Services: readonly Service[] | null;
  readonly Vault: JsonMap | null;
  readonly Secrets: readonly JsonMap[] | null;
  readonly Consul: JsonMap | null;
  readonly Templates: readonly Template[] | null;
  readonly Constraints: readonly Constraint[] | null;
  readonly Affinities: readonly Affinity[] | null;
  readonly Resources: Resources;
  readonly RestartPolicy: RestartPolicy | null;
  readonly DispatchPayload: { readonly File: string } | null;
  readonly Lifecycle: TaskLifecycle | null;
  readonly Meta: StringMap | null;
  readonly KillTimeout: Nanoseconds;
  readonly LogConfig: LogConfig;
  readonly Artifacts: readonly TaskArtifact[] | null;
  readonly Leader: boolean;
  readonly ShutdownDelay: Nanoseconds;
  readonly VolumeMounts: readonly VolumeMount[] | null;
  readonly ScalingPolicies: readonly ScalingPolicy[] | null;
  readonly KillSignal: string;
  readonly Kind: string;
  readonly CSIPluginConfig: JsonMap | null;
  readonly Identity: WorkloadIdentity | null;
  readonly Identities: readonly WorkloadIdentity[] | null;
  readonly Actions: readonly TaskAction[] | null;
  readonly Schedule: JsonMap | null;
}
export interface TaskLifecycle {
  readonly Hook: string;
  readonly Sidecar: boolean;
}
export interface TaskAction {
  readonly Name: string;
  readonly Command: string;
  readonly Args: readonly string[] | null;
}
export interface LogConfig {
  readonly MaxFiles: number;
  readonly MaxFileSizeMB: number;
  readonly Disabled: boolean;
}
export interface VolumeMount {
  readonly Volume: string;
  readonly Destination: string;
  readonly ReadOnly: boolean;
  readonly PropagationMode: string;
  readonly SELinuxLabel: string;
}
export interface Resources {
  readonly CPU: number;
  readonly Cores: number;
  readonly MemoryMB: number;
  readonly MemoryMaxMB: number;
  readonly DiskMB: number;
  readonly IOPS: number;
  readonly Networks: readonly NetworkResource[] | null;
  readonly Devices: readonly RequestedDevice[] | null;
  readonly NUMA: JsonMap | null;
  readonly SecretsMB: number;
}
export interface RequestedDevice {
  readonly Name: string;
  readonly Count: number;
  readonly Constraints: readonly Constraint[] | null;
  readonly Affinities: readonly Affinity[] | null;
}
export interface Template {
  readonly SourcePath: string;
  readonly DestPath: string;
  readonly EmbeddedTmpl: string;
  readonly ChangeMode: string;
  readonly ChangeSignal: string;
  readonly ChangeScript: JsonMap | null;
  readonly Once: boolean;
  readonly Splay: Nanoseconds;
  readonly Perms: string;
  readonly Uid: number | null;
  readonly Gid: number | null;
  readonly LeftDelim: string;
  readonly RightDelim: string;
  readonly Envvars: boolean;
  readonly VaultGrace: Nanoseconds;
  readonly Wait: { readonly Min: Nanoseconds | null; readonly Max: Nanoseconds | null } | null;
  readonly ErrMissingKey: boolean;
}
export interface TaskArtifact {
  readonly GetterSource: string;
  readonly GetterOptions: StringMap | null;
  readonly GetterHeaders: StringMap | null;
  readonly GetterMode: string;
  readonly GetterInsecure: boolean;
  readonly RelativeDest: string;
  readonly Chown: boolean;
}
export interface WorkloadIdentity {
  readonly Name: string;
  readonly Audience: readonly string[] | null;
  readonly ChangeMode: string;
  readonly ChangeSignal: string;
  readonly Env: boolean;
  readonly File: boolean;
  readonly Filepath: string;
  readonly ServiceName: string;
  readonly TTL: Nanoseconds;
  readonly ExtraClaims: readonly string[] | null;
}

/** The text a job was registered from, kept beside each version. */
export interface JobSubmission {
  readonly Source: string;
  readonly Format: "hcl2" | "json" | "hcl1";
  readonly VariableFlags: StringMap | null;
  readonly Variables: string;
}

export interface TaskGroupSummary {
  readonly Queued: number;
  readonly Complete: number;
  readonly Failed: number;
  readonly Running: number;
  readonly Starting: number;
  readonly Lost: number;
  readonly Unknown: number;
}
export interface JobSummary {
  readonly JobID: JobId;
  readonly Namespace: string;
  readonly Summary: { readonly [group: string]: TaskGroupSummary };
  readonly Children: {
    readonly Pending: number;
    readonly Running: number;
    readonly Dead: number;
  } | null;
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
}
