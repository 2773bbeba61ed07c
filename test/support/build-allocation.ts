import type { Allocation } from "../../src/model/allocation.ts";
import { allocationId, evaluationId, jobId, nodeId } from "../../src/model/ids.ts";
import type { Job } from "../../src/model/job.ts";
import { uuid } from "./uuid.ts";

/** A running allocation of the small job, on node-1. */
export function buildAllocation(over: Partial<Allocation> = {}): Allocation {
  return {
    ID: allocationId("a-1"),
    Namespace: "default",
    EvalID: evaluationId("e-1"),
    Name: "shop.web[0]",
    NodeID: nodeId("node-1"),
    NodeName: "node-1",
    JobID: jobId("shop"),
    JobVersion: 0,
    JobCreateIndex: 1,
    TaskGroup: "web",
    AllocatedResources: {
      Tasks: {
        main: {
          Cpu: { CpuShares: 20, ReservedCores: null },
          Memory: { MemoryMB: 16, MemoryMaxMB: 0 },
          Networks: null,
          Devices: null,
        },
      },
      TaskLifecycles: { main: null },
      Shared: { Networks: null, DiskMB: 300, Ports: null },
    },
    Metrics: null,
    DesiredStatus: "run",
    DesiredDescription: "",
    DesiredTransition: {
      Migrate: null,
      Reschedule: null,
      ForceReschedule: null,
      NoShutdownDelay: null,
    },
    ClientStatus: "running",
    ClientDescription: "",
    TaskStates: null,
    AllocStates: null,
    PreviousAllocation: null,
    NextAllocation: null,
    DeploymentID: null,
    DeploymentStatus: null,
    RescheduleTracker: null,
    NetworkStatus: null,
    FollowupEvalID: null,
    PreemptedAllocations: null,
    PreemptedByAllocation: null,
    CreateIndex: 1,
    ModifyIndex: 1,
    AllocModifyIndex: 1,
    CreateTime: 0,
    ModifyTime: 0,
    ...over,
  };
}

/** What a job's first group has on a node as soon as it is placed there. */
export function allocationOf(job: Job, over: Partial<Allocation> = {}): Allocation {
  const [group] = job.TaskGroups;
  if (group === undefined) throw new Error(`job ${job.ID} has no group`);
  return buildAllocation({
    Namespace: job.Namespace,
    Name: `${job.ID}.${group.Name}[0]`,
    JobID: job.ID,
    JobVersion: job.Version,
    JobCreateIndex: job.CreateIndex,
    TaskGroup: group.Name,
    AllocatedResources: {
      Tasks: Object.fromEntries(
        group.Tasks.map((task) => [
          task.Name,
          {
            Cpu: { CpuShares: task.Resources.CPU, ReservedCores: null },
            Memory: { MemoryMB: task.Resources.MemoryMB, MemoryMaxMB: 0 },
            Networks: null,
            Devices: null,
          },
        ]),
      ),
      TaskLifecycles: {},
      Shared: { Networks: null, DiskMB: 300, Ports: null },
    },
    ClientStatus: "pending",
    ...over,
  });
}

/** The n-th allocation of a cluster, placed on its first node, with ids as the wire has them. */
export const numberedAllocation = (
  n: number,
  job: Job,
  over: Partial<Allocation> = {},
): Allocation =>
  allocationOf(job, {
    ID: allocationId(uuid(n)),
    EvalID: evaluationId(uuid(1)),
    NodeID: nodeId(uuid(1)),
    ...over,
  });
