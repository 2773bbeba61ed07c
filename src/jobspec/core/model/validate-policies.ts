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
const shortestReschedule = 15 * second;
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
  const delays = rescheduleDelayFaults(policy);
  const faults = [
    ...faultsOf(
      [
        policy.Attempts > 0 && policy.Interval <= 0,
        "Interval must be a non zero value if Attempts > 0",
        "Attempts",
      ],
      [
        policy.Attempts > 0 && policy.Unlimited,
        () =>
          `Reschedule Policy with Attempts = ${policy.Attempts}, Interval = ${time(policy.Interval)}, ` +
          `and Unlimited = ${policy.Unlimited} is ambiguous`,
        "Attempts",
      ],
      [
        !policy.Unlimited && policy.Interval > 0 && policy.Interval < shortestReschedule,
        () =>
          `Interval cannot be less than ${time(shortestReschedule)} (got ${time(policy.Interval)})`,
        "Interval",
      ],
    ),
    ...delays,
  ];
  // Attempts are only counted where the delays make sense.
  return policy.Unlimited || policy.Interval <= 0 || delays.length > 0
    ? faults
    : [...faults, ...rescheduleFitFaults(policy)];
}

function rescheduleDelayFaults(policy: ReschedulePolicy): JobFault[] {
  const grows = policy.DelayFunction !== "constant";
  return faultsOf(
    [
      !delayFunctions.includes(policy.DelayFunction),
      () =>
        `Invalid delay function ${quoted(policy.DelayFunction)}, must be one of ${quoted(delayFunctions.join(","))}`,
      "DelayFunction",
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

/** The attempts must fit in the interval. */
function rescheduleFitFaults(policy: ReschedulePolicy): JobFault[] {
  const possible = fittingAttempts(policy);
  return faultsOf([
    possible < policy.Attempts,
    () =>
      `Nomad can only make ${possible} attempts in ${time(policy.Interval)} with initial delay ` +
      `${time(policy.Delay)} and delay function ${quoted(policy.DelayFunction)}`,
    "Attempts",
  ]);
}

/**
 * The last delay that fits is what counts while delays still grow; from the ceiling on they are summed. That is how
 * the reference counts, so a job that it takes is not refused here.
 */
function fittingAttempts(policy: ReschedulePolicy): number {
  const { Attempts: attempts, Interval: interval, Delay: delay, MaxDelay: ceiling } = policy;
  if (policy.DelayFunction === "constant")
    return attempts * delay <= interval ? attempts : Math.floor(interval / delay);
  const isExponential = policy.DelayFunction === "exponential";
  let [needed, previous, next] = [delay, delay, delay];
  for (let made = 1; made <= attempts; made++) {
    const isCapped = next > ceiling;
    needed = isCapped && isExponential ? needed + ceiling : Math.min(next, ceiling);
    if (isExponential ? needed >= interval : needed > interval) return made - 1;
    if (isCapped) {
      // From here on every attempt needs one more ceiling.
      const more = Math.floor((interval - needed) / ceiling);
      const isExact = isExponential && needed + more * ceiling === interval;
      return Math.min(attempts, made + more - (isExact ? 1 : 0));
    }
    [previous, next] = isExponential
      ? [next, next * 2]
      : [next, made === 1 ? delay : next + previous];
  }
  return attempts;
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
      !["checks", "task_states"].includes(migrate.HealthCheck) &&
        !(migrate.HealthCheck === "" && migrate.MaxParallel === 0),
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
