import type { AllocatedPort, Allocation } from "../../../model/allocation.ts";
import type { CheckResult } from "../../../model/check.ts";
import type { NetworkResource, StringMap, TaskGroup } from "../../../model/job.ts";
import type { Node } from "../../../model/node.ts";
import type { ServiceRegistration } from "../../../model/service.ts";
import { servicesOf } from "./checks.ts";
import type { PlacedService } from "./checks.ts";
import { isRunningFully } from "./decide-allocation.ts";
import { interpolateText } from "./interpolate.ts";
import { taskPorts } from "./task-ports.ts";
import type { AllocationRecord, DecisionInput, TaskNetwork } from "./types.ts";

/** An instance that shall be in the catalogue; while it is held, it only stays there if it is there already. */
export interface WantedService {
  readonly registration: ServiceRegistration;
  readonly isHeld: boolean;
}
/** What a check says of the service that it belongs to. */
export interface ServiceFinding {
  readonly plan: {
    readonly service: string;
    /** Empty for a service of the group. */
    readonly task: string;
    readonly mode: "healthiness" | "readiness";
  };
  readonly result: Pick<CheckResult, "status">;
}
export interface ServicesInput extends Pick<DecisionInput, "allocation" | "job"> {
  readonly group: TaskGroup;
  readonly record: AllocationRecord;
  readonly node: Node;
  /** What `${..}` in a service of this task means; of the group when undefined. */
  readonly tables: (task: string | undefined) => readonly StringMap[];
  /** One for each check that is planned; one without a result yet is pending. */
  readonly findings: readonly ServiceFinding[];
  /** The addresses that drivers gave their tasks. */
  readonly networks: ReadonlyMap<string, TaskNetwork>;
}
export interface ServicesDecision {
  readonly wanted: readonly WantedService[];
  /** Services that have no address, with the reason. */
  readonly faults: readonly string[];
}

/**
 * Which instances of services this allocation has in the catalogue now.
 * 1. Only while what stands behind it runs, and never once it is to be withdrawn.
 * 2. It appears when its healthiness checks have all succeeded; a failure later does not take it out, as published.
 * 3. A check for readiness (`on_update = "ignore"`) takes it out as long as it fails.
 * 4. Not knowing changes nothing: while a check has no result, what is in the catalogue stays as it is.
 */
export function decideServices(input: ServicesInput): ServicesDecision {
  const wanted: WantedService[] = [];
  const faults: string[] = [];
  for (const placed of servicesOf(input.group)) {
    if (!isUp(input, placed)) continue;
    const verdict = verdictOf(input, placed);
    if (verdict === "out") continue;
    const built = registrationOf(input, placed);
    if (typeof built === "string") faults.push(built);
    else wanted.push({ registration: built, isHeld: verdict === "held" });
  }
  return { wanted, faults };
}

function isUp(input: ServicesInput, { task }: PlacedService): boolean {
  const { allocation, record } = input;
  if (record.withdrawal !== undefined || allocation.DesiredStatus !== "run" || record.isEnding)
    return false;
  if (task !== "") return record.tasks[task]?.phase === "running";
  const isLeaving = Object.values(record.tasks).some(
    ({ phase }) => phase === "stopping" || phase === "delaying",
  );
  return !isLeaving && isRunningFully(input, record);
}

type Verdict = "in" | "held" | "out";

function verdictOf(input: ServicesInput, placed: PlacedService): Verdict {
  const name = wordsOf(input, placed)(placed.service.Name);
  const findings = input.findings.filter(
    ({ plan }) => plan.service === name && plan.task === placed.task,
  );
  const isFailing = ({ plan, result }: ServiceFinding): boolean =>
    plan.mode === "readiness" && result.status === "failure";
  if (findings.some(isFailing)) return "out";
  return findings.every(({ result }) => result.status === "success") ? "in" : "held";
}

const wordsOf =
  (input: ServicesInput, { service, task }: PlacedService) =>
  (text: string): string =>
    interpolateText(text, input.tables(service.TaskName || task || undefined));

