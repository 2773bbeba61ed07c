import type { AllocationAnswer, CheckResult, EvaluationAnswer } from "../sdk/wire.ts";
import { tasksOf } from "./alloc-lookup.ts";
import { messageOf, type CommandContext } from "./command.ts";
import { orderTasks } from "./core/task-order.ts";
import { metricLines, scoreTable } from "./core/metrics.ts";
import { formatKeyValues, formatList } from "./core/table.ts";
import { byText, instantMs, shortId } from "./core/values.ts";
import { formatDuration } from "../lib/duration.ts";
import { printTasks, type TaskTextOptions } from "./task-text.ts";
import { msOfNs } from "./time-format.ts";

export interface AllocationTextOptions extends TaskTextOptions {
  readonly short: boolean;
}

/** Everything `alloc status` says about one allocation. */
export async function printAllocation(
  context: CommandContext,
  allocation: AllocationAnswer,
  options: AllocationTextOptions,
): Promise<void> {
  const { ui } = context;
  if (options.short) {
    printShort(context, allocation, options.verbose);
    return;
  }
  ui.output(formatKeyValues(await facts(context, allocation, options.verbose)));
  printAddresses(context, allocation);
  await printChecks(context, allocation);
  await printTasks(context, allocation, options);
  if (options.verbose && allocation.Metrics) {
    const metrics = allocation.Metrics;
    const lines = metricLines(metrics, "  ");
    const scores = scoreTable(metrics, (id) => id);
    ui.output(
      ["", ui.paint.bold("Placement Metrics"), ...lines, ...(scores === "" ? [] : [scores])].join(
        "\n",
      ),
    );
  }
}

function printShort(context: CommandContext, allocation: AllocationAnswer, verbose: boolean): void {
  const { ui, time } = context;
  ui.output(
    formatKeyValues([
      ["ID", allocation.ID],
      ["Name", allocation.Name],
      ["Created", time.either(msOfNs(allocation.CreateTime), verbose)],
      ["Modified", time.either(msOfNs(allocation.ModifyTime), verbose)],
    ]),
  );
  const rows = orderTasks(allocation).map(({ name, state, lifecycle }) => {
    const last = (state.Events ?? []).at(-1);
    return [
      name,
      state.State,
      last?.Type ?? "",
      time.absolute(msOfNs(last?.Time)),
      lifecycle === "" ? "main" : lifecycle,
    ];
  });
  ui.output(
    `\n${ui.paint.bold("Tasks")}\n${formatList([["Name", "State", "Last Event", "Time", "Lifecycle"], ...rows])}`,
  );
}

type Pairs = readonly (readonly [string, string])[];

async function facts(
  context: CommandContext,
  a: AllocationAnswer,
  verbose: boolean,
): Promise<Pairs> {
  const { time } = context;
  return [
    ["ID", a.ID],
    ["Eval ID", shortId(a.EvalID, verbose)],
    ["Name", a.Name],
    ["Node ID", shortId(a.NodeID, verbose)],
    ["Node Name", a.NodeName ?? ""],
    ["Job ID", a.JobID],
    ["Job Version", String(a.Job?.Version ?? 0)],
    ["Client Status", a.ClientStatus],
    ["Client Description", a.ClientDescription ?? ""],
    ["Desired Status", a.DesiredStatus ?? ""],
    ["Desired Description", a.DesiredDescription ?? ""],
    ["Created", time.either(msOfNs(a.CreateTime), verbose)],
    ["Modified", time.either(msOfNs(a.ModifyTime), verbose)],
    ...deploymentFacts(a, verbose),
    ...(await rescheduleFacts(context, a, verbose)),
    ...(verbose && a.Metrics
      ? ([
          ["Evaluated Nodes", String(a.Metrics.NodesEvaluated)],
          ["Filtered Nodes", String(a.Metrics.NodesFiltered)],
          ["Exhausted Nodes", String(a.Metrics.NodesExhausted)],
          ["Allocation Time", formatDuration(a.Metrics.AllocationTime)],
          ["Failures", String(a.Metrics.CoalescedFailures)],
        ] as const)
      : []),
  ];
}

