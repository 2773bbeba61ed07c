import type { AllocatedResources } from "../../../model/allocation.ts";
import type { TaskGroup, TaskLifecycle } from "../../../model/job.ts";
import type { Node } from "../../../model/node.ts";

/** Integers; what one allocation takes from its node at its busiest moment. */
export interface Amount {
  readonly cpu: number;
  readonly memory: number;
  readonly disk: number;
}
export interface TaskAmount {
  readonly cpu: number;
  readonly memory: number;
  readonly lifecycle: TaskLifecycle | null | undefined;
}

/** Tasks that never run together share: prestart tasks end before main ones start, poststop ones start after them. */
export function peakAmount(tasks: readonly TaskAmount[], disk: number): Amount {
  const sum = (picked: readonly TaskAmount[]): Amount => ({
    cpu: picked.reduce((total, task) => total + task.cpu, 0),
    memory: picked.reduce((total, task) => total + task.memory, 0),
    disk: 0,
  });
  const sidecars = sum(
    tasks.filter((t) => t.lifecycle?.Hook === "prestart" && t.lifecycle.Sidecar),
  );
  const before = sum(tasks.filter((t) => t.lifecycle?.Hook === "prestart" && !t.lifecycle.Sidecar));
  const after = sum(tasks.filter((t) => t.lifecycle?.Hook === "poststop"));
  const main = sum(
    tasks.filter((t) => t.lifecycle?.Hook !== "prestart" && t.lifecycle?.Hook !== "poststop"),
  );
  return {
    cpu: sidecars.cpu + Math.max(before.cpu, main.cpu, after.cpu),
    memory: sidecars.memory + Math.max(before.memory, main.memory, after.memory),
    disk,
  };
}

export function groupAmount(group: TaskGroup, node: Node): Amount {
  return peakAmount(
    group.Tasks.map((task) => ({
      cpu: taskCpu(task.Resources, node),
      memory: task.Resources.MemoryMB + task.Resources.SecretsMB,
      lifecycle: task.Lifecycle,
    })),
    group.EphemeralDisk?.SizeMB ?? 0,
  );
}

export function allocatedAmount(resources: AllocatedResources): Amount {
  return peakAmount(
    Object.entries(resources.Tasks).map(([name, task]) => ({
      cpu: task.Cpu.CpuShares,
      memory: task.Memory.MemoryMB,
      lifecycle: resources.TaskLifecycles[name],
    })),
    resources.Shared.DiskMB,
  );
}

/** Whole cores count with their share of the node's clock. */
export function taskCpu(
  resources: { readonly CPU: number; readonly Cores: number },
  node: Node,
): number {
  if (resources.Cores === 0) return resources.CPU;
  const { CpuShares, TotalCpuCores } = node.NodeResources.Cpu;
  return TotalCpuCores > 0 ? resources.Cores * Math.floor(CpuShares / TotalCpuCores) : 0;
}

/** What a node has for allocations: everything minus what is reserved for the machine itself. */
export const nodeCapacity = (node: Node): Amount => ({
  cpu: node.NodeResources.Cpu.CpuShares - node.ReservedResources.Cpu.CpuShares,
  memory: node.NodeResources.Memory.MemoryMB - node.ReservedResources.Memory.MemoryMB,
  disk: node.NodeResources.Disk.DiskMB - node.ReservedResources.Disk.DiskMB,
});