function registrationOf(input: ServicesInput, placed: PlacedService): ServiceRegistration | string {
  const { allocation, node, group } = input;
  const { service, task } = placed;
  const text = wordsOf(input, placed);
  const name = text(service.Name);
  const address = addressOf(input, placed, text);
  if (typeof address === "string") return `service ${JSON.stringify(name)}: ${address}`;
  const isCanary = allocation.DeploymentStatus?.Canary === true;
  const canaryTags = service.CanaryTags ?? [];
  const tags = isCanary && canaryTags.length > 0 ? canaryTags : (service.Tags ?? []);
  const place = task === "" ? `group-${group.Name}` : task;
  return {
    ID: `_nomad-task-${allocation.ID}-${place}-${name}-${service.PortLabel}`,
    ServiceName: name,
    Namespace: allocation.Namespace,
    NodeID: allocation.NodeID,
    Datacenter: node.Datacenter,
    JobID: allocation.JobID,
    AllocID: allocation.ID,
    Tags: tags.map(text),
    Address: address.host,
    Port: address.port,
    CreateIndex: 0,
    ModifyIndex: 0,
  };
}

interface Address {
  readonly host: string;
  readonly port: number;
}

/** Where others reach the service; a text says why nowhere. */
function addressOf(
  input: ServicesInput,
  { service, task }: PlacedService,
  text: (value: string) => string,
): Address | string {
  const label = text(service.PortLabel);
  const own = text(service.Address);
  const ports = portsOf(input.allocation, task);
  const driver = input.networks.get(service.TaskName || task || (input.group.Tasks[0]?.Name ?? ""));
  switch (service.AddressMode) {
    case "host":
      return onHost(input, ports, label);
    case "driver":
      return inDriver(driver, ports, label);
    case "alloc":
      return inAllocation(ports, label, input.allocation.NetworkStatus?.Address ?? "");
    case "alloc_ipv6":
      return inAllocation(ports, label, input.allocation.NetworkStatus?.AddressIPv6 ?? "");
    default: {
      if (own === "" && driver?.isAdvertised) return inDriver(driver, ports, label);
      const host = onHost(input, ports, label);
      return own === "" || typeof host === "string" ? host : { ...host, host: own };
    }
  }
}

function onHost(
  { allocation, node }: ServicesInput,
  ports: readonly AllocatedPort[],
  label: string,
): Address | string {
  const port = ports.find((each) => each.Label === label);
  if (port) return { host: port.HostIP, port: port.Value };
  const number = numberOf(label);
  if (number === undefined) return unknownPort(label);
  const networks: readonly NetworkResource[] = allocation.AllocatedResources.Shared.Networks ?? [];
  const host = networks[0]?.IP || ports[0]?.HostIP || node.Attributes["unique.network.ip-address"];
  return { host: host || "127.0.0.1", port: number };
}

function inDriver(
  network: TaskNetwork | undefined,
  ports: readonly AllocatedPort[],
  label: string,
): Address | string {
  if (!network || network.ip === "")
    return 'cannot use address_mode="driver": no driver network exists';
  const port = ports.find((each) => each.Label === label);
  const inside = network.ports[label] ?? (port && (port.To > 0 ? port.To : port.Value));
  const number = inside ?? numberOf(label);
  return number === undefined ? unknownPort(label) : { host: network.ip, port: number };
}

function inAllocation(
  ports: readonly AllocatedPort[],
  label: string,
  host: string,
): Address | string {
  if (host === "") return 'cannot use address_mode="alloc": no allocation network status reported';
  const port = ports.find((each) => each.Label === label);
  const number = port ? (port.To > 0 ? port.To : port.Value) : numberOf(label);
  return number === undefined ? unknownPort(label) : { host, port: number };
}

/** A service without a port is found by its address alone. */
function numberOf(label: string): number | undefined {
  if (label === "") return 0;
  const number = /^\d+$/.test(label) ? Number(label) : 0;
  return number > 0 && number < 65_536 ? number : undefined;
}

const unknownPort = (label: string): string =>
  `invalid port ${JSON.stringify(label)}: port label not found`;

function portsOf(allocation: Allocation, task: string): readonly AllocatedPort[] {
  const shared = allocation.AllocatedResources.Shared.Ports ?? [];
  const names = task === "" ? Object.keys(allocation.AllocatedResources.Tasks).toSorted() : [task];
  return [...shared, ...names.flatMap((name) => taskPorts(allocation, name))];
}
