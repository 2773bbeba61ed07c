import type { Allocation } from "../../../model/allocation.ts";
import { isClientTerminal, isServerTerminal, isTerminal } from "../../../model/allocation.ts";
import type { Job, Nanoseconds, TaskGroup } from "../../../model/job.ts";
import { rescheduleVerdict } from "./reschedule.ts";
import type { DeploymentContext, JobState } from "./types.ts";

/** What one existing allocation means for its group. */
export type Meaning =
  /** History: neither occupies a name nor counts. */
  | "past"
  /** Batch work that needs no repetition, counted as ignored. */
  | "settled"
  /** Occupies its name: running, about to run, finished for good, or failed beyond rescheduling. */
  | "kept"
  | "migrating"
  | "lost"
  /** Already stopped by us on a node that is gone: only its client status is wrong. */
  | "stop-unconfirmed"
  | "reschedule-now"
  | "reschedule-later";

export interface Classified {
  readonly allocation: Allocation;
  readonly meaning: Meaning;
  readonly delay: Nanoseconds;
  readonly atNs: Nanoseconds;
}

/** Evaluations may run a little before the time they were made for. */
const rescheduleWindowNs = 1e9;

export function classify(
  state: JobState,
  context: DeploymentContext,
  group: TaskGroup,
  allocation: Allocation,
): Classified {
  const plain = (meaning: Meaning): Classified => ({ allocation, meaning, delay: 0, atNs: 0 });
  const job = state.job;
  if (!job) return plain("past");
  const node = state.node(allocation.NodeID);
  const isGone = node === undefined || node.Status === "down";
  if (isGone && !isClientTerminal(allocation))
    return plain(isServerTerminal(allocation) ? "stop-unconfirmed" : "lost");
  if (job.Type === "batch" || job.Type === "sysbatch") {
    if (isOlder(allocation, job) && isTerminal(allocation)) return plain("settled");
    if (ranToEnd(allocation)) return plain("kept");
  }
  if (isServerTerminal(allocation)) return plain("past");
  if (allocation.ClientStatus === "failed")
    return failedMeaning({ state, context, group, allocation });
  if (isClientTerminal(allocation)) return plain("past");
  if (allocation.DesiredTransition.Migrate === true) return plain("migrating");
  return plain("kept");
}

export const isOlder = (allocation: Allocation, job: Job): boolean =>
  allocation.JobCreateIndex < job.CreateIndex ||
  (allocation.JobCreateIndex === job.CreateIndex && allocation.JobVersion < job.Version);

export const isSameVersion = (allocation: Allocation, job: Job): boolean =>
  allocation.JobVersion === job.Version && allocation.JobCreateIndex === job.CreateIndex;

/** All tasks ended well, whether or not somebody wanted it stopped meanwhile. */
const ranToEnd = (allocation: Allocation): boolean =>
  allocation.ClientStatus === "complete" &&
  Object.values(allocation.TaskStates ?? {}).every((task) => !task.Failed) &&
  (allocation.DesiredStatus === "run" || Object.keys(allocation.TaskStates ?? {}).length > 0
    ? !wasInterrupted(allocation)
    : false);

/** A stopped allocation whose task was killed did not finish its work. */
const wasInterrupted = (allocation: Allocation): boolean =>
  isServerTerminal(allocation) &&
  Object.values(allocation.TaskStates ?? {}).some((task) =>
    task.Events.some((event) => event.Type === "Killing" || event.Type === "Killed"),
  );

function failedMeaning(at: {
  readonly state: JobState;
  readonly context: DeploymentContext;
  readonly group: TaskGroup;
  readonly allocation: Allocation;
}): Classified {
  const { state, context, group, allocation } = at;
  const as = (meaning: Meaning, delay = 0, atNs = 0): Classified => ({
    allocation,
    meaning,
    delay,
    atNs,
  });
  if (allocation.NextAllocation !== null) return as("past");
  const policy = group.ReschedulePolicy;
  const verdict = rescheduleVerdict(allocation, policy);
  if (allocation.DesiredTransition.ForceReschedule === true && policyMayRun(policy))
    return as("reschedule-now");
  if (verdict.kind === "never") return as("kept");
  const inDeployment =
    context.deployment !== undefined && allocation.DeploymentID === context.deployment.ID;
  // Within a running deployment the deployment decides first: it may rather fail than try again.
  if (inDeployment && allocation.DesiredTransition.Reschedule !== true) return as("kept");
  const isDue =
    allocation.FollowupEvalID === state.evaluation.ID ||
    verdict.atNs - state.nowNs <= rescheduleWindowNs;
  if (isDue) return as("reschedule-now", verdict.delay, verdict.atNs);
  // A follow-up that was made already will come; a second one would only repeat it.
  return allocation.FollowupEvalID === null
    ? as("reschedule-later", verdict.delay, verdict.atNs)
    : as("kept");
}

const policyMayRun = (policy: TaskGroup["ReschedulePolicy"]): boolean =>
  policy !== null && (policy.Unlimited || policy.Attempts > 0);
