import { expect, test } from "vitest";
import { groupFaults } from "../../../../src/jobspec/core/model/validate-group.ts";
import { admittedGroup, admittedJob } from "../../../support/admitted-job.ts";
import { faultsOfGroup } from "../../../support/job-faults.ts";

const task = (name: string, more: object = {}): object => ({
  Name: name,
  Driver: "exec",
  ...more,
});

test("a sound group has no faults", () => {
  expect(groupFaults(admittedGroup(), admittedJob(), () => undefined)).toEqual([]);
});

test.each([
  [{ Name: "" }, "Missing task group name"],
  [{ Name: "a\0" }, "Task group name contains null character"],
  [{ Count: -1 }, "Task group count can't be negative"],
  [{ Tasks: [] }, "Missing tasks for task group"],
  [{ MaxRunDuration: 1 }, 'max_run_duration is only allowed in batch and sysbatch jobs, not "serv'],
  [{ Tasks: [task("a"), task("a")] }, "Task 2 redefines 'a' from task 1"],
  [{ Tasks: [task("")] }, "Task 1 missing name"],
  [
    { Tasks: [task("a", { Leader: true }), task("b", { Leader: true })] },
    "Only one task may be marked as leader",
  ],
  [{ Volumes: { v: { Type: "host" } } }, "Task group volume validation for v failed"],
  [
    { Volumes: { v: { Type: "host", Source: "s", MountOptions: {} } } },
    "host volumes do not support mount options",
  ],
  [{ Count: 9, Scaling: { Min: 1, Max: 4 } }, "task group count 9 must not be greater than"],
  [{ Count: 1, Scaling: { Min: 2, Max: 4 } }, "task group count 1 must not be less than"],
  [{ Count: 3, Scaling: { Min: 5, Max: 2 } }, "maximum count must not be less than minimum count"],
  [{ EphemeralDisk: { SizeMB: 5 } }, "minimum DiskMB value is 10; got 5"],
  [{ Disconnect: { Reconcile: "x" } }, "Disconnect block validation failed"],
  [{ Networks: [{ Mode: "x" }] }, "Task group network validation failed"],
])("the group %j is refused", (group, fault) => {
  expect(faultsOfGroup(group)).toContain(fault);
});

test("system jobs may not be rescheduled", () => {
  expect(faultsOfGroup({ ReschedulePolicy: {} }, { Type: "system" })).toContain(
    "System jobs should not have a reschedule policy",
  );
  expect(faultsOfGroup({}, { Type: "sysbatch" })).toBe("");
});

test("a batch group may end itself", () => {
  expect(faultsOfGroup({ MaxRunDuration: 60e9 }, { Type: "batch" })).toBe("");
});

test("a volume of each allocation's own needs allocations that are counted", () => {
  const Volumes = { v: { Type: "host", Source: "s", PerAlloc: true } };
  expect(faultsOfGroup({ Volumes })).toBe("");
  expect(faultsOfGroup({ Volumes, Update: { Canary: 1 } })).toContain("when canaries are in use");
  expect(faultsOfGroup({ Volumes }, { Type: "system" })).toContain("for system or sysbatch jobs");
});
