import { expect, test } from "vitest";
import { textsOf } from "../../../../src/jobspec/core/model/faults.ts";
import {
  disconnectFaults,
  ephemeralDiskFaults,
  migrateFaults,
  rescheduleFaults,
  restartFaults,
  updateFaults,
} from "../../../../src/jobspec/core/model/validate-policies.ts";
import { admittedGroup } from "../../../support/admitted-job.ts";

const group = admittedGroup();
const second = 1e9;
const minute = 60e9;

function given<T>(value: T | null): T {
  if (value === null) throw new Error("the small group has every policy");
  return value;
}
const restart = given(group.RestartPolicy);
const reschedule = given(group.ReschedulePolicy);
const update = given(group.Update);
const migrate = given(group.Migrate);

test("the defaults are sound", () => {
  expect(textsOf(restartFaults(restart))).toEqual([]);
  expect(textsOf(rescheduleFaults(reschedule))).toEqual([]);
  expect(textsOf(updateFaults(update, "service"))).toEqual([]);
  expect(textsOf(migrateFaults(migrate, "service"))).toEqual([]);
});

test.each([
  [{ Mode: "retry" }, 'Unsupported restart mode: "retry"'],
  [{ Mode: "delay", Attempts: 0 }, 'Restart policy "delay" with 0 attempts is ambiguous'],
  [{ Interval: second, Delay: 0 }, "Interval can not be less than 5s (got 1s)"],
  [
    { Attempts: 10, Interval: 30 * second, Delay: 10 * second },
    "Nomad can't restart the TaskGroup 10 times in an interval of 30s with a delay of 10s",
  ],
])("restart %j is refused", (change, fault) => {
  expect(textsOf(restartFaults({ ...restart, ...change }))).toEqual([fault]);
});

test.each([
  [{ DelayFunction: "linear" }, /^Invalid delay function "linear", must be one of /],
  [{ Delay: second }, /^Delay cannot be less than 5s \(got 1s\)$/],
  [
    { Delay: 2 * minute, MaxDelay: minute },
    /^Max Delay cannot be less than Delay 2m0s \(got 1m0s\)$/,
  ],
  [{ MaxDelay: second }, /^Max Delay cannot be less than 5s \(got 1s\)$/],
  [
    { Attempts: 1, Unlimited: false, Interval: 14 * second, Delay: 5 * second },
    /^Interval cannot be less than 15s \(got 14s\)$/,
  ],
  [{ Attempts: 3, Interval: minute }, /Attempts = 3, Interval = 1m0s, and Unlimited = true/],
  [{ Attempts: 3, Unlimited: false }, /^Interval must be a non zero value if Attempts > 0$/],
  [
    { Attempts: 3, Unlimited: false, Interval: minute, Delay: 20 * second },
    /^Nomad can only make 2 attempts in 1m0s with initial delay 20s and delay function "exponential"$/,
  ],
])("reschedule %j is refused", (change, fault) => {
  const faults = textsOf(rescheduleFaults({ ...reschedule, ...change }));
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatch(fault);
});

test("a reschedule policy that never acts is not looked at", () => {
  expect(textsOf(rescheduleFaults({ ...reschedule, Unlimited: false, Delay: 0 }))).toEqual([]);
});

test.each([
  // 10, 20, 40 seconds: the last one must be below the interval.
  ["exponential", 3, 41, 100, 3],
  ["exponential", 3, 40, 100, 2],
  // 10, 20, then 25 more each time: 45, 70, 95.
  ["exponential", 5, 96, 25, 5],
  ["exponential", 5, 95, 25, 4],
  ["exponential", 9, 80, 25, 4],
  // 10, 10, 20, 30, 50 seconds: the last one may be the interval.
  ["fibonacci", 5, 50, 100, 5],
  ["fibonacci", 5, 49, 100, 4],
  ["fibonacci", 1, 15, 100, 1],
  // 10, 10, 20, then 25 in place of 30, and 25 more each time.
  ["fibonacci", 6, 75, 25, 6],
  ["fibonacci", 6, 74, 25, 5],
  ["constant", 5, 50, 0, 5],
  ["constant", 5, 49, 0, 4],
  ["constant", 1e12, 50, 0, 5],
  ["exponential", 1e12, 100, 25, 5],
] as const)("%s: of %d attempts in %d s with at most %d s fit %d", (...numbers) => {
  const [DelayFunction, Attempts, interval, ceiling, fitting] = numbers;
  const faults = rescheduleFaults({
    DelayFunction,
    Attempts,
    Unlimited: false,
    Delay: 10 * second,
    Interval: interval * second,
    MaxDelay: ceiling * second,
  });
  const text = `Nomad can only make ${fitting} attempts in `;
  expect(textsOf(faults)).toEqual(fitting === Attempts ? [] : [expect.stringContaining(text)]);
});

