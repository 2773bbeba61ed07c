import type { AllocatedResources, AllocatedTaskResources } from "../../../model/allocation.ts";
import type { AllocationId } from "../../../model/ids.ts";
import type { NetworkResource, TaskGroup } from "../../../model/job.ts";
import type { Node } from "../../../model/node.ts";
import { groupAmount, nodeCapacity, taskCpu } from "./demand.ts";
import type { Amount } from "./demand.ts";
import type { RegexpSearch } from "./constraints.ts";
import { offerDevices, wantsDevices } from "./devices.ts";
import type { DeviceOffer } from "./devices.ts";
import { assignPorts } from "./ports.ts";
import type { NodeUsage } from "./usage.ts";

export interface FitRequest {
  readonly group: TaskGroup;
  readonly node: Node;
  readonly usage: NodeUsage;
  /** The allocation that the new one follows, when it is on this node: what it and those before it stop holding. */
  readonly previous: AllocationId | undefined;
  readonly fraction: () => number;
  readonly memoryOversubscription: boolean;
  readonly search: RegexpSearch;
}
export type Fit =
  | {
      readonly resources: AllocatedResources;
      /** What stays on the node, with the new allocation. */
      readonly packed: Amount;
      /** How well the devices suit; undefined when no affinity asks. */
      readonly deviceAffinity: number | undefined;
    }
  | { readonly exhausted: string };

/** Is there room, and if so, what exactly does the allocation get? Ports are judged before cpu, memory and disk. */
export function fitGroup(request: FitRequest): Fit {
  const { group, node, usage, previous } = request;
  const shared = groupNetwork(request);
  if ("exhausted" in shared) return shared;
  const devices = groupDevices(request);
  if ("exhausted" in devices) return devices;
  const tasks = taskResources(request, devices.byTask);
  if ("exhausted" in tasks) return tasks;
  const amount = groupAmount(group, node);
  const exhausted = exhaustedDimension(usage.totalWith(amount, previous), nodeCapacity(node));
  if (exhausted !== undefined) return { exhausted };
  return {
    packed: add(usage.staying, amount),
    deviceAffinity: devices.affinity,
    resources: {
      Tasks: tasks.tasks,
      TaskLifecycles: Object.fromEntries(group.Tasks.map((task) => [task.Name, task.Lifecycle])),
      Shared: {
        Networks: shared.network ? [shared.network] : null,
        DiskMB: group.EphemeralDisk?.SizeMB ?? 0,
        Ports: shared.ports,
      },
    },
  };
}

export function exhaustedDimension(used: Amount, capacity: Amount): string | undefined {
  if (used.cpu > capacity.cpu) return "cpu";
  if (used.memory > capacity.memory) return "memory";
  return used.disk > capacity.disk ? "disk" : undefined;
}

const add = (a: Amount, b: Amount): Amount => ({
  cpu: a.cpu + b.cpu,
  memory: a.memory + b.memory,
  disk: a.disk + b.disk,
});

function groupNetwork(request: FitRequest):
  | { readonly exhausted: string }
  | {
      readonly network: NetworkResource | undefined;
      readonly ports: AllocatedResources["Shared"]["Ports"];
    } {
  const network = request.group.Networks?.[0];
  if (!network) return { network: undefined, ports: null };
  const offer = assignPorts({ ...request, network });
  if ("exhausted" in offer) return offer;
  return { network: offer.network, ports: offer.ports.length > 0 ? offer.ports : null };
}

function groupDevices(request: FitRequest): DeviceOffer | { readonly exhausted: string } {
  const { group, node, usage, previous, search } = request;
  if (!wantsDevices(group)) return { byTask: {}, affinity: undefined };
  const offer = offerDevices({ group, node, used: usage.devicesInUse(previous), search });
  return "lack" in offer ? { exhausted: `devices: ${offer.lack}` } : offer;
}

function taskResources(
  request: FitRequest,
  devices: DeviceOffer["byTask"],
):
  | { readonly exhausted: string }
  | { readonly tasks: { readonly [task: string]: AllocatedTaskResources } } {
  const { group, node, usage, previous } = request;
  const freeCores = group.Tasks.some((task) => task.Resources.Cores > 0)
    ? coresLeft(node, usage.coresInUse(previous))
    : [];
  const tasks: { [task: string]: AllocatedTaskResources } = {};
  for (const task of group.Tasks) {
    const { Cores, MemoryMB, MemoryMaxMB, SecretsMB, Networks } = task.Resources;
    if (freeCores.length < Cores) return { exhausted: "cores" };
    const cores = freeCores.splice(0, Cores);
    const networks = (Networks ?? []).map((network) => assignPorts({ ...request, network }));
    const refused = networks.find((offer) => "exhausted" in offer);
    if (refused && "exhausted" in refused) return refused;
    const granted = networks.flatMap((offer) => ("network" in offer ? [offer.network] : []));
    tasks[task.Name] = {
      Cpu: { CpuShares: taskCpu(task.Resources, node), ReservedCores: Cores > 0 ? cores : null },
      Memory: {
        MemoryMB: MemoryMB + SecretsMB,
        MemoryMaxMB: request.memoryOversubscription ? MemoryMaxMB : 0,
      },
      Networks: granted.length > 0 ? granted : null,
      Devices: devices[task.Name] ?? null,
    };
  }
  return { tasks };
}

const coresLeft = (node: Node, used: ReadonlySet<number>): number[] =>
  (node.NodeResources.Cpu.ReservableCpuCores ?? []).filter((core) => !used.has(core));
