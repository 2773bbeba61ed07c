import type { Clock } from "../lib/clock.ts";
import type { Diagnostic } from "../lib/diagnostic.ts";
import type { Json } from "../lib/json.ts";
import type { Logger } from "../lib/logger.ts";
import type { Random } from "../lib/random.ts";
import type { JobBody } from "../jobspec/job-body.ts";
import type { JobFinding } from "../jobspec/job-findings.ts";
import type { AllocationMetric } from "../model/allocation.ts";
import type { CheckState } from "../model/check.ts";
import type { Evaluation } from "../model/evaluation.ts";
import type { AllocationId } from "../model/ids.ts";
import type { JobDiff } from "../model/job-diff.ts";
import type { Job } from "../model/job.ts";
import type { Namespace } from "../model/namespace.ts";
import type { PlanAnnotations } from "../model/plan.ts";
import type { TaskUsage } from "../model/task-usage.ts";
import type { AllocationFiles } from "../node/files.ts";
import type { HostStats } from "../node/host-stats.ts";
import type { Store } from "../store/store.ts";
import type { CommandSession } from "../lib/command-session.ts";

/** Everything the API stands on. The agent wires it; tests hand in fakes. */
export interface ApiContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly store: Store;
  readonly region: string;
  readonly datacenter: string;
  readonly nodeName: string;
  readonly jobspec: JobspecPort;
  readonly members: MemberView;
  readonly agent: AgentView;
  /** undefined when this agent runs no client. */
  readonly node: NodePort | undefined;
  /** A dry run of the scheduler against the present state. Writes nothing. */
  readonly plan: (job: Job) => Promise<PlanPreview> | PlanPreview;
  /** Collects what may be collected; `force` takes no notice of ages. Resolves when it is applied. */
  readonly collectGarbage: (force: boolean) => Promise<void>;
  readonly metrics: () => MetricsView;
  /** Log lines of this agent from now on, at `level` and above, already formatted. */
  readonly monitor: (options: MonitorOptions) => AsyncIterable<string>;
}

export interface AgentView {
  /** Read for each answer, so that the values are those of now. */
  readonly self: () => {
    readonly config: object;
    readonly stats: { readonly [part: string]: { readonly [name: string]: string } };
  };
  readonly isServer: boolean;
  /** RPC addresses of the servers that this agent's client part talks to. */
  readonly servers: () => readonly string[];
}

export interface MemberView {
  readonly self: () => Member;
  readonly list: () => readonly Member[];
  /** The leader's RPC address, `ip:port`. */
  readonly leaderAddress: () => string | undefined;
  readonly peers: () => readonly RaftPeer[];
  readonly join: (
    addresses: readonly string[],
  ) => Promise<{ readonly joined: number; readonly error: string }>;
  readonly forceLeave: (node: string, prune: boolean) => Promise<void>;
}
/** Names as the wire has them. */
export interface Member {
  readonly Name: string;
  readonly Addr: string;
  readonly Port: number;
  readonly Tags: { readonly [tag: string]: string };
  readonly Status: string;
  readonly ProtocolMin: number;
  readonly ProtocolMax: number;
  readonly ProtocolCur: number;
  readonly DelegateMin: number;
  readonly DelegateMax: number;
  readonly DelegateCur: number;
}
export interface RaftPeer {
  readonly ID: string;
  readonly Node: string;
  readonly Address: string;
  readonly Leader: boolean;
  readonly Voter: boolean;
  readonly RaftProtocol: string;
}

export interface PlanPreview {
  readonly annotations: PlanAnnotations;
  readonly failedGroups: { readonly [group: string]: AllocationMetric };
  readonly createdEvaluations: readonly Evaluation[];
  /** RFC 3339; absent when the job is not periodic, or is not launched any more. */
  readonly nextPeriodicLaunch?: string;
}

export interface MetricsView {
  readonly gauges: readonly { readonly name: string; readonly value: number }[];
  readonly counters: readonly { readonly name: string; readonly count: number }[];
}
export interface MonitorOptions {
  readonly level: string;
  readonly json: boolean;
  readonly signal: AbortSignal;
}

