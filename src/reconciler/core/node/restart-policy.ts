import { formatDuration } from "../../../lib/duration.ts";
import type { JobType, RestartPolicy, Task, TaskGroup } from "../../../model/job.ts";
import type { Exit, RestartRequest } from "./types.ts";

export type TaskEnd =
  | { readonly kind: "exited"; readonly exit: Exit }
  | { readonly kind: "start-failed"; readonly isRecoverable: boolean }
  | { readonly kind: "restart-asked"; readonly request: RestartRequest };
export type RestartVerdict =
  | { readonly kind: "restart"; readonly delayNs: number; readonly reason: string }
  | { readonly kind: "fail"; readonly reason: string }
  | { readonly kind: "finish" };
export interface RestartCounter {
  readonly count: number;
  readonly windowStartNs: number;
}
export interface RestartInput {
  readonly policy: RestartPolicy;
  readonly counter: RestartCounter;
  readonly end: TaskEnd;
  /** A task that also restarts after a successful exit. */
  readonly isRestartedOnSuccess: boolean;
  readonly nowNs: number;
  /** In [0, 1). */
  readonly fraction: number;
}

/** What happens after one attempt of a task ended. */
export function decideRestart(input: RestartInput): {
  readonly verdict: RestartVerdict;
  readonly counter: RestartCounter;
} {
  const { policy, end, nowNs } = input;
  if (end.kind === "restart-asked" && !end.request.countsAsFailure)
    return { verdict: { kind: "restart", delayNs: 0, reason: "" }, counter: input.counter };
  const isQuiet = end.kind === "exited" && isSuccess(end.exit) && !input.isRestartedOnSuccess;
  if (policy.Attempts === 0)
    return {
      verdict: isQuiet ? { kind: "finish" } : { kind: "fail", reason: "Policy allows no restarts" },
      counter: input.counter,
    };
  if (end.kind === "exited" && end.exit.endedByEngine === true && !isQuiet)
    return { verdict: { kind: "restart", delayNs: 0, reason: engineGone }, counter: input.counter };
  const isNewWindow = nowNs > input.counter.windowStartNs + policy.Interval;
  const counter = isNewWindow
    ? { count: 1, windowStartNs: nowNs }
    : { ...input.counter, count: input.counter.count + 1 };
  return { counter, verdict: isQuiet ? { kind: "finish" } : verdictOf(input, counter) };
}

function verdictOf(input: RestartInput, counter: RestartCounter): RestartVerdict {
  const { policy, end, nowNs } = input;
  if (end.kind === "start-failed" && !end.isRecoverable)
    return { kind: "fail", reason: "Error was unrecoverable" };
  if (counter.count <= policy.Attempts)
    return {
      kind: "restart",
      delayNs:
        end.kind === "restart-asked" ? 0 : Math.round(policy.Delay * (1 + input.fraction * 0.25)),
      reason: end.kind === "restart-asked" ? "" : "Restart within policy",
    };
  if (policy.Mode === "fail")
    return {
      kind: "fail",
      reason: `Exceeded allowed attempts ${policy.Attempts} in interval ${formatDuration(policy.Interval)} and mode is "fail"`,
    };
  return {
    kind: "restart",
    delayNs: Math.max(0, counter.windowStartNs + policy.Interval - nowNs),
    reason: "Exceeded allowed attempts, applying a delay",
  };
}

/** A task that its engine took along has not failed: it starts at once, and its policy keeps every attempt. */
const engineGone = "The engine of the task's driver was restarted";

const isSuccess = (exit: Exit): boolean => exit.code === 0 && exit.signal === 0;

/** Whether a successful exit is a reason to start the task again. */
export function restartsOnSuccess(task: Task, jobType: JobType): boolean {
  const lifecycle = task.Lifecycle;
  if (lifecycle?.Hook === "poststop") return false;
  if (lifecycle?.Hook === "prestart" || lifecycle?.Hook === "poststart") return lifecycle.Sidecar;
  return jobType === "service" || jobType === "system";
}

const second = 1e9;

/** The task's own policy, else the group's, else the default of the job's type. */
export function restartPolicyOf(task: Task, group: TaskGroup, jobType: JobType): RestartPolicy {
  const isBatch = jobType === "batch" || jobType === "sysbatch";
  return (
    task.RestartPolicy ??
    group.RestartPolicy ?? {
      Attempts: isBatch ? 3 : 2,
      Interval: (isBatch ? 24 * 3600 : 1800) * second,
      Delay: 15 * second,
      Mode: "fail",
      RenderTemplates: false,
    }
  );
}
