import type {
  DisconnectStrategy,
  EphemeralDisk,
  MigrateStrategy,
  ReschedulePolicy,
  RestartPolicy,
  UpdateStrategy,
} from "../../../model/job.ts";
import { faultsOf, quoted, time } from "./faults.ts";
import type { JobFault } from "./faults.ts";

const second = 1e9;
const shortestInterval = 5 * second;
const smallestDiskMb = 10;
const delayFunctions = ["constant", "exponential", "fibonacci"];
const healthChecks = ["checks", "task_states", "manual"];

export function restartFaults(policy: RestartPolicy): JobFault[] {
  if (policy.Mode !== "fail" && policy.Mode !== "delay")
    return faultsOf([true, `Unsupported restart mode: ${quoted(policy.Mode)}`, "Mode"]);
  return faultsOf(
    [
      policy.Attempts === 0 && policy.Mode !== "fail",
      () => `Restart policy ${quoted(policy.Mode)} with ${policy.Attempts} attempts is ambiguous`,
      "Attempts",
    ],
    [
      policy.Interval < shortestInterval,
      () =>
        `Interval can not be less than ${time(shortestInterval)} (got ${time(policy.Interval)})`,
      "Interval",
    ],
    [
      policy.Attempts * policy.Delay > policy.Interval,
      () =>
        `Nomad can't restart the TaskGroup ${policy.Attempts} times in an interval of ` +
        `${time(policy.Interval)} with a delay of ${time(policy.Delay)}`,
      "Attempts",
    ],
  );
}

export function rescheduleFaults(policy: ReschedulePolicy): JobFault[] {
  if (policy.Attempts === 0 && !policy.Unlimited) return [];
  if (!delayFunctions.includes(policy.DelayFunction))
    return faultsOf([
      true,
      `Invalid delay function ${quoted(policy.DelayFunction)}, must be one of ${quoted(delayFunctions.join(","))}`,
      "DelayFunction",
    ]);
  const faults = [
    ...faultsOf([
      policy.Attempts > 0 && policy.Interval <= 0,
      "Interval must be a non zero value if Attempts > 0",
      "Attempts",
    ]),
    ...rescheduleDelayFaults(policy),
  ];
  return faults.length > 0 || policy.Unlimited ? faults : rescheduleFitFaults(policy);
}

function rescheduleDelayFaults(policy: ReschedulePolicy): JobFault[] {
  const grows = policy.DelayFunction !== "constant";
  return faultsOf(
    [
      policy.Attempts > 0 && policy.Unlimited,
      () =>
        `Reschedule Policy with Attempts = ${policy.Attempts}, Interval = ${time(policy.Interval)}, ` +
        `and Unlimited = ${policy.Unlimited} is ambiguous`,
      "Attempts",
    ],
    [
      policy.Delay < shortestInterval,
      () => `Delay cannot be less than ${time(shortestInterval)} (got ${time(policy.Delay)})`,
      "Delay",
    ],
    [
      grows && policy.MaxDelay < shortestInterval,
      () =>
        `Max Delay cannot be less than ${time(shortestInterval)} (got ${time(policy.MaxDelay)})`,
      "MaxDelay",
    ],
    [
      grows && policy.MaxDelay >= shortestInterval && policy.MaxDelay < policy.Delay,
      () =>
        `Max Delay cannot be less than Delay ${time(policy.Delay)} (got ${time(policy.MaxDelay)})`,
      "MaxDelay",
    ],
  );
}

/** The attempts must fit in the interval. The delays are summed only until they no longer do. */
function rescheduleFitFaults(policy: ReschedulePolicy): JobFault[] {
  let [total, last, current] = [0, 0, policy.Delay];
  let possible = 0;
  while (possible < policy.Attempts && total + current <= policy.Interval) {
    total += current;
    possible++;
    const next = nextDelay(policy.DelayFunction, last, current);
    [last, current] = [current, policy.MaxDelay > 0 ? Math.min(next, policy.MaxDelay) : next];
  }
  return faultsOf([
    possible < policy.Attempts,
    () =>
      `Nomad can only make ${possible} attempts in ${time(policy.Interval)} with initial delay ` +
      `${time(policy.Delay)} and delay function ${quoted(policy.DelayFunction)}`,
    "Attempts",
  ]);
}

function nextDelay(delayFunction: string, last: number, current: number): number {
  if (delayFunction === "exponential") return current * 2;
  return delayFunction === "fibonacci" ? last + current : current;
}

