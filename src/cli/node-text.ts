import type { AllocationListStub, NodeAnswer } from "../sdk/wire.ts";
import { allocationTable } from "./allocation-table.ts";
import { orFail, type CommandContext } from "./command.ts";
import { deviceAttributeLists } from "./core/devices.ts";
import { formatKeyValues, formatList } from "./core/table.ts";
import { sortedEntries } from "./core/values.ts";
import { formatDuration } from "../lib/duration.ts";
import {
  hostStats,
  nodeAllocations,
  printHostStats,
  printResources,
  type NodeAllocation,
} from "./node-usage-text.ts";
import { printBlock } from "./text-block.ts";

export interface NodeTextOptions {
  readonly short: boolean;
  readonly stats: boolean;
  readonly verbose: boolean;
}
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
  const devices = deviceAttributeLists(node.NodeResources.Devices ?? []);
  if (devices.length > 0)
    printBlock(
      context,
      "Device Group Attributes",
      devices.map((pairs) => formatKeyValues(pairs)).join("\n\n"),
    );
  printBlock(context, "Meta", formatKeyValues(sortedEntries(node.Meta)));
}