/** The job file room's doors. A port, so that tests need no parser. */
export interface JobspecPort {
  readonly parseJob: (
    text: string,
    options: ParseOptions,
  ) => Promise<ParsedJobText> | ParsedJobText;
  readonly formatDiagnostic: (diagnostic: Diagnostic) => string;
  readonly decodeJobBody: (
    body: unknown,
  ) =>
    | { readonly ok: true; readonly body: JobBody }
    | { readonly ok: false; readonly message: string };
  readonly canonicalizeJobBody: (body: JobBody) => JobBody;
  readonly admitJob: (body: JobBody, options: AdmitOptions) => AdmittedJob;
  readonly multiErrorText: (errors: readonly string[]) => string;
  readonly warningsText: (warnings: readonly string[]) => string;
  readonly diffJobs: (
    before: Job | null,
    after: Job | null,
    options: { readonly contextual: boolean },
  ) => JobDiff;
  readonly annotateDiff: (diff: JobDiff, annotations: PlanAnnotations) => JobDiff;
  /** Without it large bodies are worked on as small ones are. */
  readonly large?: LargeJobPort;
}
/** Reads and checks large bodies elsewhere, so that the event loop goes on. */
export interface LargeJobPort {
  /** The bytes are given away. */
  readonly read: (bytes: Buffer, place: LargeJobPlace) => Promise<LargeJobBody>;
}
export interface LargeJobPlace {
  /** Of the query; empty when it names none. */
  readonly namespace: string;
  readonly region: string;
  readonly namespaces: readonly string[];
  readonly nodePools: readonly string[];
  readonly namespaceCapabilities: Readonly<Record<string, Namespace["Capabilities"]>>;
  readonly memoryOversubscription: boolean;
  /** A file's own region stays; that of a request gives way to where it came in. */
  readonly keepsRegion?: boolean;
}
export type LargeJobBody =
  | { readonly kind: "broken"; readonly message: string }
  | {
      readonly kind: "read";
      /** What was sent, without the inside of the job. */
      readonly body: Json;
      /** Absent where no job was sent. */
      readonly job?: LargeJob;
    };
export type LargeJob =
  | { readonly kind: "undecodable"; readonly message: string }
  | {
      readonly kind: "refused";
      readonly errors: readonly string[];
      readonly warnings: readonly string[];
      readonly findings: readonly JobFinding[];
    }
  | {
      readonly kind: "admitted";
      readonly warnings: readonly string[];
      readonly findings: readonly JobFinding[];
      readonly job: () => Promise<Job>;
      /** The annotated difference to another version, as JSON in UTF-8. */
      readonly diff: (before: Job | null, annotations: PlanAnnotations) => Promise<Uint8Array>;
    };
export interface ParseOptions {
  readonly file: string;
  readonly variableFiles?: readonly { readonly file: string; readonly text: string }[];
}
export type ParsedJobText =
  | { readonly ok: true; readonly body: JobBody; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };
export interface AdmitOptions {
  readonly namespace: string;
  readonly region: string;
  readonly namespaceExists: (name: string) => boolean;
  readonly nodePoolExists: (name: string) => boolean;
  readonly namespaceCapabilities?: (name: string) => Namespace["Capabilities"];
  readonly memoryOversubscription?: boolean;
}
export type AdmittedJob =
  | {
      readonly ok: true;
      readonly job: Job;
      readonly warnings: readonly string[];
      readonly findings?: readonly JobFinding[];
    }
  | {
      readonly ok: false;
      readonly errors: readonly string[];
      readonly warnings: readonly string[];
      /** Errors and warnings one by one, with the way to what each is about. */
      readonly findings?: readonly JobFinding[];
    };

/** This agent's client part, as the API needs it. Refusals are AppErrors: not-found, invalid, unsupported .. */
export interface NodePort {
  readonly nodeId: string;
  readonly files: AllocationFiles;
  restart(id: AllocationId, task: string | null, all: boolean): Promise<void> | void;
  signal(id: AllocationId, task: string | null, signal: string): Promise<void>;
  /** Holds the starts of a task, or lets them go on. */
  pause(id: AllocationId, task: string, isPaused: boolean): Promise<void> | void;
  isPaused(id: AllocationId, task: string): boolean;
  /** Clears the files of an ended allocation away. */
  collect(id: AllocationId): Promise<void>;
  /** Usage of each running task. */
  stats(id: AllocationId): Promise<{ readonly [task: string]: TaskUsage }>;
  /** What the health checks of an allocation say now. */
  checks(id: AllocationId): readonly CheckState[];
  hostStats(): Promise<HostStats>;
  /** Runs a command inside a running task. */
  exec(
    id: AllocationId,
    task: string,
    command: CommandAsked,
    signal: AbortSignal,
  ): Promise<CommandSession>;
}
export interface CommandAsked {
  readonly command: readonly string[];
  readonly tty: boolean;
}
