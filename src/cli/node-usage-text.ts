import type { Job } from "../model/job.ts";
import type {
  AllocationAnswer,
  AllocationStats,
  DiskStats,
  HostStats,
  NodeAnswer,
} from "../sdk/wire.ts";
import { messageOf, orFail, type CommandContext } from "./command.ts";
import { deviceStatLists, nodeDeviceRows } from "./core/devices.ts";
import { formatKeyValues, formatList } from "./core/table.ts";
import { formatBytes, mebibytes } from "./core/values.ts";
import { printBlock } from "./text-block.ts";

/** An allocation as the node's own list gives it: whole. */
export type NodeAllocation = AllocationAnswer & { readonly Job?: Job | null };

export async function hostStats(
  context: CommandContext,
  node: NodeAnswer,
): Promise<HostStats | undefined> {
  if (node.Status === "down") return undefined;
  try {
    return (await context.client.get<HostStats>("/v1/client/stats", { node_id: node.ID })).value;
  } catch (thrown) {
    context.ui.error(`Error fetching node stats: ${messageOf(thrown)}`);
    return undefined;
  }
}

export async function nodeAllocations(
  context: CommandContext,
  id: string,
): Promise<readonly NodeAllocation[]> {
  const { value } = await context.client.get<readonly NodeAllocation[] | null>(
    `/v1/node/${id}/allocations`,
  );
  return value ?? [];
}

export const runningAllocations = async (
  context: CommandContext,
  id: string,
): Promise<readonly NodeAllocation[]> =>
  (await orFail("Error querying node allocations", nodeAllocations(context, id))).filter(
    (allocation) => allocation.ClientStatus === "running",
  );

export async function printResources(
  context: CommandContext,
  node: NodeAnswer,
  stats: HostStats | undefined,
): Promise<void> {
  const running = await runningAllocations(context, node.ID);
  const total = {
    cpu: node.NodeResources.Cpu.CpuShares - node.ReservedResources.Cpu.CpuShares,
    memory: node.NodeResources.Memory.MemoryMB - node.ReservedResources.Memory.MemoryMB,
    disk: node.NodeResources.Disk.DiskMB - node.ReservedResources.Disk.DiskMB,
  };
  const taken = running.map((allocation) => ({
    tasks: Object.values(allocation.AllocatedResources?.Tasks ?? {}),
    disk: allocation.AllocatedResources?.Shared.DiskMB ?? 0,
  }));
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  const tasks = taken.flatMap((one) => one.tasks);
  const cpu = sum(tasks.map((task) => task.Cpu.CpuShares));
  const memory = sum(tasks.map((task) => task.Memory.MemoryMB));
  printBlock(
    context,
    "Allocated Resources",
    formatList([
      ["CPU", "Memory", "Disk", "Alloc Count"],
      [
        `${cpu}/${total.cpu} MHz`,
        `${mebibytes(memory)}/${mebibytes(total.memory)}`,
        `${mebibytes(sum(taken.map((one) => one.disk)))}/${mebibytes(total.disk)}`,
        String(running.length),
      ],
    ]),
  );
  if (!stats) return;
  const used = await Promise.all(running.map((allocation) => usageOf(context, allocation)));
  printBlock(
    context,
    "Allocation Resource Utilization",
    formatList([
      ["CPU", "Memory"],
      [
        `${Math.floor(sum(used.map((one) => one.ticks)))}/${total.cpu} MHz`,
        `${formatBytes(sum(used.map((one) => one.bytes)))}/${mebibytes(total.memory)}`,
      ],
    ]),
  );
  const disk = mainDisk(stats, node);
  printBlock(
    context,
    "Host Resource Utilization",
    formatList([
      ["CPU", "Memory", "Disk"],
      [
        `${Math.floor(stats.CPUTicksConsumed ?? 0)}/${node.NodeResources.Cpu.CpuShares} MHz`,
        `${formatBytes(stats.Memory?.Used ?? 0)}/${formatBytes(stats.Memory?.Total ?? 0)}`,
        disk ? `${formatBytes(disk.Used)}/${formatBytes(disk.Size)}` : "",
      ],
    ]),
  );
  const devices = nodeDeviceRows(node.NodeResources.Devices ?? [], stats.DeviceStats ?? []);
  if (devices.length > 0) printBlock(context, "Device Resource Utilization", formatList(devices));
}

function mainDisk(stats: HostStats, node: NodeAnswer): DiskStats | undefined {
  const device = node.Attributes["unique.storage.volume"];
  return (
    stats.AllocDirStats ??
    stats.DiskStats?.find((disk) => disk.Device === device) ??
    stats.DiskStats?.[0]
  );
}

async function usageOf(
  context: CommandContext,
  allocation: NodeAllocation,
): Promise<{ readonly ticks: number; readonly bytes: number }> {
  try {
    const { value } = await context.client.get<AllocationStats>(
      `/v1/client/allocation/${allocation.ID}/stats`,
      { namespace: allocation.Namespace },
    );
    const { CpuStats: cpu, MemoryStats: memory } = value.ResourceUsage ?? {};
    return { ticks: cpu?.TotalTicks ?? 0, bytes: memory?.Usage || memory?.RSS || 0 };
  } catch {
    // It may have ended since it was listed; what has ended uses nothing.
    return { ticks: 0, bytes: 0 };
  }
}

export function printHostStats(context: CommandContext, stats: HostStats): void {
  const percent = (value: number): string => `${value.toFixed(2)}%`;
  printBlock(
    context,
    "CPU Stats",
    (stats.CPU ?? [])
      .map((cpu) =>
        formatKeyValues([
          ["CPU", cpu.CPU],
          ["User", percent(cpu.User)],
          ["System", percent(cpu.System)],
          ["Idle", percent(cpu.Idle)],
        ]),
      )
      .join("\n\n"),
  );
  printBlock(
    context,
    "Memory Stats",
    formatKeyValues([
      ["Total", formatBytes(stats.Memory?.Total ?? 0)],
      ["Available", formatBytes(stats.Memory?.Available ?? 0)],
      ["Used", formatBytes(stats.Memory?.Used ?? 0)],
      ["Free", formatBytes(stats.Memory?.Free ?? 0)],
    ]),
  );
  printBlock(
    context,
    "Disk Stats",
    (stats.DiskStats ?? [])
      .map((disk) =>
        formatKeyValues([
          ["Device", disk.Device],
          ["MountPoint", disk.Mountpoint],
          ["Size", formatBytes(disk.Size)],
          ["Used", formatBytes(disk.Used)],
          ["Available", formatBytes(disk.Available)],
          ["Used Percent", percent(disk.UsedPercent)],
          ["Inodes Percent", percent(disk.InodesUsedPercent)],
        ]),
      )
      .join("\n\n"),
  );
  const devices = deviceStatLists(stats.DeviceStats ?? []);
  if (devices.length > 0)
    printBlock(
      context,
      "Device Stats",
      devices.map((pairs) => formatKeyValues(pairs)).join("\n\n"),
    );
}
