import type {
  NodeAnswer,
  AllocationAnswer,
  AllocationStats,
  ResourceUsage,
  TaskStateAnswer,
} from "../sdk/wire.ts";
import { tasksOf } from "./alloc-lookup.ts";
import { messageOf, type CommandContext } from "./command.ts";
import { deviceRows, deviceStatLists } from "./core/devices.ts";
import { orderTasks } from "./core/task-order.ts";
import { formatKeyValues, formatList, formatListWithSpaces } from "./core/table.ts";
import { formatBytes, mebibytes } from "./core/values.ts";
import { msOfNs } from "./time-format.ts";

export interface TaskTextOptions {
  readonly stats: boolean;
  readonly verbose: boolean;
}

/** What `alloc status` says about each task. */
export async function printTasks(
  context: CommandContext,
  a: AllocationAnswer,
  options: TaskTextOptions,
): Promise<void> {
  const { ui } = context;
  const stats = await readStats(context, a);
  for (const { name, state, lifecycle } of orderTasks(a)) {
    const role = lifecycle === "" || lifecycle === "main" ? "" : ` (${lifecycle})`;
    ui.output(
      `\n${ui.paint.bold(`Task ${JSON.stringify(name)}${role} is ${JSON.stringify(state.State)}`)}`,
    );
    const usage = stats?.Tasks?.[name]?.ResourceUsage ?? undefined;
    ui.output(`Task Resources:\n${resourceTable(a, name, usage)}\n`);
    const devices = deviceRows(usage?.DeviceStats ?? []);
    if (devices.length > 0) ui.output(`Device Stats\n${formatList(devices)}\n`);
    if (options.stats && usage) printMeasured(context, usage);
    printVolumes(context, a, name);
    printState(context, state);
  }
}

async function readStats(
  context: CommandContext,
  a: AllocationAnswer,
): Promise<AllocationStats | undefined> {
  try {
    const { value } = await context.client.get<AllocationStats>(
      `/v1/client/allocation/${a.ID}/stats`,
      { namespace: a.Namespace },
    );
    return value;
  } catch (thrown) {
    context.ui.output("");
    if (await isNodeDown(context, a.NodeID))
      context.ui.output("Omitting resource statistics since the node is down.");
    else context.ui.error(`Couldn't retrieve stats: ${messageOf(thrown)}`);
    return undefined;
  }
}

async function isNodeDown(context: CommandContext, id: string): Promise<boolean> {
  try {
    return (await context.client.get<NodeAnswer>(`/v1/node/${id}`)).value.Status === "down";
  } catch {
    // Not knowing is answered with the first failure, which is the one worth reading.
    return false;
  }
}

function resourceTable(
  a: AllocationAnswer,
  task: string,
  usage: ResourceUsage | undefined,
): string {
  const given = a.AllocatedResources?.Tasks[task];
  const cores = given?.Cpu.ReservedCores?.length ?? 0;
  const cpu = given?.Cpu.CpuShares ?? 0;
  const memory = given?.Memory.MemoryMB ?? 0;
  const most = given?.Memory.MemoryMaxMB ?? 0;
  const used = usage?.CpuStats ? `${Math.floor(usage.CpuStats.TotalTicks)}/` : "";
  const held = usage?.MemoryStats
    ? `${formatBytes(usage.MemoryStats.Usage || usage.MemoryStats.RSS)}/`
    : "";
  const [network] = given?.Networks ?? [];
  const addresses = [...(network?.DynamicPorts ?? []), ...(network?.ReservedPorts ?? [])].map(
    (port) => `${port.Label}: ${network?.IP ?? ""}:${port.Value}`,
  );
  return formatListWithSpaces([
    [cores > 0 ? `CPU (${cores} cores)` : "CPU", "Memory", "Disk", "Addresses"],
    [
      `${used}${cpu} MHz`,
      `${held}${mebibytes(memory)}`,
      mebibytes(a.AllocatedResources?.Shared.DiskMB ?? 0),
      addresses[0] ?? "",
    ],
    ...(most > 0 && most !== memory ? [["", `Max: ${mebibytes(most)}`, "", ""]] : []),
    ...addresses.slice(1).map((address) => ["", "", "", address]),
  ]);
}

