import type {
  AllocatedResources,
  AllocatedTaskResources,
  Allocation,
} from "../../model/allocation.ts";
import type { Job, NetworkResource } from "../../model/job.ts";
import { encodeJob } from "./job.ts";
import { encodeNetworks } from "./network.ts";
import { omitZero } from "./omit.ts";
import { encodeTaskStates } from "./task-event.ts";

/** The whole allocation: its job joined, the older resource shapes added, every zero field left out. */
export function encodeAllocation(allocation: Allocation, job: Job | undefined): object {
  const { JobVersion: _version, JobCreateIndex: _create, ...stored } = allocation;
  const resources = allocation.AllocatedResources;
  return omitZero({
    ...stored,
    Job: job ? encodeJob({ ...job, Stable: wasStable(allocation, job) }) : null,
    Resources: summedResources(resources),
    SharedResources: legacyResources({
      DiskMB: resources.Shared.DiskMB,
      Networks: resources.Shared.Networks,
    }),
    TaskResources: Object.fromEntries(
      Object.entries(resources.Tasks).map(([name, task]) => [name, taskResources(task)]),
    ),
    AllocatedResources: encodeAllocatedResources(resources),
    TaskStates: encodeTaskStates(allocation.TaskStates),
  });
}

/** The job is shown as it was when the allocation was made; its version may have become stable later. */
const wasStable = (allocation: Allocation, job: Job): boolean =>
  job.Stable && allocation.CreateIndex > job.ModifyIndex;

/** One line of a list. Nothing is left out here. */
export function encodeAllocationStub(
  allocation: Allocation,
  job: Job | undefined,
  options: { readonly resources: boolean; readonly taskStates: boolean },
): object {
  return {
    ID: allocation.ID,
    EvalID: allocation.EvalID,
    Name: allocation.Name,
    Namespace: allocation.Namespace,
    NodeID: allocation.NodeID,
    NodeName: allocation.NodeName,
    JobID: allocation.JobID,
    JobType: job?.Type ?? "",
    JobVersion: allocation.JobVersion,
    TaskGroup: allocation.TaskGroup,
    ...(options.resources
      ? { AllocatedResources: encodeAllocatedResources(allocation.AllocatedResources) }
      : {}),
    DesiredStatus: allocation.DesiredStatus,
    DesiredDescription: allocation.DesiredDescription,
    ClientStatus: allocation.ClientStatus,
    ClientDescription: allocation.ClientDescription,
    DesiredTransition: allocation.DesiredTransition,
    TaskStates: options.taskStates ? encodeTaskStates(allocation.TaskStates) : null,
    DeploymentStatus: allocation.DeploymentStatus,
    FollowupEvalID: allocation.FollowupEvalID ?? "",
    NextAllocation: allocation.NextAllocation ?? "",
    RescheduleTracker: allocation.RescheduleTracker,
    PreemptedAllocations: allocation.PreemptedAllocations,
    PreemptedByAllocation: allocation.PreemptedByAllocation ?? "",
    CreateIndex: allocation.CreateIndex,
    ModifyIndex: allocation.ModifyIndex,
    CreateTime: allocation.CreateTime,
    ModifyTime: allocation.ModifyTime,
  };
}

const encodeAllocatedResources = (resources: AllocatedResources): object => ({
  Tasks: Object.fromEntries(
    Object.entries(resources.Tasks).map(([name, task]) => [
      name,
      { ...task, Networks: encodeNetworks(task.Networks) },
    ]),
  ),
  TaskLifecycles: resources.TaskLifecycles,
  Shared: {
    ...resources.Shared,
    Networks: encodeNetworks(resources.Shared.Networks),
    Ports: resources.Shared.Ports?.map(omitZero) ?? null,
  },
});

interface LegacyParts {
  readonly CPU?: number;
  readonly Cores?: number;
  readonly MemoryMB?: number;
  readonly MemoryMaxMB?: number;
  readonly DiskMB?: number;
  readonly Networks?: readonly NetworkResource[] | null;
}

const legacyResources = (parts: LegacyParts): object => ({
  CPU: parts.CPU ?? 0,
  Cores: parts.Cores ?? 0,
  MemoryMB: parts.MemoryMB ?? 0,
  MemoryMaxMB: parts.MemoryMaxMB ?? 0,
  DiskMB: parts.DiskMB ?? 0,
  IOPS: 0,
  Networks: encodeNetworks(parts.Networks ?? null),
  Devices: null,
  NUMA: null,
  SecretsMB: 0,
});

const taskResources = (task: AllocatedTaskResources): object =>
  legacyResources({
    CPU: task.Cpu.CpuShares,
    Cores: task.Cpu.ReservedCores?.length ?? 0,
    MemoryMB: task.Memory.MemoryMB,
    MemoryMaxMB: task.Memory.MemoryMaxMB,
    Networks: task.Networks,
  });

/** A task without a maximum counts with its memory. */
function summedResources(resources: AllocatedResources): object {
  const tasks = Object.values(resources.Tasks);
  const sum = (of: (task: AllocatedTaskResources) => number): number =>
    tasks.reduce((total, task) => total + of(task), 0);
  return legacyResources({
    CPU: sum((task) => task.Cpu.CpuShares),
    Cores: sum((task) => task.Cpu.ReservedCores?.length ?? 0),
    MemoryMB: sum((task) => task.Memory.MemoryMB),
    MemoryMaxMB: sum((task) => task.Memory.MemoryMaxMB || task.Memory.MemoryMB),
    DiskMB: resources.Shared.DiskMB,
    Networks: [
      ...(resources.Shared.Networks ?? []),
      ...tasks.flatMap((task) => task.Networks ?? []),
    ],
  });
}
