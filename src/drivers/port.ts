import type { Diagnostic } from "../lib/diagnostic.ts";
import type { AllocatedPort, AllocationNetworkStatus } from "../model/allocation.ts";
import type { AllocationId } from "../model/ids.ts";
import type { JsonMap, LogConfig } from "../model/job.ts";
import type { TaskUsage } from "../model/task-usage.ts";
import type { CommandSession } from "../lib/command-session.ts";

/** Names one task of one allocation on this machine. */
export interface TaskKey {
  readonly allocationId: AllocationId;
  readonly task: string;
}
/** What labels and records carry so that a restarted agent finds its own again, and only its own. */
export interface TaskOwner {
  readonly cluster: string;
  readonly nodeId: string;
}

/** Everything a driver needs to run a task once. All text is interpolated already. */
export interface TaskSpec {
  readonly key: TaskKey;
  readonly owner: TaskOwner;
  readonly jobId: string;
  readonly namespace: string;
  readonly group: string;
  /** Hash of what makes the running task what it is; an observed task with another hash is not this one. */
  readonly specHash: string;
  /** Which start of the task this is, from 0; a restart makes a new container. */
  readonly attempt: number;
  readonly config: JsonMap;
  readonly env: { readonly [name: string]: string };
  /** Those of the variables that its devices need, by which a driver knows what to hand through. */
  readonly deviceEnv?: { readonly [name: string]: string };
  readonly user: string;
  readonly resources: {
    readonly cpuShares: number;
    readonly memoryMb: number;
    readonly memoryMaxMb: number;
    /** Whole cores of its own, by id; absent: it shares the others. */
    readonly cores?: readonly number[];
  };
  readonly ports: readonly AllocatedPort[];
  /** The handle of the group's own network; undefined without one. */
  readonly network: string | undefined;
  readonly mounts: readonly HostMount[];
  /** Name servers of its own; undefined: the host's. */
  readonly dns: GroupDns | undefined;
  readonly directories: TaskDirectories;
  readonly logConfig: LogConfig;
}
/** The network namespace that the tasks of one allocation share. */
export interface GroupNetworkSpec {
  readonly allocationId: AllocationId;
  readonly owner: TaskOwner;
  readonly jobId: string;
  readonly group: string;
  readonly hostname: string;
  /** Published on the host for whichever of the tasks listens. */
  readonly ports: readonly AllocatedPort[];
  /** Undefined: the host's own. */
  readonly dns: GroupDns | undefined;
}
export interface GroupDns {
  readonly servers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
}
export interface GroupNetwork {
  readonly allocationId: AllocationId;
  /** What a task of the same driver joins by. */
  readonly handle: string;
  readonly status: AllocationNetworkStatus;
}
/** Networks of groups; every call is idempotent, as the calls for tasks are. */
export interface GroupNetworks {
  ensure(
    spec: GroupNetworkSpec,
    notice: (notice: DriverNotice) => void,
    signal: AbortSignal,
  ): Promise<GroupNetwork>;
  /** Undefined when it is not there, or not in working order any more. */
  inspect(
    allocationId: AllocationId,
    owner: TaskOwner,
    signal: AbortSignal,
  ): Promise<GroupNetwork | undefined>;
  /** The allocations that something of a network is left of. */
  list(owner: TaskOwner, signal: AbortSignal): Promise<readonly AllocationId[]>;
  remove(allocationId: AllocationId, owner: TaskOwner, signal: AbortSignal): Promise<void>;
}
/** A directory of the host that a task sees at another place. */
export interface HostMount {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly propagation: "rprivate" | "rslave" | "rshared";
}

/** Absolute host paths. */
export interface TaskDirectories {
  readonly allocation: string;
  readonly shared: string;
  readonly logs: string;
  readonly task: string;
  readonly local: string;
  readonly secrets: string;
}

/** One task as the engine really has it. `running` without a doubt, or exited with what is known. */
export interface ObservedTask {
  readonly key: TaskKey;
  /** The driver's own handle: a container id, or a wrapper's record id. */
  readonly handle: string;
  readonly specHash: string;
  readonly attempt: number;
  readonly state: "created" | "running" | "exited";
  /** RFC 3339. */
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly exit: TaskExit | null;
  /** An address of the task's own, where its driver gives it one. */
  readonly network?: DriverNetwork;
  /** What the engine's own check of the running task says; absent where it has none. */
  readonly health?: "starting" | "healthy" | "unhealthy";
}
export interface DriverNetwork {
  readonly ip: string;
  /** Services without an address mode shall be found at this address. */
  readonly isAdvertised: boolean;
  /** By port label: the port in the task's own network. */
  readonly ports: { readonly [label: string]: number };
}
export interface TaskExit {
  readonly code: number;
  readonly signal: number;
  readonly oomKilled: boolean;
  readonly message: string;
  /** The task did not end by itself: its engine went down and took it along. */
  readonly endedByEngine?: boolean;
}
export interface DriverFingerprint {
  readonly detected: boolean;
  readonly healthy: boolean;
  readonly description: string;
  /** Node attributes under `driver.NAME`, without that prefix: `version`, `runtimes`; "" is the driver itself. */
  readonly attributes: { readonly [name: string]: string };
}
/** Words for the task's event list: `Downloading image`, with details. */
export interface DriverNotice {
  readonly message: string;
  readonly details: { readonly [name: string]: string };
}
export interface StopOptions {
  /** A signal name, or "" for the driver's default. */
  readonly signal: string;
  readonly timeoutMs: number;
}
/** A piece of a task's output. `cursor` continues right after it, also in another process. */
export interface LogChunk {
  readonly stream: "stdout" | "stderr";
  /** Only until the next piece is asked for: its memory is used again. */
  readonly data: Uint8Array;
  readonly cursor: string;
  /** How many bytes of this stream right before it were left out, or are lost. */
  readonly skipped?: number;
}
export interface OutputOptions {
  /** The newest cursor that survives the end of this process: what came before it will not be asked for again. */
  readonly stored?: () => string | undefined;
  /** Of each stream no more than this is kept: a reader that is much further behind may leave out what is older. */
  readonly keptBytes?: number;
}
/** A command to run beside a task, where the task runs and as its user. */
export interface ExecRequest {
  readonly command: readonly string[];
  /** With a terminal, everything that is printed comes as `stdout`. */
  readonly tty: boolean;
  /** Added to the task's own. */
  readonly env?: { readonly [name: string]: string };
}

