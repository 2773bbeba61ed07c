import type { Job } from "../model/job.ts";
import type {
  AllocationAnswer,
  AllocationListStub,
  AllocationStats,
  DiskStats,
  HostStats,
  NodeAnswer,
} from "../sdk/wire.ts";
import { allocationTable } from "./allocation-table.ts";
import { messageOf, orFail, type CommandContext } from "./command.ts";
import { formatKeyValues, formatList } from "./core/table.ts";
import { formatBytes, mebibytes, sortedEntries } from "./core/values.ts";
import { formatDuration } from "../lib/duration.ts";

export interface NodeTextOptions {
  readonly short: boolean;
  readonly stats: boolean;
  readonly verbose: boolean;
}
/** An allocation as the node's own list gives it: whole. */
type NodeAllocation = AllocationAnswer & { readonly Job?: Job | null };

/** Everything `node status` says about one node. */
export async function printNode(
  context: CommandContext,
  node: NodeAnswer,
  options: NodeTextOptions,
): Promise<void> {
  const { ui } = context;
  if (options.short) {
    ui.output(formatKeyValues([...basicFacts(node), ["Drivers", detectedDrivers(node)]]));
    await printAllocations(context, node, options);
    return;
  }
  const stats = await hostStats(context, node);
  const uptime = stats ? formatDuration(stats.Uptime * 1e9) : "";
  ui.output(
    formatKeyValues([
      ...basicFacts(node),
      [
        "CSI Controllers",
        Object.keys(node.CSIControllerPlugins ?? {})
          .sort()
          .join(","),
      ],
      [
        "CSI Drivers",
        Object.keys(node.CSINodePlugins ?? {})
          .sort()
          .join(","),
      ],
      ...(uptime === "" ? [] : ([["Uptime", uptime]] as const)),
      ...(options.verbose ? [] : shortLists(node)),
    ]),
  );
  if (options.verbose) printLongLists(context, node);
  printEvents(context, node, options.verbose);
  await printResources(context, node, stats);
  if (stats && options.stats) printHostStats(context, stats);
  await printAllocations(context, node, options);
  if (options.verbose) printMaps(context, node);
}

type Pairs = readonly (readonly [string, string])[];

const basicFacts = (node: NodeAnswer): Pairs => [
  ["ID", node.ID],
  ["Name", node.Name],
  ["Node Pool", node.NodePool],
  ["Class", node.NodeClass],
  ["DC", node.Datacenter],
  ["Drain", drainText(node)],
  ["Eligibility", node.SchedulingEligibility],
  ["Status", node.Status],
];

function drainText(node: NodeAnswer): string {
  const drain = node.DrainStrategy;
  if (!drain) return "false";
  const limit =
    drain.Deadline < 0
      ? "force drain"
      : drain.Deadline === 0
        ? "no deadline"
        : `${drain.ForceDeadline ?? formatDuration(drain.Deadline)} deadline`;
  return `true; ${limit}${drain.IgnoreSystemJobs ? "; ignoring system jobs" : ""}`;
}

const shortLists = (node: NodeAnswer): Pairs => [
  [
    "Host Volumes",
    Object.keys(node.HostVolumes ?? {})
      .sort()
      .join(","),
  ],
  [
    "Host Networks",
    Object.keys(node.HostNetworks ?? {})
      .sort()
      .join(","),
  ],
  ["CSI Volumes", ""],
  ["Driver Status", detectedDrivers(node)],
];

const detectedDrivers = (node: NodeAnswer): string =>
  sortedEntries(node.Drivers)
    .filter(([, driver]) => driver.Detected)
    .map(([name, driver]) => (driver.Healthy ? name : `${name} (unhealthy)`))
    .join(",");

function printBlock(context: CommandContext, title: string, text: string): void {
  context.ui.output(`\n${context.ui.paint.bold(title)}\n${text}`);
}

function printLongLists(context: CommandContext, node: NodeAnswer): void {
  const volumes = sortedEntries(node.HostVolumes);
  if (volumes.length > 0)
    printBlock(
      context,
      "Host Volumes",
      formatList([
        ["Name", "ReadOnly", "Source"],
        ...volumes.map(([name, volume]) => [name, String(volume.ReadOnly), volume.Path]),
      ]),
    );
  const networks = sortedEntries(node.HostNetworks);
  if (networks.length > 0)
    printBlock(
      context,
      "Host Networks",
      formatList([
        ["Name", "CIDR", "Interface", "ReservedPorts"],
        ...networks.map(([name, one]) => [name, one.CIDR, one.Interface, one.ReservedPorts]),
      ]),
    );
  printBlock(
    context,
    "Drivers",
    formatList([
      ["Driver", "Detected", "Healthy", "Message", "Time"],
      ...sortedEntries(node.Drivers).map(([name, driver]) => [
        name,
        String(driver.Detected),
        String(driver.Healthy),
        driver.HealthDescription,
        context.time.text(driver.UpdateTime),
      ]),
    ]),
  );
}

function printEvents(context: CommandContext, node: NodeAnswer, verbose: boolean): void {
  const rows = [...(node.Events ?? [])].reverse().map((event) => {
    const driver = event.Details?.["driver"];
    return [
      context.time.text(event.Timestamp),
      driver && event.Subsystem === "Driver" ? `Driver: ${driver}` : event.Subsystem,
      event.Message,
      ...(verbose
        ? [
            sortedEntries(event.Details)
              .map(([key, value]) => `${key} = ${value}`)
              .join(", "),
          ]
        : []),
    ];
  });
  printBlock(
    context,
    "Node Events",
    formatList([["Time", "Subsystem", "Message", ...(verbose ? ["Details"] : [])], ...rows]),
  );
}

async function hostStats(
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

async function nodeAllocations(
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

async function printResources(
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

function printHostStats(context: CommandContext, stats: HostStats): void {
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
}

async function printAllocations(
  context: CommandContext,
  node: NodeAnswer,
  options: NodeTextOptions,
): Promise<void> {
  const allocations = await orFail(
    "Error querying node allocations",
    nodeAllocations(context, node.ID),
  );
  const rows = allocations.map((allocation) => stubOf(allocation));
  printBlock(
    context,
    "Allocations",
    rows.length === 0
      ? "No allocations placed"
      : allocationTable(context, rows, { verbose: options.verbose, ofNode: true }),
  );
}

const stubOf = (allocation: NodeAllocation): AllocationListStub => ({
  ...allocation,
  EvalID: allocation.EvalID ?? "",
  NodeName: allocation.NodeName ?? "",
  JobType: allocation.Job?.Type ?? "",
  JobVersion: allocation.Job?.Version ?? 0,
  DesiredStatus: allocation.DesiredStatus ?? "run",
  DesiredDescription: allocation.DesiredDescription ?? "",
  ClientDescription: allocation.ClientDescription ?? "",
  FollowupEvalID: allocation.FollowupEvalID ?? "",
  DesiredTransition: {
    Migrate: null,
    Reschedule: null,
    ForceReschedule: null,
    NoShutdownDelay: null,
  },
  DeploymentStatus: null,
});

function printMaps(context: CommandContext, node: NodeAnswer): void {
  printBlock(context, "Attributes", formatKeyValues(sortedEntries(node.Attributes)));
  printBlock(context, "Meta", formatKeyValues(sortedEntries(node.Meta)));
}
