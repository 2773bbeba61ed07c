/**
 * What is taken on one node. Invariants:
 * S1. an allocation counts until its client says that it is gone; a stopping one whose successor is already planned on
 *     the same node counts only for what it has above its successor, since the node starts the successor after it;
 * S2. a port, a whole core and a device are held until then too, and pass to that successor alone.
 * Both go on along a chain: whoever follows one that stops follows the one before that as well. One that ended before
 * it could start holds nothing, and stays as a link of the chain.
 */
import { hasNeverStarted, isClientTerminal, isServerTerminal } from "../../../model/allocation.ts";
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
  const isOver = isClientTerminal(allocation);
  if (isOver && (allocation.PreviousAllocation === null || !hasNeverStarted(allocation)))
    return undefined;
  return {
    id: allocation.ID,
    previous: allocation.PreviousAllocation,
    isStopping: isOver || isServerTerminal(allocation),
    ...(isOver ? nothingHeld : heldBy(allocation.AllocatedResources)),
    namespace: allocation.Namespace,
    jobId: allocation.JobID,
    group: allocation.TaskGroup,
    name: allocation.Name,
  };
}

type Held = Pick<Holding, "amount" | "cores" | "ports" | "devices">;
const nothing: Amount = { cpu: 0, memory: 0, disk: 0 };
const nothingHeld: Held = { amount: nothing, cores: [], ports: [], devices: [] };
const heldBy = (resources: AllocatedResources): Held => ({
  amount: allocatedAmount(resources),
  cores: coresOf(resources),
  ports: portsOf(resources),
  devices: devicesOf(resources),
});

export class NodeUsage {
  readonly #holdings = new Map<AllocationId, Holding>();
  readonly #successors = new Map<AllocationId, Set<AllocationId>>();
  /** Who holds what only one may hold. */
  readonly #holders = new Map<string, Set<AllocationId>>();
  readonly #groupCounts = new Map<string, number>();
  #total = nothing;
  /** What is left once everything that has to stop is gone: what a node is scored by. */
  #staying = nothing;

  get staying(): Amount {
    return this.#staying;
  }

  get total(): Amount {
    return this.#total;
  }

