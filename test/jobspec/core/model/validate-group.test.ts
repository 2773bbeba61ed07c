import { expect, test } from "vitest";
import { textsOf } from "../../../../src/jobspec/core/model/faults.ts";
import { groupFaults } from "../../../../src/jobspec/core/model/validate-group.ts";
import type { Job, TaskGroup } from "../../../../src/model/job.ts";
import { admittedGroup, admittedJob } from "../../../support/admitted-job.ts";
import { faultsOfGroup } from "../../../support/job-faults.ts";

const task = (name: string, more: object = {}): object => ({
  Name: name,
  Driver: "exec",
  ...more,
});

test("a sound group has no faults", () => {
  expect(textsOf(groupFaults(admittedGroup(), admittedJob(), () => undefined))).toEqual([]);
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

test("a group without one of its policies is refused", () => {
  const faults = (group: Partial<TaskGroup>, job: Partial<Job> = {}): readonly string[] =>
    textsOf(groupFaults(admittedGroup(group), admittedJob(job), () => undefined));
  expect(faults({ RestartPolicy: null })).toEqual(["Task Group web should have a restart policy"]);
  expect(faults({ ReschedulePolicy: null })).toEqual([
    "Task Group web should have a reschedule policy",
  ]);
  expect(faults({ EphemeralDisk: null })).toEqual([
    "Task Group web should have an ephemeral disk object",
  ]);
});

test.each([
  [{ Count: 0 }],
  [{ Count: 1, Scaling: { Min: 1, Max: 1 } }],
  [{ Count: 0, Scaling: { Min: 0, Max: 0 } }],
  [{ Volumes: { v: { Type: "host", Source: "s" } } }],
  [{ Tasks: [task("a", { Leader: true }), task("b")] }],
])("the group %j is just right", (group) => {
  expect(faultsOfGroup(group)).toBe("");
});

test.each([
  [{ Volumes: { v: { Type: "host" } } }, "volume has an empty source"],
  [{ Scaling: { Min: 0, Max: -1 } }, "maximum count must be specified and non-negative"],
  [{ Scaling: { Min: -1, Max: 3 } }, "minimum count must be specified and non-negative"],
  [{ Tasks: [task("a"), task("")] }, "Task 2 missing name"],
  [{ Tasks: [task("x"), task("a"), task("a")] }, "Task 3 redefines 'a' from task 2"],
])("the group %j is just wrong", (group, fault) => {
  expect(faultsOfGroup(group)).toContain(fault);
});

test("a run may be cut short in jobs that end by themselves only, and not before it began", () => {
  expect(faultsOfGroup({ MaxRunDuration: 1 }, { Type: "sysbatch" })).toBe("");
  expect(faultsOfGroup({ MaxRunDuration: 0 }, { Type: "batch" })).toBe("");
  expect(faultsOfGroup({ MaxRunDuration: -1 }, { Type: "batch" })).toContain(
    "max_run_duration must be a positive value",
  );
});

test("the faults of volumes are told by name", () => {
  const faults = faultsOfGroup({ Volumes: { b: { Type: "host" }, a: { Type: "host" } } });
  expect(faults.indexOf("validation for a failed")).toBeGreaterThan(-1);
  expect(faults.indexOf("validation for a failed")).toBeLessThan(
    faults.indexOf("validation for b failed"),
  );
});

test("scaling without a maximum is refused where it came without a job file", () => {
  expect(faultsOfGroup({ Count: 0, Scaling: { Min: 0 } })).toContain(
    "maximum count must be specified and non-negative",
  );
});
