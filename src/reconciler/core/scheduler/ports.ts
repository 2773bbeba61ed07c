import type { AllocatedPort } from "../../../model/allocation.ts";
import type { AllocationId } from "../../../model/ids.ts";
import type { NetworkResource, Port } from "../../../model/job.ts";
import type { Node, NodeNetworkAddress } from "../../../model/node.ts";
import { portKey } from "./usage.ts";
import type { NodeUsage } from "./usage.ts";

export type PortOffer =
  | { readonly ports: readonly AllocatedPort[]; readonly network: NetworkResource }
  /** The dimension as the metrics name it. */
  | { readonly exhausted: string };

export interface PortRequest {
  readonly network: NetworkResource;
  readonly node: Node;
  readonly usage: NodeUsage;
  readonly previous: AllocationId | undefined;
  /** Chance in [0, 1): dynamic ports are spread so that a freed one is not reused at once. */
  readonly fraction: () => number;
}

/** Gives every port of a group's network an address and a number on this node, or says which one has none. */
export function assignPorts(request: PortRequest): PortOffer {
  const { network, node } = request;
  const taken = new Set<string>();
  const ports: AllocatedPort[] = [];
  const filled = new Map<Port, number>();
  for (const port of network.ReservedPorts ?? []) {
    const address = freeAddress(request, taken, port, port.Value);
    if (address === undefined)
      return { exhausted: `network: reserved port collision ${port.Label}=${port.Value}` };
    if (!port.IgnoreCollision) taken.add(portKey(address, port.Value));
    ports.push(allocated(port, address, port.Value));
  }
  for (const port of network.DynamicPorts ?? []) {
    const found = dynamicPort(request, taken, port);
    if (!found) return { exhausted: "network: dynamic port selection failed" };
    taken.add(portKey(found.address, found.value));
    filled.set(port, found.value);
    ports.push(allocated(port, found.address, found.value));
  }
  return {
    ports,
    network: {
      ...network,
      IP: hostAddresses(node, "default")[0]?.Address ?? ports[0]?.HostIP ?? "",
      DynamicPorts:
        network.DynamicPorts?.map((port) => {
          const value = filled.get(port) ?? 0;
          return { ...port, Value: value, To: mappedTo(port, value) };
        }) ?? null,
    },
  };
}

/** The node's addresses on a named host network; an unnamed one is the default. */
export function hostAddresses(node: Node, hostNetwork: string): NodeNetworkAddress[] {
  const wanted = hostNetwork === "" ? "default" : hostNetwork;
  return (node.NodeResources.NodeNetworks ?? [])
    .flatMap((network) => network.Addresses ?? [])
    .filter((address) => (address.Alias === "" ? "default" : address.Alias) === wanted);
}

/** `22,80,8000-8100` as a test for membership; nonsense parts match nothing. */
export function portRanges(text: string): (port: number) => boolean {
  const ranges = text.split(",").flatMap((part) => {
    const match = /^\s*(\d{1,5})(?:\s*-\s*(\d{1,5}))?\s*$/.exec(part);
    if (!match) return [];
    const from = Number(match[1]);
    return [{ from, to: match[2] === undefined ? from : Number(match[2]) }];
  });
  return (port) => ranges.some((range) => port >= range.from && port <= range.to);
}

const allocated = (port: Port, address: string, value: number): AllocatedPort => ({
  Label: port.Label,
  Value: value,
  To: mappedTo(port, value),
  HostIP: address,
  IgnoreCollision: port.IgnoreCollision,
});

/** -1 asks for the same number inside as outside. */
const mappedTo = (port: Port, value: number): number => (port.To === -1 ? value : port.To);

function freeAddress(
  request: PortRequest,
  taken: ReadonlySet<string>,
  port: Port,
  value: number,
): string | undefined {
  const isReserved = portRanges(request.node.ReservedResources.Networks.ReservedHostPorts);
  return hostAddresses(request.node, port.HostNetwork).find((address) => {
    if (port.IgnoreCollision) return true;
    if (isReserved(value) || portRanges(address.ReservedPorts)(value)) return false;
    const key = portKey(address.Address, value);
    return !taken.has(key) && request.usage.isPortFree(key, request.previous);
  })?.Address;
}

function dynamicPort(
  request: PortRequest,
  taken: ReadonlySet<string>,
  port: Port,
): { readonly address: string; readonly value: number } | undefined {
  const { MinDynamicPort: min, MaxDynamicPort: max } = request.node.NodeResources;
  const size = max - min + 1;
  if (size <= 0) return undefined;
  const isReserved = portRanges(request.node.ReservedResources.Networks.ReservedHostPorts);
  const start = Math.floor(request.fraction() * size);
  for (const address of hostAddresses(request.node, port.HostNetwork)) {
    const isAddressReserved = portRanges(address.ReservedPorts);
    for (let step = 0; step < size; step += 1) {
      const value = min + ((start + step) % size);
      const key = portKey(address.Address, value);
      if (isReserved(value) || isAddressReserved(value) || taken.has(key)) continue;
      // A dynamic port is never inherited: the number is free to choose.
      if (request.usage.isPortFree(key, undefined)) return { address: address.Address, value };
    }
  }
  return undefined;
}