test.each([
  [{ HealthCheck: "ping" }, 'Invalid health check given: "ping"'],
  [{ MaxParallel: -1 }, "Max parallel can not be less than zero: -1 < 0"],
  [{ Canary: -1 }, "Canary count can not be less than zero: -1 < 0"],
  [{ AutoPromote: true }, "Auto Promote requires a Canary count greater than zero"],
  [{ MinHealthyTime: -1 }, "Minimum healthy time may not be less than zero: -1ns"],
  [
    { MinHealthyTime: 5 * minute },
    "Minimum healthy time must be less than healthy deadline: 5m0s > 5m0s",
  ],
  [
    { ProgressDeadline: 5 * minute },
    "Healthy deadline must be less than progress deadline: 5m0s > 5m0s",
  ],
  [{ ProgressDeadline: -1 }, "Progress deadline must be zero or greater: -1ns"],
  [{ Stagger: 0 }, "Stagger must be greater than zero: 0s"],
])("update %j is refused", (change, fault) => {
  expect(textsOf(updateFaults({ ...update, ...change }, "service"))).toEqual([fault]);
});

test("update and migrate are refused where the type has none", () => {
  expect(textsOf(updateFaults(update, "batch"))).toEqual([
    'Job type "batch" does not allow update block',
  ]);
  expect(textsOf(migrateFaults(migrate, "system"))).toEqual([
    'Job type "system" does not allow migrate block',
  ]);
});

test.each([
  [{ MaxParallel: -1 }, "MaxParallel must be >= 0 but found -1"],
  [{ HealthCheck: "manual" }, 'Invalid HealthCheck: "manual"'],
  [{ MinHealthyTime: -1 }, "MinHealthyTime is -1ns and must be >= 0"],
  [{ MinHealthyTime: 6 * minute }, "MinHealthyTime must be less than HealthyDeadline"],
])("migrate %j is refused", (change, fault) => {
  expect(textsOf(migrateFaults({ ...migrate, ...change }, "service"))).toEqual([fault]);
});

const disconnect = {
  LostAfter: 3600e9,
  StopOnClientAfter: null,
  Replace: true,
  Reconcile: "best_score",
};

test.each([
  [{}, []],
  [{ LostAfter: -1 }, ["lost_after cannot be a negative duration"]],
  [{ LostAfter: 0, StopOnClientAfter: -1 }, ["stop_on_client_after cannot be a negative duration"]],
  [{ StopOnClientAfter: 1 }, ["only one of lost_after and stop_on_client_after can be set"]],
  [
    { Reconcile: "newest" },
    [
      'reconcile strategy must be one of keep_original, keep_replacement, best_score, longest_running; not "newest"',
    ],
  ],
])("disconnect %j has the faults %j", (change, faults) => {
  expect(textsOf(disconnectFaults({ ...disconnect, ...change }, "service"))).toEqual(faults);
});

test("a disk below the minimum is refused", () => {
  expect(textsOf(ephemeralDiskFaults({ Sticky: false, Migrate: false, SizeMB: 5 }))).toEqual([
    "minimum DiskMB value is 10; got 5",
  ]);
});

test("a migrate block that moves nobody needs no word on health", () => {
  const silent = { ...migrate, HealthCheck: "" };
  expect(migrateFaults(silent, "service")).toHaveLength(1);
  expect(migrateFaults({ ...silent, MaxParallel: 0 }, "service")).toEqual([]);
});

