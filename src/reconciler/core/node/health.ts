import { formatDuration } from "../../../lib/duration.ts";
import { formatInstant, parseInstant } from "../../../lib/instant.ts";
import type { Allocation, TaskState } from "../../../model/allocation.ts";
import type { Job, TaskGroup } from "../../../model/job.ts";
import { roleOf } from "./lifecycle.ts";
import type { AllocationRecord, ChecksView, HealthRecord } from "./types.ts";

export interface HealthInput {
  readonly allocation: Allocation;
  readonly job: Job;
  readonly group: TaskGroup;
  readonly record: AllocationRecord;
  readonly checks: ChecksView;
  readonly nowNs: number;
}
export interface HealthDecision {
  readonly health: HealthRecord | undefined;
  /** Set once, when the verdict has just become unhealthy: the text for each task's event. */
  readonly messages: { readonly [task: string]: string } | undefined;
  readonly wakeAtNs: number | undefined;
}
interface HealthRules {
  readonly HealthCheck: string;
  readonly MinHealthyTime: number;
  readonly HealthyDeadline: number;
}
const migrateDefaults: HealthRules = {
  HealthCheck: "checks",
  MinHealthyTime: 10e9,
  HealthyDeadline: 300e9,
};

/** Whether the allocation is healthy, for its deployment or for the drain that moved it here. */
export function decideHealth(input: HealthInput): HealthDecision {
  const health = watchedHealth(input);
  const rules = rulesOf(input);
  const isOpen = health !== undefined && health.verdict === undefined;
  if (!isOpen || input.allocation.DesiredStatus !== "run" || rules.HealthCheck === "manual")
    return { health, messages: undefined, wakeAtNs: undefined };
  const deadlineNs = health.watchedSinceNs + rules.HealthyDeadline;
  const healthyAtNs = healthyFrom(input, rules, health.watchedSinceNs);
  // A failed task says it all: the verdict goes with the failed status, without a time and without a word.
  if (
    health.deploymentId !== undefined &&
    Object.values(input.record.tasks).some((task) => task.state.Failed)
  )
    return {
      health: { ...health, verdict: { healthy: false, at: "" } },
      messages: undefined,
      wakeAtNs: undefined,
    };
  if (hasEndedTask(input) || (input.nowNs >= deadlineNs && !(healthyAtNs <= input.nowNs)))
    return {
      health: withVerdict(health, false, input.nowNs),
      // Outside a deployment nobody waits for an explanation.
      messages: health.deploymentId === undefined ? undefined : unhealthyMessages(input, rules),
      wakeAtNs: undefined,
    };
  if (healthyAtNs <= input.nowNs)
    return {
      health: withVerdict(health, true, input.nowNs),
      messages: undefined,
      wakeAtNs: undefined,
    };
  return { health, messages: undefined, wakeAtNs: Math.min(deadlineNs, healthyAtNs) };
}

function withVerdict(health: HealthRecord, healthy: boolean, nowNs: number): HealthRecord {
  return { ...health, verdict: { healthy, at: formatInstant(nowNs) } };
}

/** Begins a new watch when there is none yet for this deployment; what the servers know already is not asked again. */
function watchedHealth({ allocation, job, record, nowNs }: HealthInput): HealthRecord | undefined {
  if (job.Type !== "service" && job.Type !== "system") return undefined;
  const deploymentId = allocation.DeploymentID ?? undefined;
  const current = record.health;
  const known = allocation.DeploymentStatus;
  const isDecided = known !== null && known.Healthy !== null;
  if (current && current.deploymentId === deploymentId) {
    if (current.verdict || !isDecided) return current;
  } else if (!isDecided) {
    return { deploymentId, watchedSinceNs: nowNs, verdict: undefined };
  }
  return {
    deploymentId,
    watchedSinceNs: current?.watchedSinceNs ?? nowNs,
    verdict: {
      healthy: known?.Healthy ?? false,
      at: known?.Timestamp ?? formatInstant(nowNs),
    },
  };
}

function rulesOf({ allocation, job, group }: HealthInput): HealthRules {
  if (allocation.DeploymentID === null) return group.Migrate ?? migrateDefaults;
  return group.Update ?? job.Update;
}

function hasEndedTask({ group, record }: HealthInput): boolean {
  return group.Tasks.some((task) => {
    const state = record.tasks[task.Name]?.state;
    const role = roleOf(task);
    if (!state || role === "poststop" || state.State !== "dead") return false;
    return role !== "prestart" && role !== "poststart";
  });
}

/**
 * From when on all rules for being healthy hold; infinite while one does not. A task that was there before, updated in
 * place, has to prove itself under its new version for as long as a new one.
 */
function healthyFrom(
  { group, record, checks }: HealthInput,
  rules: HealthRules,
  watchedSinceNs: number,
): number {
  let latestNs = watchedSinceNs;
  for (const task of group.Tasks) {
    if (roleOf(task) === "poststop") continue;
    const state = record.tasks[task.Name]?.state;
    if (!state || state.State === "pending" || state.StartedAt === null) return Infinity;
    latestNs = Math.max(latestNs, parseInstant(state.StartedAt) ?? Infinity);
  }
  if (rules.HealthCheck === "checks") {
    if (checks.kind === "failing") return Infinity;
    if (checks.kind === "passing") latestNs = Math.max(latestNs, checks.sinceNs);
  }
  return latestNs + rules.MinHealthyTime;
}

function unhealthyMessages(input: HealthInput, rules: HealthRules): Record<string, string> {
  return Object.fromEntries(
    input.group.Tasks.map((task) => {
      const state = input.record.tasks[task.Name]?.state;
      return [task.Name, unhealthyMessage(state, input.checks, rules)];
    }),
  );
}

function unhealthyMessage(
  state: TaskState | undefined,
  checks: ChecksView,
  rules: HealthRules,
): string {
  const deadline = formatDuration(rules.HealthyDeadline);
  if (state?.Failed) return "Unhealthy because of failed task";
  if (state?.State === "dead") return "Unhealthy because of dead task";
  if (state?.State !== "running") return `Task not running by healthy_deadline of ${deadline}`;
  if (rules.HealthCheck === "checks" && checks.kind === "failing")
    return `Services not healthy by deadline: ${checks.services.join(", ")}`;
  return `Task not running for min_healthy_time of ${formatDuration(rules.MinHealthyTime)} by healthy_deadline of ${deadline}`;
}
