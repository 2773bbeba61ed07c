import { expect, test } from "vitest";
import type { Allocation } from "../../../../src/model/allocation.ts";
import { decideAllocation } from "../../../../src/reconciler/core/node/decide-allocation.ts";
import type {
  AllocationRecord,
  Decision,
  Outcome,
} from "../../../../src/reconciler/core/node/types.ts";
import {
  withdrawalAwaitedUntil,
  withWithdrawal,
} from "../../../../src/reconciler/core/node/withdrawal.ts";
import { buildService } from "../../../support/build-service.ts";
import {
  buildDesired,
  scriptedGroup,
  scriptedJob,
  scriptedTask,
} from "../../../support/scripted-job.ts";
import { recordOf, runningTask } from "../../../support/node-records.ts";

const nowNs = 1_700_000_000e9;
const told: Outcome = { kind: "services-withdrawn", task: "" };
const group = scriptedGroup({
  Services: [buildService()],
  ShutdownDelay: 2e9,
  Tasks: [scriptedTask({ ShutdownDelay: 3e9 })],
});
const desired = buildDesired(scriptedJob({ TaskGroups: [group] }));
const stopping: Allocation = { ...desired.allocation, DesiredStatus: "stop" };
const running = recordOf({ main: runningTask() });

function decide(
  record: AllocationRecord,
  afterNs: number,
  outcomes: readonly Outcome[] = [],
  allocation = stopping,
): Decision {
  return decideAllocation({
    ...desired,
    allocation,
    record,
    outcomes,
    observed: new Map(),
    busy: new Map(),
    isPredecessorGone: true,
    checks: { kind: "none" },
    nowNs: nowNs + afterNs,
    fraction: () => 0,
  });
}
const phase = (decision: Decision) => decision.record.tasks["main"]?.phase;

test("a stop takes the services out, then waits for the group, then for the task, then signals", () => {
  const first = decide(running, 0);
  expect(first.record.withdrawal).toEqual({ sinceNs: nowNs, isDone: false });
  expect([phase(first), first.record.stopDueNs]).toEqual(["running", undefined]);
  const second = decide(first.record, 0.1e9, [told]);
  expect(second.record).toMatchObject({ withdrawal: { isDone: true }, stopDueNs: nowNs + 2.1e9 });
  expect(phase(decide(second.record, 2e9))).toBe("running");
  const third = decide(second.record, 2.1e9);
  expect(phase(third)).toBe("delaying");
  expect(decide(third.record, 5e9).actions).toEqual([]);
  expect(decide(third.record, 5.1e9).actions).toMatchObject([{ kind: "stop", task: "main" }]);
});

test("servers that do not answer hold a stop for five seconds and no longer", () => {
  const first = decide(running, 0);
  expect(first.wakeAtNs).toBe(nowNs + 5e9);
  expect(decide(first.record, 4.9e9).record.stopDueNs).toBeUndefined();
  expect(decide(first.record, 5e9).record.stopDueNs).toBe(nowNs + 7e9);
});

test("a restart closes no port that is still in the catalogue, and lets the services come back", () => {
  const asked: Outcome = {
    kind: "restart-asked",
    task: "main",
    request: { reason: "User requested task to restart", countsAsFailure: false },
  };
  const first = decide(running, 0, [asked], desired.allocation);
  expect([phase(first), first.actions]).toEqual(["stopping", []]);
  const second = decide(first.record, 0.1e9, [told], desired.allocation);
  expect(second.actions).toMatchObject([{ kind: "stop" }]);
  const stopped: Outcome = { kind: "stopped", task: "main", exit: null };
  const third = decide(second.record, 1e9, [stopped], desired.allocation);
  expect(third.record.withdrawal).toBeUndefined();
});

test("a group that ends by itself takes its services out first as well", () => {
  const ending = { ...running, isEnding: true };
  const first = decide(ending, 0, [], desired.allocation);
  expect(phase(first)).toBe("running");
  expect(phase(decide(first.record, 0, [told], desired.allocation))).toBe("delaying");
});

test("a group without services waits for nobody", () => {
  const bare = scriptedGroup();
  const record = withWithdrawal({ allocation: stopping, outcomes: [], nowNs }, bare, running);
  expect(record).toEqual(running);
  expect(withdrawalAwaitedUntil(record, nowNs)).toBeUndefined();
});
