import type { NetworkResource, Port } from "../../../model/job.ts";
import { faultsOf, quoted, repeated } from "./faults.ts";

const highestPort = 65_535;
const longestLabel = 63;
const longestName = 253;

/**
 * Ports and modes of a group's networks. Networks that its tasks ask for themselves share the numbers of ports with
 * them; of labels they may only not repeat the group's.
 */
export function networksFaults(
  own: readonly NetworkResource[] | null,
  ofTasks: readonly NetworkResource[],
): string[] {
  const all = own ?? [];
  const ports = all.flatMap((network) => portsOf(network));
  const taskPorts = ofTasks.flatMap((network) => portsOf(network));
  const labels = new Set(ports.map((port) => port.Label));
  return [
    ...repeated(ports.map((port) => port.Label)).map(
      ({ name }) => `Port label ${name} already in use`,
    ),
    ...taskPorts
      .filter((port) => labels.has(port.Label))
      .map((port) => `Port label ${port.Label} already in use by taskgroup network`),
    ...[...ports, ...taskPorts].flatMap((port) => portFaults(port)),
    ...staticFaults([...ports, ...taskPorts]),
    ...all.flatMap((network) => networkFaults(network)),
    ...cniFaults(all),
  ];
}

const portsOf = (network: NetworkResource): Port[] => [
  ...(network.ReservedPorts ?? []),
  ...(network.DynamicPorts ?? []),
];

const portFaults = (port: Port): string[] =>
  faultsOf(
    [port.Label === "", "Port label must not be empty"],
    [
      port.Value > highestPort,
      () => `Port ${port.Label} (${port.Value}) cannot be greater than ${highestPort}`,
    ],
    [port.Value < 0, () => `Port ${port.Label} (${port.Value}) cannot be negative`],
    [
      port.To > highestPort,
      () =>
        `Port ${quoted(port.Label)} cannot be mapped to a port (${port.To}) greater than ${highestPort}`,
    ],
    [
      port.To < -1,
      () => `Port ${quoted(port.Label)} cannot be mapped to negative value ${port.To}`,
    ],
  );

/** One static port can be taken once per host network, unless the one that comes later says that it may collide. */
function staticFaults(ports: readonly Port[]): string[] {
  const fixed = ports.filter((port) => port.Value > 0);
  const keys = fixed.map((port) => `${port.Value} ${port.HostNetwork}`);
  return repeated(keys).flatMap(({ first, again }) => {
    const [one, other] = [fixed[first - 1], fixed[again - 1]];
    return faultsOf([
      other?.IgnoreCollision !== true,
      () => `Static port ${other?.Value ?? 0} already reserved by ${one?.Label ?? ""}`,
    ]);
  });
}

function networkFaults(network: NetworkResource): string[] {
  const isKnown =
    ["", "none", "host", "bridge"].includes(network.Mode) || /^cni\/.+$/.test(network.Mode);
  return faultsOf(
    [!isKnown, () => `Invalid network mode ${quoted(network.Mode)}`],
    [
      !isDomainName(network.Hostname),
      () =>
        `Hostname ${quoted(network.Hostname)} is not a valid DNS name: labels of 1 to ${longestLabel} characters, ${longestName} in all`,
    ],
    [
      portsOf(network).some((port) => port.IgnoreCollision) && !["", "host"].includes(network.Mode),
      () => `Port collisions may not be ignored on non-host network mode ${quoted(network.Mode)}`,
    ],
    [network.MBits < 0, () => `MBits must not be negative, got ${network.MBits}`],
  );
}

/** Odd characters are let through, as the reference does. What the node puts in is not known yet. */
function isDomainName(name: string): boolean {
  if (name === "" || name === "." || name.includes("${")) return true;
  const bare = name.endsWith(".") ? name.slice(0, -1) : name;
  const isLabel = (label: string): boolean => label.length >= 1 && label.length <= longestLabel;
  return bare.length <= longestName && bare.split(".").every(isLabel);
}

/** They are handed on as one text with semicolons between. */
function cniFaults(networks: readonly NetworkResource[]): string[] {
  const args = networks.flatMap((network) => entriesOf(network.CNI?.["Args"]));
  return [
    ...repeated(args.map(([key]) => key)).map(({ name }) => `duplicate CNI arg ${quoted(name)}`),
    ...args.flatMap(([key, value]) =>
      faultsOf(
        [key.includes(";"), () => `invalid ';' character in CNI arg key ${quoted(key)}`],
        [value.includes(";"), () => `invalid ';' character in CNI arg value ${quoted(value)}`],
      ),
    ),
  ];
}

const entriesOf = (map: unknown): [string, string][] =>
  typeof map === "object" && map !== null
    ? Object.entries(map).map(([key, value]) => [key, String(value)])
    : [];