test("policies at the edge of what is allowed are sound", () => {
  for (const change of [
    { Mode: "fail", Attempts: 0 },
    { Mode: "delay", Attempts: 1 },
    { Interval: 5 * second, Attempts: 1, Delay: 5 * second },
  ])
    expect(textsOf(restartFaults({ ...restart, ...change })), JSON.stringify(change)).toEqual([]);
  for (const change of [
    { DelayFunction: "constant", Delay: 5 * second, MaxDelay: 0 },
    { DelayFunction: "exponential", Delay: 5 * second, MaxDelay: 5 * second },
    { DelayFunction: "fibonacci", Delay: minute, MaxDelay: minute },
    { Unlimited: false, Attempts: 1, Interval: 30 * second, Delay: 29 * second },
    { Unlimited: false, Attempts: 0, DelayFunction: "" },
  ])
    expect(textsOf(rescheduleFaults({ ...reschedule, ...change })), JSON.stringify(change)).toEqual(
      [],
    );
  for (const change of [
    { HealthCheck: "task_states" },
    { HealthCheck: "manual" },
    { MaxParallel: 0, Canary: 0, MinHealthyTime: 0 },
    { Canary: 1, AutoPromote: true },
    { MinHealthyTime: 1, HealthyDeadline: 2, ProgressDeadline: 3, Stagger: 1 },
    { ProgressDeadline: 0 },
  ])
    expect(
      textsOf(updateFaults({ ...update, ...change }, "system")),
      JSON.stringify(change),
    ).toEqual([]);
  for (const change of [
    { HealthCheck: "task_states" },
    { MaxParallel: 0, MinHealthyTime: 0, HealthyDeadline: 0 },
    { MinHealthyTime: 7, HealthyDeadline: 7 },
  ])
    expect(
      textsOf(migrateFaults({ ...migrate, ...change }, "service")),
      JSON.stringify(change),
    ).toEqual([]);
  expect(textsOf(ephemeralDiskFaults({ Sticky: false, Migrate: false, SizeMB: 10 }))).toEqual([]);
});

test("the delays of a reschedule policy grow as far as they may", () => {
  const limited = {
    ...reschedule,
    Unlimited: false,
    Delay: 10 * second,
    MaxDelay: 20 * second,
  };
  const fits = (change: object): boolean =>
    rescheduleFaults({ ...limited, ...change }).length === 0;
  expect(fits({ DelayFunction: "exponential", Attempts: 3, Interval: 41 * second })).toBe(true);
  expect(fits({ DelayFunction: "exponential", Attempts: 3, Interval: 40 * second })).toBe(false);
  expect(fits({ DelayFunction: "constant", Attempts: 3, Interval: 30 * second })).toBe(true);
  expect(fits({ DelayFunction: "constant", Attempts: 3, Interval: 29 * second })).toBe(false);
});

test("a healthy deadline of nothing is refused", () => {
  const none = { MinHealthyTime: 0, HealthyDeadline: 0 };
  expect(textsOf(updateFaults({ ...update, ...none }, "service"))).toContain(
    "Healthy deadline must be greater than zero: 0s",
  );
  const negative = { MinHealthyTime: 0, HealthyDeadline: -second };
  expect(textsOf(migrateFaults({ ...migrate, ...negative }, "service"))).toContain(
    "HealthyDeadline is -1s and must be >= 0",
  );
});

test("clients that went away may be stopped in service and batch jobs", () => {
  const stop = { ...disconnect, LostAfter: 0, StopOnClientAfter: 0 };
  expect(textsOf(disconnectFaults(stop, "service"))).toEqual([]);
  expect(textsOf(disconnectFaults(stop, "batch"))).toEqual([]);
  expect(textsOf(disconnectFaults(stop, "system"))).toEqual([
    'stop_on_client_after can only be set in service and batch jobs, not "system"',
  ]);
  for (const Reconcile of ["", "keep_original", "keep_replacement", "longest_running"])
    expect(textsOf(disconnectFaults({ ...disconnect, Reconcile }, "system"))).toEqual([]);
});