export function updateFaults(update: UpdateStrategy, type: string): JobFault[] {
  const progress = update.ProgressDeadline;
  return faultsOf(
    [
      type !== "service" && type !== "system",
      () => `Job type ${quoted(type)} does not allow update block`,
    ],
    [
      !healthChecks.includes(update.HealthCheck),
      () => `Invalid health check given: ${quoted(update.HealthCheck)}`,
      "HealthCheck",
    ],
    [
      update.MaxParallel < 0,
      () => `Max parallel can not be less than zero: ${update.MaxParallel} < 0`,
      "MaxParallel",
    ],
    [
      update.Canary < 0,
      () => `Canary count can not be less than zero: ${update.Canary} < 0`,
      "Canary",
    ],
    [
      update.Canary === 0 && update.AutoPromote,
      "Auto Promote requires a Canary count greater than zero",
      "Canary",
    ],
    [
      update.MinHealthyTime < 0,
      () => `Minimum healthy time may not be less than zero: ${time(update.MinHealthyTime)}`,
      "MinHealthyTime",
    ],
    [
      update.HealthyDeadline <= 0,
      () => `Healthy deadline must be greater than zero: ${time(update.HealthyDeadline)}`,
      "HealthyDeadline",
    ],
    [
      progress < 0,
      () => `Progress deadline must be zero or greater: ${time(progress)}`,
      "ProgressDeadline",
    ],
    [
      update.MinHealthyTime >= update.HealthyDeadline,
      () =>
        "Minimum healthy time must be less than healthy deadline: " +
        `${time(update.MinHealthyTime)} > ${time(update.HealthyDeadline)}`,
      "MinHealthyTime",
    ],
    [
      progress > 0 && update.HealthyDeadline >= progress,
      () =>
        "Healthy deadline must be less than progress deadline: " +
        `${time(update.HealthyDeadline)} > ${time(progress)}`,
      "HealthyDeadline",
    ],
    [
      update.Stagger <= 0,
      () => `Stagger must be greater than zero: ${time(update.Stagger)}`,
      "Stagger",
    ],
  );
}

export function migrateFaults(migrate: MigrateStrategy, type: string): JobFault[] {
  if (type !== "service")
    return faultsOf([true, `Job type ${quoted(type)} does not allow migrate block`]);
  return faultsOf(
    [
      migrate.MaxParallel < 0,
      () => `MaxParallel must be >= 0 but found ${migrate.MaxParallel}`,
      "MaxParallel",
    ],
    [
      migrate.HealthCheck !== "checks" && migrate.HealthCheck !== "task_states",
      () => `Invalid HealthCheck: ${quoted(migrate.HealthCheck)}`,
      "HealthCheck",
    ],
    [
      migrate.MinHealthyTime < 0,
      () => `MinHealthyTime is ${time(migrate.MinHealthyTime)} and must be >= 0`,
      "MinHealthyTime",
    ],
    [
      migrate.HealthyDeadline < 0,
      () => `HealthyDeadline is ${time(migrate.HealthyDeadline)} and must be >= 0`,
      "HealthyDeadline",
    ],
    [
      migrate.MinHealthyTime > migrate.HealthyDeadline,
      "MinHealthyTime must be less than HealthyDeadline",
      "MinHealthyTime",
    ],
  );
}

export function disconnectFaults(disconnect: DisconnectStrategy, type: string): JobFault[] {
  const stopAfter = disconnect.StopOnClientAfter;
  const reconciles = ["keep_original", "keep_replacement", "best_score", "longest_running"];
  return faultsOf(
    [disconnect.LostAfter < 0, "lost_after cannot be a negative duration", "LostAfter"],
    [
      stopAfter !== null && stopAfter < 0,
      "stop_on_client_after cannot be a negative duration",
      "StopOnClientAfter",
    ],
    [
      stopAfter !== null && disconnect.LostAfter !== 0,
      "only one of lost_after and stop_on_client_after can be set",
      "LostAfter",
    ],
    [
      stopAfter !== null && type !== "service" && type !== "batch",
      () => `stop_on_client_after can only be set in service and batch jobs, not ${quoted(type)}`,
      "StopOnClientAfter",
    ],
    [
      disconnect.Reconcile !== "" && !reconciles.includes(disconnect.Reconcile),
      () =>
        `reconcile strategy must be one of ${reconciles.join(", ")}; not ${quoted(disconnect.Reconcile)}`,
      "Reconcile",
    ],
  );
}

export const ephemeralDiskFaults = (disk: EphemeralDisk): JobFault[] =>
  faultsOf([
    disk.SizeMB < smallestDiskMb,
    () => `minimum DiskMB value is ${smallestDiskMb}; got ${disk.SizeMB}`,
    "SizeMB",
  ]);