  copy(): NodeUsage {
    const copy = new NodeUsage();
    for (const [id, holding] of this.#holdings) copy.#holdings.set(id, holding);
    for (const [id, successors] of this.#successors) copy.#successors.set(id, new Set(successors));
    for (const [thing, holders] of this.#holders) copy.#holders.set(thing, new Set(holders));
    for (const [group, count] of this.#groupCounts) copy.#groupCounts.set(group, count);
    copy.#total = this.#total;
    copy.#staying = this.#staying;
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
    const { id, previous } = holding;
    const givers = this.#givers(previous);
    this.#count(givers, -1);
    this.#holdings.set(id, holding);
    if (previous !== null) addTo(this.#successors, previous, id);
    this.#count([...givers, holding], 1);
    this.#countStaying(holding, 1);
    for (const thing of exclusive(holding)) addTo(this.#holders, thing, id);
  }

  delete(id: AllocationId): void {
    const holding = this.#holdings.get(id);
    if (!holding) return;
    const { previous } = holding;
    const givers = this.#givers(previous);
    this.#count([...givers, holding], -1);
    this.#countStaying(holding, -1);
    this.#holdings.delete(id);
    if (previous !== null) removeFrom(this.#successors, previous, id);
    this.#count(givers, 1);
    for (const thing of exclusive(holding)) removeFrom(this.#holders, thing, id);
  }

  /** Allocations of the group that stay. */
  countOfGroup(group: GroupKey): number {
    return this.#groupCounts.get(groupText(group)) ?? 0;
  }

  /** What the total would be with one more of this size that follows `previous`. */
  totalWith(amount: Amount, previous: AllocationId | undefined): Amount {
    return this.#givers(previous).reduce(
      (sum, giver) => plus(plus(sum, this.#counted(giver), -1), this.#counted(giver, amount)),
      plus(this.#total, amount),
    );
  }

  /** S2: what an allocation that follows `previous` cannot have. */
  coresInUse(previous: AllocationId | undefined): Set<number> {
    return new Set(this.#othersThan(previous).flatMap(({ cores }) => cores));
  }

  devicesInUse(previous: AllocationId | undefined): Set<string> {
    return new Set(this.#othersThan(previous).flatMap(({ devices }) => devices));
  }

  /** S2: may an allocation that follows `previous` take this port? */
  isPortFree(port: string, previous: AllocationId | undefined): boolean {
    const holders = this.#holders.get(port);
    if (!holders) return true;
    const givers = new Set(this.#givers(previous).map(({ id }) => id));
    return [...holders].every((holder) => givers.has(holder));
  }

  /** What has two live holders, unless one waits for the other to go. */
  conflicts(): string[] {
    const conflicts: string[] = [];
    for (const [thing, holders] of this.#holders) {
      if (holders.size < 2) continue;
      const settled = [...holders].filter((id) => {
        const holding = this.#holdings.get(id);
        return holding && !this.#heirs(holding).some((heir) => holders.has(heir.id));
      });
      if (settled.length > 1) conflicts.push(thing);
    }
    return conflicts.toSorted();
  }

  #othersThan(previous: AllocationId | undefined): Holding[] {
    const givers = new Set(this.#givers(previous));
    return [...this.#holdings.values()].filter((holding) => !givers.has(holding));
  }

  /** All whose place passes to who follows `previous`: as far back as they stop. */
  #givers(previous: AllocationId | null | undefined): Holding[] {
    const givers = new Set<Holding>();
    let at = previous ? this.#holdings.get(previous) : undefined;
    while (at?.isStopping === true && !givers.has(at)) {
      givers.add(at);
      at = at.previous === null ? undefined : this.#holdings.get(at.previous);
    }
    return [...givers];
  }

  /** All to whom its place passes. */
  #heirs(holding: Holding): Holding[] {
    const heirs = new Set([holding]);
    for (const at of heirs) {
      if (!at.isStopping) continue;
      for (const id of this.#successors.get(at.id) ?? []) {
        const heir = this.#holdings.get(id);
        if (heir) heirs.add(heir);
      }
    }
    heirs.delete(holding);
    return [...heirs];
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

  /** Adds or takes away what they count for at present. */
  #count(holdings: readonly Holding[], sign: 1 | -1): void {
    for (const one of holdings) this.#total = plus(this.#total, this.#counted(one), sign);
  }

  /** S1: what it has above all who come after it, one more of this size among them. */
  #counted(holding: Holding, more = nothing): Amount {
    const { amount, isStopping } = holding;
    // Most links of a long chain hold nothing: they are not followed once more.
    if (!isStopping || isNothing(amount)) return amount;
    const most = this.#heirs(holding).reduce((sum, heir) => largerOf(sum, heir.amount), more);
    return excess(amount, most);
  }
}

const isNothing = ({ cpu, memory, disk }: Amount): boolean => cpu + memory + disk === 0;

const plus = (a: Amount, b: Amount, sign: 1 | -1 = 1): Amount => ({
  cpu: a.cpu + sign * b.cpu,
  memory: a.memory + sign * b.memory,
  disk: a.disk + sign * b.disk,
});

const largerOf = (a: Amount, b: Amount): Amount => ({
  cpu: Math.max(a.cpu, b.cpu),
  memory: Math.max(a.memory, b.memory),
  disk: Math.max(a.disk, b.disk),
});

function addTo<K>(table: Map<K, Set<AllocationId>>, key: K, id: AllocationId): void {
  table.set(key, (table.get(key) ?? new Set<AllocationId>()).add(id));
}

function removeFrom<K>(table: Map<K, Set<AllocationId>>, key: K, id: AllocationId): void {
  const known = table.get(key);
  known?.delete(id);
  if (known?.size === 0) table.delete(key);
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
