import type {
  Allocation,
  AllocationNetworkStatus,
  ClientStatus,
  TaskState,
} from "../../../model/allocation.ts";
import type { Job } from "../../../model/job.ts";

/** What the node remembers of one task, durably; one record is the whole memory of a restarted agent. */
export interface TaskRecord {
  readonly name: string;
  readonly phase: TaskPhase;
  /** Which start of the task this is, from 0. */
  readonly attempt: number;
  /** Hash recorded when this attempt was first intended; it wins while the attempt lives. */
  readonly specHash: string | undefined;
  /** The engine's handle as long as something of the attempt is left in the engine. */
  readonly handle: string | undefined;
  readonly state: TaskState;
  readonly restarts: { readonly count: number; readonly windowStartNs: number };
  /** Phase `waiting`: when the next attempt is due. Phase `delaying`: when the stop begins. */
  readonly dueNs: number | undefined;
  /** Set from the moment somebody wants this task gone for good. */
  readonly isKilled: boolean;
  /** Set while a user or a check wants the running attempt replaced by a new one. */
  readonly restartAsked: RestartRequest | undefined;
  /** True once the directories are made. */
  readonly isSetUp: boolean;
}
/**
 * pending: waits for its gate. starting: a start is intended. running: the engine has said so. stopping: a stop is
 * intended. waiting: between two attempts. delaying: shutdown_delay before the stop. dead: never again.
 */
export type TaskPhase =
  | "pending"
  | "starting"
  | "running"
  | "delaying"
  | "stopping"
  | "waiting"
  | "dead";
export interface RestartRequest {
  readonly reason: string;
  /** A check's restart counts as a failure, a user's does not. */
  readonly countsAsFailure: boolean;
  /** Tasks that have ended run again too. */
  readonly revivesDead?: boolean;
}
export interface HealthRecord {
  readonly deploymentId: string | undefined;
  readonly watchedSinceNs: number;
  readonly verdict: { readonly healthy: boolean; readonly at: string } | undefined;
}
export interface AllocationRecord {
  readonly tasks: { readonly [task: string]: TaskRecord };
  readonly health: HealthRecord | undefined;
  /** When the group's shutdown_delay ends, once the allocation is to stop. */
  readonly stopDueNs: number | undefined;
  /** The group ends by itself: a task failed, the leader is dead or only sidecars are left. */
  readonly isEnding: boolean;
  readonly isOverMaxRunDuration: boolean;
  /** Absent: none was asked for yet, or it is gone again. */
  readonly network?: NetworkRecord;
  /** Set while the group's services are to be out of the catalogue; done once the servers have said so. */
  readonly withdrawal?: { readonly sinceNs: number; readonly isDone: boolean };
}
/** wanted: it is being made. ready: tasks may join. leaving: it goes, since no task is left. */
export interface NetworkRecord {
  readonly phase: "wanted" | "ready" | "leaving";
  readonly handle: string | undefined;
  readonly status: AllocationNetworkStatus | undefined;
}
/** The name under which a group itself acts; no task has it. */
export const wholeGroup = "";

/** One task as the engine has it; "gone" is positive knowledge, "unknown" is none. */
export type Observation =
  | { readonly kind: "unknown"; readonly reason: string }
  | { readonly kind: "gone" }
  | { readonly kind: "network"; readonly handle: string; readonly status: AllocationNetworkStatus }
  | {
      readonly kind: "seen";
      readonly handle: string;
      readonly attempt: number;
      readonly specHash: string;
      readonly state: "created" | "running" | "exited";
      readonly startedAt: string | null;
      readonly finishedAt: string | null;
      readonly exit: Exit | null;
      readonly network?: TaskNetwork;
      readonly health?: TaskHealth["status"];
    };
/** What an engine's own check of a task says, and since when. */
export interface TaskHealth {
  readonly task: string;
  readonly status: "starting" | "healthy" | "unhealthy";
  readonly sinceNs: number;
}
/** An address that the driver gave the task. */
export interface TaskNetwork {
  readonly ip: string;
  readonly isAdvertised: boolean;
  readonly ports: { readonly [label: string]: number };
}
export interface Exit {
  readonly code: number;
  readonly signal: number;
  readonly oomKilled: boolean;
  readonly message: string;
  /** The engine went down and took the task along: no fault of the task's. */
  readonly endedByEngine?: boolean;
}

