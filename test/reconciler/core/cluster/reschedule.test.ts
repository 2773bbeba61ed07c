import { parseInstant } from "../../../../src/lib/instant.ts";
import { expect, test } from "vitest";
import { allocationId, nodeId } from "../../../../src/model/ids.ts";
import type { ReschedulePolicy } from "../../../../src/model/job.ts";
import { failTime, rescheduleVerdict } from "../../../../src/reconciler/core/cluster/reschedule.ts";
import { buildAllocation } from "../../../support/build-allocation.ts";

const second = 1e9;
const policy = (over: Partial<ReschedulePolicy> = {}): ReschedulePolicy => ({
  Attempts: 0,
  Interval: 0,
  Delay: 5 * second,
  DelayFunction: "constant",
  MaxDelay: 60 * second,
  Unlimited: true,
  ...over,
});
const failedAt = 1_700_000_000 * second;
const failed = (delays: readonly number[], lastAt = failedAt - 10 * second) =>
  buildAllocation({
    ClientStatus: "failed",
    ModifyTime: failedAt,
    RescheduleTracker: {
      LastReschedule: "ok",
      Events: delays.map((seconds, at) => ({
        RescheduleTime: lastAt - (delays.length - 1 - at) * second,
        PrevAllocID: allocationId("p"),
        PrevNodeID: nodeId("n"),
        Delay: seconds * second,
      })),
    },
  });
const delayOf = (delays: readonly number[], over: Partial<ReschedulePolicy>, lastAt?: number) => {
  const verdict = rescheduleVerdict(failed(delays, lastAt), policy(over));
  return verdict.kind === "at" ? verdict.delay / second : verdict.kind;
};

test("delays stay, double or grow as a Fibonacci sequence, up to the ceiling", () => {
  expect(delayOf([], {})).toBe(5);
  expect(delayOf([5, 5], {})).toBe(5);
  expect(delayOf([5], { DelayFunction: "exponential" })).toBe(10);
  expect(delayOf([5, 10, 20, 40], { DelayFunction: "exponential" })).toBe(60);
  expect(delayOf([5], { DelayFunction: "fibonacci" })).toBe(5);
  expect(delayOf([5, 5], { DelayFunction: "fibonacci" })).toBe(10);
  expect(delayOf([5, 5, 10], { DelayFunction: "fibonacci" })).toBe(15);
});

test("one that lived for longer than the ceiling starts again from the first delay", () => {
  const longAgo = failedAt - 3600 * second;
  expect(delayOf([5, 10, 20, 40], { DelayFunction: "exponential" }, longAgo)).toBe(5);
});

test("attempts count within their interval only", () => {
  const limited = { Unlimited: false, Attempts: 2, Interval: 60 * second };
  expect(delayOf([5], limited)).toBe(5);
  expect(delayOf([5, 5], limited)).toBe("never");
  expect(delayOf([5, 5], limited, failedAt - 120 * second)).toBe(5);
  expect(delayOf([], { Unlimited: false, Attempts: 0, Interval: 60 * second })).toBe("never");
});

test("the failure is as old as the last end of a task", () => {
  const allocation = buildAllocation({
    ModifyTime: 9,
    TaskStates: {
      main: {
        State: "dead",
        Failed: true,
        Restarts: 0,
        LastRestart: null,
        StartedAt: null,
        FinishedAt: "2026-01-02T03:04:05.123456Z",
        Events: [],
      },
    },
  });
  expect(failTime(allocation)).toBe(parseInstant("2026-01-02T03:04:05.123456Z"));
  expect(failTime(buildAllocation({ ModifyTime: 9 }))).toBe(9);
});
