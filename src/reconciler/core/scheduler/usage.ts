/**
 * What is taken on one node. Invariants:
 * S1. an allocation counts until its client says that it is gone; a stopping one whose successor is already planned on
 *     the same node counts only for what it has above its successor, since the node starts the successor after it;
 * S2. a port, a whole core and a device are held until then too, and pass to that successor alone.
 */
import { isClientTerminal, isServerTerminal } from "../../../model/allocation.ts";
import type { AllocatedResources, Allocation } from "../../../model/allocation.ts";
import type { AllocationId } from "../../../model/ids.ts";
import { allocatedAmount } from "./demand.ts";
import type { Amount } from "./demand.ts";
import { devicesOf } from "./devices.ts";

export interface GroupKey {
  readonly namespace: string;
  readonly jobId: string;
  readonly group: string;
}
export interface Holding extends GroupKey {
  readonly id: AllocationId;
  readonly previous: AllocationId | null;
  readonly isStopping: boolean;
  readonly amount: Amount;
  readonly cores: readonly number[];
  /** `address:port`. */
  readonly ports: readonly string[];
  /** Keys of instances. */
  readonly devices: readonly string[];
  readonly name: string;
}

export function holdingOf(allocation: Allocation): Holding | undefined {
  if (isClientTerminal(allocation)) return undefined;
  return {
    id: allocation.ID,
    previous: allocation.PreviousAllocation,
    isStopping: isServerTerminal(allocation),
    amount: allocatedAmount(allocation.AllocatedResources),
    cores: coresOf(allocation.AllocatedResources),
    ports: portsOf(allocation.AllocatedResources),
    devices: devicesOf(allocation.AllocatedResources),
    namespace: allocation.Namespace,
    jobId: allocation.JobID,
    group: allocation.TaskGroup,
    name: allocation.Name,
  };
}

export class NodeUsage {
  readonly #holdings = new Map<AllocationId, Holding>();
  readonly #successors = new Map<AllocationId, AllocationId>();
  /** Who holds what only one may hold. */
  readonly #holders = new Map<string, Set<AllocationId>>();
  readonly #groupCounts = new Map<string, number>();
  #cpu = 0;
  #memory = 0;
  #disk = 0;
  /** What is left once everything that has to stop is gone: what a node is scored by. */
  #staying: Amount = { cpu: 0, memory: 0, disk: 0 };

  get staying(): Amount {
    return this.#staying;
  }

