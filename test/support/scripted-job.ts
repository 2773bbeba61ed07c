import type { Allocation } from "../../src/model/allocation.ts";
import { allocationId, evaluationId, nodeId } from "../../src/model/ids.ts";
import type { Job, Task, TaskGroup } from "../../src/model/job.ts";
import type { DesiredAllocation } from "../../src/reconciler/ports.ts";
import { allocationOf } from "./build-allocation.ts";
import { buildGroup, buildJob, buildResources, buildTask, buildUpdate } from "./build-job.ts";

export const testNodeId = nodeId("11111111-1111-4111-a111-111111111111");
export const testAllocationId = allocationId("22222222-2222-4222-a222-222222222222");

/** A task of the driver whose tasks do as the test says. */
export const scriptedTask = (overrides: Partial<Task> = {}): Task =>
  buildTask({
    Driver: "scripted",
    Config: {},
    Resources: buildResources({ CPU: 100, MemoryMB: 64 }),
    KillTimeout: 5e9,
    ...overrides,
  });

export const scriptedGroup = (overrides: Partial<TaskGroup> = {}): TaskGroup =>
  buildGroup({
    Update: null,
    RestartPolicy: {
      Attempts: 2,
      Interval: 600e9,
      Delay: 1e9,
      Mode: "fail",
      RenderTemplates: false,
    },
    Tasks: [scriptedTask()],
    EphemeralDisk: null,
    ...overrides,
  });

export const scriptedJob = (overrides: Partial<Job> = {}): Job =>
  buildJob({
    TaskGroups: [scriptedGroup()],
    Update: buildUpdate({
      MinHealthyTime: 10e9,
      HealthyDeadline: 300e9,
      ProgressDeadline: 600e9,
    }),
    Status: "running",
    ...overrides,
  });

/** What the servers want of the node under test: one allocation of the job, placed just now. */
export function buildDesired(
  job: Job = scriptedJob(),
  overrides: Partial<Allocation> = {},
): DesiredAllocation {
  const allocation = allocationOf(job, {
    ID: testAllocationId,
    EvalID: evaluationId("33333333-3333-4333-a333-333333333333"),
    NodeID: testNodeId,
    NodeName: "lab",
    CreateIndex: 10,
    ModifyIndex: 10,
    AllocModifyIndex: 10,
    CreateTime: 1_700_000_000e9,
    ModifyTime: 1_700_000_000e9,
    ...overrides,
  });
  return { job, allocation };
}
