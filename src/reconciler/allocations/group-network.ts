import type { GroupNetwork, TaskDriver, TaskOwner } from "../../drivers/port.ts";
import { AppError, errorText } from "../../lib/errors.ts";
import { groupOf } from "../core/node/decide-allocation.ts";
import { dnsOf, hasOwnNetwork } from "../core/node/group-network.ts";
import { interpolateText } from "../core/node/interpolate.ts";
import { wholeGroup } from "../core/node/types.ts";
import type { AllocationRecord, Observation, Outcome } from "../core/node/types.ts";
import type { DesiredAllocation } from "../ports.ts";
import { isUnreachable } from "./task-operations.ts";

export interface NetworkContext {
  readonly desired: DesiredAllocation;
  readonly driver: TaskDriver | undefined;
  readonly owner: TaskOwner;
  readonly tell: (outcome: Outcome) => void;
  readonly signal: AbortSignal;
}

/** The driver that makes the group's network: the first of its tasks' drivers that can, else any of this node. */
export function networkDriverOf(
  desired: DesiredAllocation,
  drivers: ReadonlyMap<string, TaskDriver>,
): TaskDriver | undefined {
  const own = groupOf(desired).Tasks.map((task) => drivers.get(task.Driver));
  return [...own, ...drivers.values()].find((driver) => driver?.networks !== undefined);
}

/**
 * The namespace that a task joins whose driver makes no networks. Throws while it cannot be seen: the start is repeated,
 * and a network that is lost is made anew meanwhile.
 */
export async function namespaceFor(
  desired: DesiredAllocation,
  driver: TaskDriver,
  {
    drivers,
    owner,
    network,
  }: {
    readonly drivers: ReadonlyMap<string, TaskDriver>;
    readonly owner: TaskOwner;
    readonly network: string | undefined;
  },
  signal: AbortSignal,
): Promise<string | undefined> {
  if (network === undefined || driver.networks !== undefined) return undefined;
  const networks = networkDriverOf(desired, drivers)?.networks;
  const found = await networks?.inspect(desired.allocation.ID, owner, signal);
  if (found?.handle !== network)
    throw new AppError("unavailable", "the network of the group is not there");
  return found.namespace;
}

/** The variables of tasks and the checks read the addresses of the group's own network, as soon as there are some. */
export function withNetwork(
  desired: DesiredAllocation,
  record: AllocationRecord | undefined,
): DesiredAllocation {
  const NetworkStatus = record?.network?.status;
  if (!NetworkStatus) return desired;
  return { ...desired, allocation: { ...desired.allocation, NetworkStatus } };
}

/** Only an engine out of reach throws: everything else is an outcome. */
export async function makeNetwork(context: NetworkContext): Promise<Outcome> {
  const { desired, driver, owner, tell, signal } = context;
  const { allocation, job } = desired;
  const group = groupOf(desired);
  const networks = driver?.networks;
  if (!networks)
    return failed("no driver of this node can make a network for the group: it needs docker");
  const network = group.Networks?.find(({ Mode }) => Mode === "bridge");
  const first = group.Tasks[0]?.Name ?? "";
  try {
    const made = await networks.ensure(
      {
        allocationId: allocation.ID,
        owner,
        jobId: job.ID,
        group: group.Name,
        hostname: interpolateText(network?.Hostname ?? "", [{ NOMAD_ALLOC_ID: allocation.ID }]),
        ports: allocation.AllocatedResources.Shared.Ports ?? [],
        dns: dnsOf(group),
      },
      (notice) => {
        tell({ kind: "notice", task: first, notice });
      },
      signal,
    );
    return { kind: "network-made", task: wholeGroup, handle: made.handle, status: made.status };
  } catch (thrown) {
    if (isUnreachable(thrown) || signal.aborted) throw thrown;
    if (thrown instanceof AppError) return failed(errorText(thrown));
    throw thrown;
  }
}

const failed = (error: string): Outcome => ({ kind: "network-failed", task: wholeGroup, error });

export async function removeNetwork(context: NetworkContext): Promise<Outcome> {
  const { desired, driver, owner, signal } = context;
  await driver?.networks?.remove(desired.allocation.ID, owner, signal);
  return { kind: "network-removed", task: wholeGroup };
}

/** What the engine says of the group's network; an engine that does not answer says nothing. */
export async function lookAtNetwork(
  desired: DesiredAllocation,
  drivers: ReadonlyMap<string, TaskDriver>,
  owner: TaskOwner,
): Promise<Observation | undefined> {
  const networks = networkDriverOf(desired, drivers)?.networks;
  if (!networks || !hasOwnNetwork(groupOf(desired))) return undefined;
  try {
    const signal = AbortSignal.timeout(lookTimeoutMs);
    return seenNetwork(await networks.inspect(desired.allocation.ID, owner, signal));
  } catch (thrown) {
    // Whatever went wrong with the question, it is no evidence that the network is gone.
    return { kind: "unknown", reason: errorText(thrown) };
  }
}

const lookTimeoutMs = 10_000;

const seenNetwork = (network: GroupNetwork | undefined): Observation =>
  network ? { kind: "network", handle: network.handle, status: network.status } : { kind: "gone" };