  get total(): Amount {
    return { cpu: this.#cpu, memory: this.#memory, disk: this.#disk };
  }

  copy(): NodeUsage {
    const copy = new NodeUsage();
    for (const holding of this.#holdings.values()) copy.set(holding);
    return copy;
  }

  get(id: AllocationId): Holding | undefined {
    return this.#holdings.get(id);
  }

  holdings(): Iterable<Holding> {
    return this.#holdings.values();
  }

  set(holding: Holding): void {
    this.delete(holding.id);
    this.#holdings.set(holding.id, holding);
    this.#change(holding.id, 1);
    this.#countStaying(holding, 1);
    if (holding.previous !== null) {
      this.#change(holding.previous, -1);
      this.#successors.set(holding.previous, holding.id);
      this.#change(holding.previous, 1);
    }
    for (const thing of exclusive(holding)) {
      const holders = this.#holders.get(thing) ?? new Set();
      this.#holders.set(thing, holders.add(holding.id));
    }
  }

  delete(id: AllocationId): void {
    const holding = this.#holdings.get(id);
    if (!holding) return;
    this.#change(id, -1);
    this.#countStaying(holding, -1);
    if (holding.previous !== null && this.#successors.get(holding.previous) === id) {
      this.#change(holding.previous, -1);
      this.#successors.delete(holding.previous);
      this.#change(holding.previous, 1);
    }
    this.#holdings.delete(id);
    for (const thing of exclusive(holding)) {
      const holders = this.#holders.get(thing);
      holders?.delete(id);
      if (holders?.size === 0) this.#holders.delete(thing);
    }
  }

  /** Allocations of the group that stay. */
  countOfGroup(group: GroupKey): number {
    return this.#groupCounts.get(groupText(group)) ?? 0;
  }

  /** Everything but this one, which is about to be replaced. */
  totalWithout(id: AllocationId | undefined): Amount {
    const holding = id === undefined ? undefined : this.#holdings.get(id);
    if (!holding) return this.total;
    const counted = this.#counted(holding);
    return {
      cpu: this.#cpu - counted.cpu,
      memory: this.#memory - counted.memory,
      disk: this.#disk - counted.disk,
    };
  }

  coresInUse(except: AllocationId | undefined): Set<number> {
    const cores = new Set<number>();
    for (const holding of this.#holdings.values())
      if (holding.id !== except) for (const core of holding.cores) cores.add(core);
    return cores;
  }

  devicesInUse(except: AllocationId | undefined): Set<string> {
    const devices = new Set<string>();
    for (const holding of this.#holdings.values())
      if (holding.id !== except) for (const device of holding.devices) devices.add(device);
    return devices;
  }

  /** S2: may an allocation that follows `previous` take this port? */
  isPortFree(port: string, previous: AllocationId | undefined): boolean {
    for (const holder of this.#holders.get(port) ?? []) {
      if (holder !== previous || this.#holdings.get(holder)?.isStopping !== true) return false;
    }
    return true;
  }

  /** What has two live holders, unless one waits for the other to go. */
  conflicts(): string[] {
    const conflicts: string[] = [];
    for (const [thing, holders] of this.#holders) {
      const settled = [...holders].filter((id) => {
        const successor = this.#successors.get(id);
        const waits = successor !== undefined && holders.has(successor);
        return !(waits && this.#holdings.get(id)?.isStopping === true);
      });
      if (settled.length > 1) conflicts.push(thing);
    }
    return conflicts.toSorted();
  }

  #countStaying(holding: Holding, by: 1 | -1): void {
    if (holding.isStopping) return;
    const { cpu, memory, disk } = this.#staying;
    this.#staying = {
      cpu: cpu + by * holding.amount.cpu,
      memory: memory + by * holding.amount.memory,
      disk: disk + by * holding.amount.disk,
    };
    const key = groupText(holding);
    const count = (this.#groupCounts.get(key) ?? 0) + by;
    if (count === 0) this.#groupCounts.delete(key);
    else this.#groupCounts.set(key, count);
  }

  /** Adds or takes away what the allocation counts for at present. */
  #change(id: AllocationId, sign: 1 | -1): void {
    const holding = this.#holdings.get(id);
    if (!holding) return;
    const counted = this.#counted(holding);
    this.#cpu += sign * counted.cpu;
    this.#memory += sign * counted.memory;
    this.#disk += sign * counted.disk;
  }

  #counted(holding: Holding): Amount {
    const successorId = this.#successors.get(holding.id);
    const successor = successorId === undefined ? undefined : this.#holdings.get(successorId);
    if (!holding.isStopping || !successor) return holding.amount;
    return excess(holding.amount, successor.amount);
  }
}

/** Most hold ports at most, and are counted thousands of times in one evaluation. */
const exclusive = ({ ports, cores, devices }: Holding): readonly string[] =>
  cores.length + devices.length === 0
    ? ports
    : [...ports, ...cores.map((core) => `core ${core}`), ...devices];

export const excess = (before: Amount, after: Amount): Amount => ({
  cpu: Math.max(0, before.cpu - after.cpu),
  memory: Math.max(0, before.memory - after.memory),
  disk: Math.max(0, before.disk - after.disk),
});

const groupText = (key: GroupKey): string => `${key.namespace}\n${key.jobId}\n${key.group}`;

export const portKey = (address: string, port: number): string => `${address}:${port}`;

function portsOf(resources: AllocatedResources): string[] {
  const shared = (resources.Shared.Ports ?? [])
    .filter((port) => !port.IgnoreCollision)
    .map((port) => portKey(port.HostIP, port.Value));
  const own = Object.values(resources.Tasks).flatMap((task) =>
    (task.Networks ?? []).flatMap((network) =>
      [...(network.ReservedPorts ?? []), ...(network.DynamicPorts ?? [])].map((port) =>
        portKey(network.IP, port.Value),
      ),
    ),
  );
  return [...new Set([...shared, ...own])];
}

export const coresOf = (resources: AllocatedResources): number[] =>
  Object.values(resources.Tasks).flatMap((task) => [...(task.Cpu.ReservedCores ?? [])]);