/** How an earlier action ended; what is missing here is still under way, or was lost in a crash. */
export type Outcome =
  | { readonly kind: "started"; readonly task: string; readonly seen: SeenTask }
  | {
      readonly kind: "start-failed";
      readonly task: string;
      readonly stage: "setup" | "validation" | "artifact" | "template" | "driver";
      readonly error: string;
      readonly isRecoverable: boolean;
    }
  | { readonly kind: "start-cancelled"; readonly task: string }
  /** What the task starts from cannot be had, while its predecessor still has its place. */
  | {
      readonly kind: "preparation-failed";
      readonly task: string;
      readonly error: string;
      readonly isRecoverable: boolean;
    }
  | { readonly kind: "stopped"; readonly task: string; readonly exit: Exit | null }
  | { readonly kind: "removed"; readonly task: string }
  | { readonly kind: "notice"; readonly task: string; readonly notice: Notice }
  | { readonly kind: "set-up"; readonly task: string }
  | { readonly kind: "noted"; readonly task: string; readonly note: TaskNote }
  | { readonly kind: "templates-failed"; readonly task: string; readonly reason: string }
  | { readonly kind: "signalled"; readonly task: string; readonly signal: string }
  | { readonly kind: "restart-asked"; readonly task: string; readonly request: RestartRequest }
  | { readonly kind: "pause-asked"; readonly task: string; readonly isPaused: boolean }
  | { readonly kind: "services-withdrawn"; readonly task: typeof wholeGroup }
  | NetworkOutcome;
export type NetworkOutcome = { readonly task: typeof wholeGroup } & (
  | {
      readonly kind: "network-made";
      readonly handle: string;
      readonly status: AllocationNetworkStatus;
    }
  | { readonly kind: "network-failed"; readonly error: string }
  | { readonly kind: "network-removed" }
);
/** Words for the task's events from what happens around it. */
export type TaskNote =
  | { readonly kind: "downloading-artifacts" }
  | { readonly kind: "hook"; readonly message: string }
  | { readonly kind: "template"; readonly message: string };
export type SeenTask = Extract<Observation, { kind: "seen" }>;
export interface Notice {
  readonly message: string;
  readonly details: { readonly [name: string]: string };
}

/** What to do next; each is recorded before it is done. A task has one action under way at most. */
export type TaskAction =
  | { readonly kind: "start"; readonly task: string; readonly attempt: number }
  | { readonly kind: "cancel-start"; readonly task: string }
  | {
      readonly kind: "stop";
      readonly task: string;
      /** undefined: the start was interrupted, whatever carries the task's labels has to go. */
      readonly handle: string | undefined;
      readonly signal: string;
      readonly timeoutMs: number;
    }
  | { readonly kind: "remove"; readonly task: string; readonly handle: string }
  | NetworkAction;
export type NetworkAction =
  | { readonly kind: "make-network"; readonly task: typeof wholeGroup }
  | { readonly kind: "remove-network"; readonly task: typeof wholeGroup };

export interface DecisionInput {
  readonly allocation: Allocation;
  readonly job: Job;
  readonly record: AllocationRecord;
  readonly outcomes: readonly Outcome[];
  readonly observed: ReadonlyMap<string, Observation>;
  /** Tasks with an action under way, or backing off from one (until then). */
  readonly busy: ReadonlyMap<string, BusyTask>;
  /** False while the previous allocation of the same name still has something running on this node. */
  readonly isPredecessorGone: boolean;
  readonly checks: ChecksView;
  readonly nowNs: number;
  /** Random fractions in [0, 1), one for each call. */
  readonly fraction: () => number;
}
export interface BusyTask {
  readonly doing: Exclude<TaskAction["kind"], "cancel-start">;
  /** Undefined while under way; the end of the pause when the engine could not be reached. */
  readonly untilNs: number | undefined;
}
/** What the health checks of the allocation's services say; none when it has none. */
export type ChecksView =
  | { readonly kind: "none" }
  | { readonly kind: "passing"; readonly sinceNs: number }
  | { readonly kind: "failing"; readonly services: readonly string[] };

export interface Decision {
  readonly record: AllocationRecord;
  readonly actions: readonly TaskAction[];
  readonly clientStatus: ClientStatus;
  readonly clientDescription: string;
  /** Look again then, even when nothing happens. */
  readonly wakeAtNs: number | undefined;
  /** Every task is dead and nothing of it is left in the engine. */
  readonly isOver: boolean;
}