function deploymentFacts(a: AllocationAnswer, verbose: boolean): Pairs {
  if (!a.DeploymentID) return [];
  const healthy = a.DeploymentStatus?.Healthy;
  const health = healthy === true ? "healthy" : healthy === false ? "unhealthy" : "unset";
  return [
    ["Deployment ID", shortId(a.DeploymentID, verbose)],
    ["Deployment Health", health],
    ...(a.DeploymentStatus?.Canary === true ? ([["Canary", "true"]] as const) : []),
  ];
}

async function rescheduleFacts(
  context: CommandContext,
  a: AllocationAnswer,
  verbose: boolean,
): Promise<Pairs> {
  const policy = a.Job?.TaskGroups.find((group) => group.Name === a.TaskGroup)?.ReschedulePolicy;
  const events = a.RescheduleTracker?.Events ?? [];
  // Without a limit there is nothing to count towards.
  const total = policy && !policy.Unlimited ? policy.Attempts : 0;
  const since = a.ModifyTime - (policy?.Interval ?? 0);
  const attempts = events.filter((event) => event.RescheduleTime > since).length;
  const next = a.FollowupEvalID ? await followUp(context, a.FollowupEvalID) : "";
  return [
    ...(total > 0 && events.length > 0
      ? ([["Reschedule Attempts", `${attempts}/${total}`]] as const)
      : []),
    ...(a.NextAllocation
      ? ([["Replacement Alloc ID", shortId(a.NextAllocation, verbose)]] as const)
      : []),
    ...(next === "" ? [] : ([["Reschedule Eligibility", next]] as const)),
  ];
}

async function followUp(context: CommandContext, id: string): Promise<string> {
  try {
    const { value } = await context.client.get<EvaluationAnswer>(`/v1/evaluation/${id}`);
    const due = instantMs(value.WaitUntil);
    return due === undefined || due <= context.ports.clock.nowMs()
      ? ""
      : context.time.relative(due);
  } catch {
    // The follow-up may have been collected; then there is nothing to wait for.
    return "";
  }
}

function printAddresses(context: CommandContext, a: AllocationAnswer): void {
  const shared = a.AllocatedResources?.Shared;
  const [network] = shared?.Networks ?? [];
  const listed = shared?.Ports ?? [];
  const ports =
    listed.length > 0
      ? listed.map((port) => ({ ...port, ip: port.HostIP }))
      : [...(network?.DynamicPorts ?? []), ...(network?.ReservedPorts ?? [])].map((port) => ({
          ...port,
          ip: network?.IP ?? "",
        }));
  if (ports.length === 0) return;
  const mode = network?.Mode ? ` (mode = ${JSON.stringify(network.Mode)})` : "";
  const rows = ports.map((port) => [
    `*${port.Label}`,
    "yes",
    `${port.ip.includes(":") ? `[${port.ip}]` : port.ip}:${port.Value}${port.To > 0 ? ` -> ${port.To}` : ""}`,
  ]);
  context.ui.output(
    `\n${context.ui.paint.bold(`Allocation Addresses${mode}:`)}\n${formatList([["Label", "Dynamic", "Address"], ...rows])}`,
  );
}

async function printChecks(context: CommandContext, a: AllocationAnswer): Promise<void> {
  const group = a.Job?.TaskGroups.find((one) => one.Name === a.TaskGroup);
  const services = [
    ...(group?.Services ?? []),
    ...tasksOf(a).flatMap((task) => task.Services ?? []),
  ];
  const checked = services.some(
    (service) => service.Provider === "nomad" && (service.Checks ?? []).length > 0,
  );
  if (!checked) return;
  let results: { readonly [id: string]: CheckResult };
  try {
    results =
      (
        await context.client.get<{ readonly [id: string]: CheckResult } | null>(
          `/v1/client/allocation/${a.ID}/checks`,
          { namespace: a.Namespace },
        )
      ).value ?? {};
  } catch (thrown) {
    context.ui.error(`Couldn't retrieve checks: ${messageOf(thrown)}`);
    return;
  }
  const rows = Object.values(results)
    .map((check) => [check.Service, check.Task || "(group)", check.Check, check.Mode, check.Status])
    .sort((x, y) => byText(x.join("|"), y.join("|")));
  if (rows.length === 0) return;
  context.ui.output(
    `\n${context.ui.paint.bold("Nomad Service Checks:")}\n${formatList([["Service", "Task", "Name", "Mode", "Status"], ...rows])}`,
  );
}