function printMeasured(context: CommandContext, usage: ResourceUsage): void {
  const { ui } = context;
  const { MemoryStats: memory, CpuStats: cpu } = usage;
  const block = (title: string, columns: readonly (readonly [string, string])[]): void => {
    if (columns.length > 0)
      ui.output(
        `${title}\n${formatList([columns.map(([name]) => name), columns.map(([, value]) => value)])}\n`,
      );
  };
  const sizes: Readonly<Record<string, number | undefined>> = {
    RSS: memory?.RSS,
    Cache: memory?.Cache,
    Swap: memory?.Swap,
    Usage: memory?.Usage,
    "Max Usage": memory?.MaxUsage,
    "Kernel Usage": memory?.KernelUsage,
    "Kernel Max Usage": memory?.KernelMaxUsage,
  };
  block(
    "Memory Stats",
    (memory?.Measured ?? []).map((name) => [name, formatBytes(sizes[name] ?? 0)]),
  );
  const shares: Readonly<Record<string, string>> = {
    Percent: `${(cpu?.Percent ?? 0).toFixed(2)}%`,
    "Throttled Periods": String(cpu?.ThrottledPeriods ?? 0),
    "Throttled Time": String(cpu?.ThrottledTime ?? 0),
    "User Mode": `${(cpu?.UserMode ?? 0).toFixed(2)}%`,
    "System Mode": `${(cpu?.SystemMode ?? 0).toFixed(2)}%`,
  };
  block(
    "CPU Stats",
    (cpu?.Measured ?? []).map((name) => [name, shares[name] ?? ""]),
  );
  const devices = deviceStatLists(usage.DeviceStats ?? []);
  if (devices.length > 0)
    ui.output(`Device Stats\n${devices.map((pairs) => formatKeyValues(pairs)).join("\n\n")}\n`);
}

function printVolumes(context: CommandContext, a: AllocationAnswer, task: string): void {
  const group = a.Job?.TaskGroups.find((one) => one.Name === a.TaskGroup);
  const mounted = tasksOf(a).find((one) => one.Name === task)?.VolumeMounts ?? [];
  for (const [type, title] of [
    ["host", "Host Volumes:"],
    ["csi", "CSI Volumes:"],
  ] as const) {
    const rows = mounted.flatMap((mount) => {
      const volume = group?.Volumes?.[mount.Volume];
      return volume?.Type === type
        ? [[volume.Source, String(volume.ReadOnly || mount.ReadOnly)]]
        : [];
    });
    if (rows.length > 0)
      context.ui.output(`${title}\n${formatList([["ID", "Read Only"], ...rows])}\n`);
  }
}

/** When the next attempt is due, or that somebody holds it; nothing for a task that waits for neither. */
function nextStart(
  { time, ports }: CommandContext,
  state: TaskStateAnswer,
): readonly [string, string][] {
  if (state.Paused) return [["Paused", "true"]];
  const dueMs = nextRestartMs(state);
  if (dueMs === undefined || dueMs <= ports.clock.nowMs()) return [];
  return [["Next Restart", `${time.absolute(dueMs)} (${time.relative(dueMs)})`]];
}

/** What may happen to a task between two attempts. */
const stillWaits: ReadonlySet<string> = new Set(["Alloc Unhealthy", "Pausing"]);

/** The last event of a task that is between two attempts tells when it was to be and after how long. */
function nextRestartMs({ State, Events }: TaskStateAnswer): number | undefined {
  if (State !== "pending") return undefined;
  const events = Events ?? [];
  const last = events.findLastIndex((event) => event.Type === "Restarting");
  const event = events[last];
  const hasBegun = events.slice(last + 1).some((later) => !stillWaits.has(later.Type));
  if (!event || hasBegun) return undefined;
  return (event.Time + Number(event.Details?.["start_delay"] ?? 0)) / 1e6;
}

function printState(context: CommandContext, state: TaskStateAnswer): void {
  const { ui, time } = context;
  const orNot = (text: string | null | undefined): string => time.text(text) || "N/A";
  ui.output(
    `Task Events:\n${formatKeyValues([
      ["Started At", orNot(state.StartedAt)],
      ["Finished At", orNot(state.FinishedAt)],
      ["Total Restarts", String(state.Restarts)],
      ["Last Restart", orNot(state.LastRestart)],
      ...nextStart(context, state),
    ])}\n`,
  );
  const rows = [...(state.Events ?? [])]
    .reverse()
    .map((event) => [
      time.absolute(msOfNs(event.Time)),
      event.Type,
      (event.DisplayMessage || event.Message || "").replaceAll(/\s+/g, " "),
    ]);
  ui.output(`Recent Events:\n${formatList([["Time", "Type", "Description"], ...rows])}`);
}
