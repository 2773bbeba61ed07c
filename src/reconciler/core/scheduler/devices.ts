/**
 * Which instances of a node's devices the tasks of a group get.
 * S1. An instance has one holder: one that somebody else holds, or that is unwell, is never offered.
 */
import type { AllocatedDevice, AllocatedResources } from "../../../model/allocation.ts";
import type { RequestedDevice, TaskGroup } from "../../../model/job.ts";
import type { Node, NodeDeviceResource } from "../../../model/node.ts";
import type { RegexpSearch } from "./constraints.ts";
import { deviceMatches, deviceSatisfies, instanceMatches } from "./device-rules.ts";

export interface DeviceOffer {
  /** In the order of the task's `device` blocks. */
  readonly byTask: { readonly [task: string]: readonly AllocatedDevice[] };
  /** Weights of the affinities that are met, over all weights; undefined when no block has any. */
  readonly affinity: number | undefined;
}
export interface DeviceQuestion {
  readonly group: TaskGroup;
  readonly node: Node;
  /** Keys of the instances that are held. */
  readonly used: ReadonlySet<string>;
  readonly search: RegexpSearch;
}
interface Ask {
  readonly task: string;
  readonly request: RequestedDevice;
}
interface Pool {
  readonly device: NodeDeviceResource;
  free: readonly string[];
}

/** The same instance under another name, as after a new driver, is still the same. */
export const deviceKey = (vendor: string, type: string, id: string): string =>
  `device ${vendor}/${type}[${id}]`;

export const wantsDevices = (group: TaskGroup): boolean =>
  group.Tasks.some((task) => (task.Resources.Devices ?? []).length > 0);

/** Has the node what the group asks for, if nobody else held anything? */
export const hasDevices = (group: TaskGroup, node: Node, search: RegexpSearch): boolean =>
  !wantsDevices(group) || isEnough(offerDevices({ group, node, used: new Set(), search }));

/** A request for nothing is no fault of the node. */
const isEnough = (offer: ReturnType<typeof offerDevices>): boolean =>
  !("lack" in offer) || offer.lack === zeroAsked;
const zeroAsked = "invalid request of zero devices";

export function offerDevices(question: DeviceQuestion): DeviceOffer | { readonly lack: string } {
  const { group, search } = question;
  const asks = group.Tasks.flatMap((task) =>
    (task.Resources.Devices ?? []).map((request): Ask => ({ task: task.Name, request })),
  );
  if (asks.length === 0) return { byTask: {}, affinity: undefined };
  const pools = poolsOf(question);
  if (pools.length === 0) return { lack: "no devices available" };
  if (asks.some(({ request }) => request.Count < 1)) return { lack: zeroAsked };
  const given = new Map<Ask, AllocatedDevice>();
  let met = 0;
  for (const ask of mostDemandingFirst(asks, pools, search)) {
    const best = bestPool(ask.request, pools, search);
    if (!best) return { lack: "no devices match request" };
    const { device } = best.pool;
    best.pool.free = best.pool.free.filter((id) => !best.ids.includes(id));
    met += best.met;
    given.set(ask, {
      Vendor: device.Vendor,
      Type: device.Type,
      Name: device.Name,
      DeviceIDs: best.ids,
    });
  }
  return { byTask: grouped(asks, given), affinity: affinityOf(asks, met) };
}

/** What a placement holds that its node does not have, or not in working order: the plan is from another time. */
export function lostDevices(resources: AllocatedResources, node: Node): string[] {
  const healthy = new Set(
    (node.NodeResources.Devices ?? []).flatMap((device) =>
      device.Instances.filter(({ Healthy }) => Healthy).map(({ ID }) =>
        deviceKey(device.Vendor, device.Type, ID),
      ),
    ),
  );
  return devicesOf(resources).filter((key) => !healthy.has(key));
}

export const devicesOf = (resources: AllocatedResources): string[] =>
  Object.values(resources.Tasks).flatMap((task) =>
    (task.Devices ?? []).flatMap(({ Vendor, Type, DeviceIDs }) =>
      DeviceIDs.map((id) => deviceKey(Vendor, Type, id)),
    ),
  );

const poolsOf = ({ node, used }: DeviceQuestion): Pool[] =>
  (node.NodeResources.Devices ?? []).map((device) => ({
    device,
    free: device.Instances.filter(
      ({ ID, Healthy }) => Healthy && !used.has(deviceKey(device.Vendor, device.Type, ID)),
    ).map(({ ID }) => ID),
  }));

/** Who has the fewest models to choose from, and of those who wants the most, chooses first. */
function mostDemandingFirst(
  asks: readonly Ask[],
  pools: readonly Pool[],
  search: RegexpSearch,
): Ask[] {
  const choices = new Map(
    asks.map((ask) => [
      ask,
      pools.filter((pool) => fitting(ask.request, pool, search) !== undefined).length,
    ]),
  );
  return asks.toSorted(
    (a, b) => (choices.get(a) ?? 0) - (choices.get(b) ?? 0) || b.request.Count - a.request.Count,
  );
}

interface Choice {
  readonly pool: Pool;
  readonly ids: readonly string[];
  /** Weight of the affinities that the model meets. */
  readonly met: number;
}

function bestPool(
  request: RequestedDevice,
  pools: readonly Pool[],
  search: RegexpSearch,
): Choice | undefined {
  let best: Choice | undefined;
  for (const pool of pools) {
    const ids = fitting(request, pool, search);
    if (!ids) continue;
    const met = (request.Affinities ?? [])
      .filter((affinity) => deviceSatisfies(affinity, pool.device, search))
      .reduce((sum, { Weight }) => sum + Weight, 0);
    if (!best || met > best.met) best = { pool, ids, met };
  }
  return best;
}

/** The instances that the request would get of the model; undefined when there are too few. */
function fitting(
  request: RequestedDevice,
  { device, free }: Pool,
  search: RegexpSearch,
): readonly string[] | undefined {
  if (free.length < request.Count || !deviceMatches(request, device, search)) return undefined;
  const ids = free.filter((id) => instanceMatches(request, id, device, search));
  return ids.length < request.Count ? undefined : ids.slice(0, request.Count);
}

function grouped(
  asks: readonly Ask[],
  given: ReadonlyMap<Ask, AllocatedDevice>,
): DeviceOffer["byTask"] {
  const byTask: { [task: string]: AllocatedDevice[] } = {};
  for (const ask of asks) {
    const device = given.get(ask);
    if (device) (byTask[ask.task] ??= []).push(device);
  }
  return byTask;
}

function affinityOf(asks: readonly Ask[], met: number): number | undefined {
  const all = asks
    .flatMap(({ request }) => request.Affinities ?? [])
    .reduce((sum, { Weight }) => sum + Math.abs(Weight), 0);
  return all === 0 ? undefined : met / all;
}