/** An image that a driver has brought to this machine. */
export interface BroughtImage {
  readonly id: string;
  /** As the tasks name it, in full. */
  readonly name: string;
}
/**
 * Hears that an image is about to be brought, and whether one of that name is here already; what it answers hears how
 * that ended, before anything runs from it: the id of an image that was not here before, undefined when nothing is known
 * to have come.
 */
export type ImageListener = (name: string, isHere: boolean) => (id: string | undefined) => void;
export interface DriverImages {
  /** How long an image stays that nothing uses any more; undefined: for ever. */
  readonly keptUnusedMs: number | undefined;
  /** What a task with this config runs from; undefined when that is none of the driver's to bring. */
  nameOf(config: JsonMap): string | undefined;
  /** Hears of every image before this driver brings it. */
  watch(bringing: ImageListener): DriverWatch;
  /** The id of an image of this name; undefined when there is none. */
  find(name: string, signal: AbortSignal): Promise<string | undefined>;
  /** Held: a container has it. What is gone already, or has become somebody else's, counts as removed. */
  remove(image: BroughtImage, signal: AbortSignal): Promise<"removed" | "held">;
}
/** What the operator wrote about tasks that carry our labels and belong to nothing. */
export interface StrayRules {
  readonly isEnabled: boolean;
  /** Undefined: as often, and after as long, as the node does it by itself. */
  readonly periodMs: number | undefined;
  readonly graceMs: number | undefined;
  /** They are named in the log and left alone. */
  readonly isDryRun: boolean;
}

/**
 * A task driver. Every call is idempotent and may be repeated after a crash: `start` of a task that already runs
 * with the same key, hash and attempt adopts it; `stop` and `remove` of something gone are fine.
 * A lost engine throws AppError `driver-unreachable`: unknown is not dead. A start that can never work throws
 * AppError `driver` with fields.recoverable = false.
 */
export interface TaskDriver {
  readonly name: string;
  /**
   * What the task sees: an image of its own with container paths and no variables of the host's; a part of the host's
   * files under container paths; or the host as it is.
   */
  readonly isolation: "image" | "chroot" | "none";
  /** Pure check of a task's config block; unknown keys with a near miss. */
  validate(config: JsonMap): readonly Diagnostic[];
  fingerprint(signal: AbortSignal): Promise<DriverFingerprint>;
  /** Everything on this machine that carries this owner's labels. */
  list(owner: TaskOwner, signal: AbortSignal): Promise<readonly ObservedTask[]>;
  inspect(handle: string, signal: AbortSignal): Promise<ObservedTask | undefined>;
  /** Brings what a start of this config would have to wait for, while something else still has the task's place. */
  readonly prepare?: (
    task: { readonly key: TaskKey; readonly config: JsonMap },
    notice: (notice: DriverNotice) => void,
    signal: AbortSignal,
  ) => Promise<void>;
  /** The images that it brings, where it does. */
  readonly images?: DriverImages;
  readonly strays?: StrayRules;
  /** Resolves once the engine says that it runs (or has run: it may have exited already). */
  start(
    spec: TaskSpec,
    notice: (notice: DriverNotice) => void,
    signal: AbortSignal,
  ): Promise<ObservedTask>;
  /** Signal, wait, kill. Resolves when it does not run any more. */
  stop(handle: string, options: StopOptions, signal: AbortSignal): Promise<void>;
  signal(handle: string, signalName: string, signal: AbortSignal): Promise<void>;
  /** Removes what is left of a stopped task. */
  remove(handle: string, signal: AbortSignal): Promise<void>;
  /**
   * Output from `cursor` on (null: from the start), following until the task ends or the signal aborts.
   * After a restart of the agent nothing is lost and nothing comes twice.
   */
  output(
    handle: string,
    cursor: string | null,
    signal: AbortSignal,
    options?: OutputOptions,
  ): AsyncIterable<LogChunk>;
  /** Where it is absent, the driver's tasks cannot share a network of their own. */
  readonly networks?: GroupNetworks;
  /** Usage now, or undefined when the task does not run. */
  stats(handle: string, signal: AbortSignal): Promise<TaskUsage | undefined>;
  /**
   * Hints that a task changed, or with an empty task that a group's network did; the listener only adds the key to a queue. The caller polls as well.
   * `doubted`: a call had no answer, so the driver's health should be asked for now.
   */
  watch(owner: TaskOwner, changed: (key: TaskKey) => void, doubted?: () => void): DriverWatch;
  /**
   * Runs a command in the place of a running task; the signal ends it. A driver without this member cannot.
   * A task that does not run is AppError `driver`.
   */
  readonly exec?: (
    handle: string,
    request: ExecRequest,
    signal: AbortSignal,
  ) => Promise<CommandSession>;
}
export interface DriverWatch {
  readonly close: () => void;
}
