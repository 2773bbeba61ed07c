import type { GroupNetwork, TaskDriver, TaskOwner } from "../../drivers/port.ts";
import { AppError, errorText } from "../../lib/errors.ts";
import { groupOf } from "../core/node/decide-allocation.ts";
import { dnsOf, hasOwnNetwork } from "../core/node/group-network.ts";
import { interpolateText } from "../core/node/interpolate.ts";
import { wholeGroup } from "../core/node/types.ts";
import type { Observation, Outcome } from "../core/node/types.ts";
import type { DesiredAllocation } from "../ports.ts";
import { isUnreachable } from "./task-operations.ts";

export interface NetworkContext {
  readonly desired: DesiredAllocation;
  readonly driver: TaskDriver | undefined;
  readonly owner: TaskOwner;
  readonly tell: (outcome: Outcome) => void;
  readonly signal: AbortSignal;
}

/** The driver that makes the group's network: the first of its tasks' drivers that can. */
export function networkDriverOf(
  desired: DesiredAllocation,
  drivers: ReadonlyMap<string, TaskDriver>,
): TaskDriver | undefined {
  const found = groupOf(desired).Tasks.map((task) => drivers.get(task.Driver));
  return found.find((driver) => driver?.networks !== undefined);
}

/** Only an engine out of reach throws: everything else is an outcome. */
export async function makeNetwork(context: NetworkContext): Promise<Outcome> {
  const { desired, driver, owner, tell, signal } = context;
  const { allocation, job } = desired;
  const group = groupOf(desired);
  const networks = driver?.networks;
  if (!networks)
    return failed("no driver of the group's tasks can make a network of their own: use docker");
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
