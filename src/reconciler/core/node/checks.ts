import { parseInstant } from "../../../lib/instant.ts";
import type { Allocation } from "../../../model/allocation.ts";
import type { CheckPlan, CheckResult, CheckTarget } from "../../../model/check.ts";
import type { Service, ServiceCheck, StringMap, TaskGroup } from "../../../model/job.ts";
import { interpolateText } from "./interpolate.ts";
import type { AllocationRecord, ChecksView, RestartRequest } from "./types.ts";

/** What the restarts and the verdict need of a check's state. */
export interface CheckFinding {
  readonly plan: CheckPlan;
  readonly result: Pick<CheckResult, "status" | "sinceNs">;
}
export interface PlanChecksInput {
  readonly allocation: Allocation;
  readonly group: TaskGroup;
  /** What `${..}` in a service of this task means; of the group when undefined. */
  readonly tables: (task: string | undefined) => readonly StringMap[];
  /** Hex SHA-256 over the parts, one behind the other. */
  readonly hash: (parts: readonly (string | bigint)[]) => string;
}

/** The checks of all services that the cluster itself provides; those of other providers are theirs. */
export function planChecks(input: PlanChecksInput): readonly CheckPlan[] {
  return servicesOf(input.group).flatMap(({ service, task }) =>
    (service.Checks ?? [])
      .filter(({ Type }) => Type === "tcp" || Type === "http")
      .map((check) => planCheck(input, service, task, check)),
  );
}

/** A service and the task it stands in; empty for one of the group. */
export interface PlacedService {
  readonly service: Service;
  readonly task: string;
}

/** All services of the group and its tasks that the cluster itself provides. */
export function servicesOf(group: TaskGroup): readonly PlacedService[] {
  const ofGroup = (group.Services ?? []).map((service) => ({ service, task: "" }));
  const ofTasks = group.Tasks.flatMap((task) =>
    (task.Services ?? []).map((service) => ({ service, task: task.Name })),
  );
  return [...ofGroup, ...ofTasks].filter(({ service }) => service.Provider === "nomad");
}

function planCheck(
  input: PlanChecksInput,
  service: Service,
  task: string,
  check: ServiceCheck,
): CheckPlan {
  const { allocation } = input;
  const owner = check.TaskName || service.TaskName || task;
  const tables = input.tables(owner === "" ? undefined : owner);
  const text = (value: string): string => interpolateText(value, tables);
  const headers = Object.entries(check.Header ?? {}).map(([name, values]): [string, string[]] => [
    text(name),
    values.map(text),
  ]);
  const onUpdate = check.OnUpdate || service.OnUpdate;
  const limit = check.CheckRestart?.Limit ?? 0;
  return {
    id: input.hash(idParts(allocation, check, text)),
    name: text(check.Name) || `service: "${text(service.Name)}" check`,
    service: text(service.Name),
    task,
    group: allocation.Name,
    mode: onUpdate === "ignore" ? "readiness" : "healthiness",
    type: check.Type === "tcp" ? "tcp" : "http",
    target: targetOf(allocation, text(check.PortLabel || service.PortLabel), text(service.Address)),
    protocol: check.Protocol === "https" ? "https" : "http",
    path: text(check.Path),
    method: text(check.Method) || "GET",
    headers: Object.fromEntries(headers),
    body: text(check.Body),
    skipsTlsVerify: check.TLSSkipVerify,
    intervalMs: Math.max(1_000, check.Interval / 1e6),
    timeoutMs: Math.max(1, check.Timeout / 1e6),
    restart:
      check.CheckRestart && limit > 0 && owner !== ""
        ? { task: owner, limit, graceMs: check.CheckRestart.Grace / 1e6 }
        : undefined,
  };
}

const idParts = (
  allocation: Allocation,
  check: ServiceCheck,
  text: (value: string) => string,
): readonly (string | bigint)[] => [
  allocation.ID,
  allocation.TaskGroup,
  check.TaskName,
  text(check.Name),
  text(check.Type),
  text(check.PortLabel),
  check.OnUpdate,
  check.AddressMode,
  BigInt(check.Interval),
  BigInt(check.Timeout),
  text(check.Protocol),
  text(check.Path),
  text(check.Method),
  String(check.TLSSkipVerify),
];

/** A label of the allocation's ports, or a port number on the allocation's address. */
function targetOf(allocation: Allocation, label: string, address: string): CheckTarget | undefined {
  const { Ports, Networks } = allocation.AllocatedResources.Shared;
  const port = Ports?.find((each) => each.Label === label);
  if (port) return { host: address || port.HostIP, port: port.Value };
  const number = /^\d+$/.test(label) ? Number(label) : 0;
  const host = address || Networks?.[0]?.IP || Ports?.[0]?.HostIP || "127.0.0.1";
  return number > 0 && number < 65_536 ? { host, port: number } : undefined;
}

/** What the checks say together. A check for readiness may fail, but it has to have run. */
export function viewChecks(
  plans: readonly CheckPlan[],
  findings: readonly CheckFinding[],
): ChecksView {
  if (plans.length === 0) return { kind: "none" };
  const byId = new Map(findings.map((finding) => [finding.plan.id, finding.result]));
  const isPassing = (plan: CheckPlan): boolean => {
    const status = byId.get(plan.id)?.status ?? "pending";
    return status === "success" || (status === "failure" && plan.mode === "readiness");
  };
  const failing = plans.filter((plan) => !isPassing(plan)).map((plan) => plan.service);
  if (failing.length > 0) return { kind: "failing", services: [...new Set(failing)].sort() };
  const since = plans
    .filter((plan) => plan.mode === "healthiness")
    .map((plan) => byId.get(plan.id)?.sinceNs ?? 0);
  return { kind: "passing", sinceNs: Math.max(0, ...since) };
}

export interface CheckRestart {
  readonly task: string;
  readonly request: RestartRequest;
}

/** Tasks whose check stayed unhealthy for too long after their grace, and when the next one is due. */
export function decideCheckRestarts(
  record: AllocationRecord,
  findings: readonly CheckFinding[],
  nowNs: number,
): { readonly restarts: readonly CheckRestart[]; readonly wakeAtNs: number | undefined } {
  const restarts: CheckRestart[] = [];
  let wakeAtNs: number | undefined;
  for (const { plan, result } of findings) {
    const task = plan.restart && record.tasks[plan.restart.task];
    if (!plan.restart || !task || task.phase !== "running" || result.status !== "failure") continue;
    const startNs = parseInstant(task.state.StartedAt ?? "") ?? nowNs;
    const sinceNs = Math.max(result.sinceNs, startNs + plan.restart.graceMs * 1e6);
    const dueNs = sinceNs + plan.intervalMs * 1e6 * (plan.restart.limit - 1);
    if (dueNs > nowNs) wakeAtNs = Math.min(dueNs, wakeAtNs ?? Infinity);
    else if (!restarts.some((each) => each.task === plan.restart?.task))
      restarts.push({
        task: plan.restart.task,
        request: {
          reason: `healthcheck: check "${plan.name}" unhealthy`,
          countsAsFailure: true,
        },
      });
  }
  return { restarts, wakeAtNs };
}
