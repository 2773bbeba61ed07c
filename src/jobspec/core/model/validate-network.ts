import type { NetworkResource, Port } from "../../../model/job.ts";
import { faultsOf, quoted, repeated } from "./faults.ts";

const highestPort = 65_535;
const longestLabel = 63;

/** Ports and modes of the networks of one group or of one task. */
export function networksFaults(networks: readonly NetworkResource[] | null): string[] {
  const all = networks ?? [];
  const ports = all.flatMap((network) => portsOf(network));
  return [
    ...repeated(ports.map((port) => port.Label)).map(
      ({ name }) => `Port label ${name} already in use`,
    ),
    ...ports.flatMap((port) => portFaults(port)),
    ...staticFaults(ports),
    ...all.flatMap((network) => networkFaults(network)),
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

/** One static port can be taken once per host network, unless both sides say that they share it. */
function staticFaults(ports: readonly Port[]): string[] {
  const fixed = ports.filter((port) => port.Value > 0 && !port.IgnoreCollision);
  const keys = fixed.map((port) => `${port.Value} ${port.HostNetwork}`);
  return repeated(keys).map(({ first, again }) => {
    const [one, other] = [fixed[first - 1], fixed[again - 1]];
    return `Static port ${other?.Value ?? 0} already reserved by ${one?.Label ?? ""}`;
  });
}

function networkFaults(network: NetworkResource): string[] {
  const isKnown =
    ["", "none", "host", "bridge"].includes(network.Mode) || /^cni\/.+$/.test(network.Mode);
  return faultsOf(
    [!isKnown, () => `Invalid network mode ${quoted(network.Mode)}`],
    [
      network.Hostname !== "" && network.Mode !== "bridge" && network.Mode !== "none",
      "Hostname can only be set with the bridge or none network mode",
    ],
    [
      network.Hostname.split(".").some((label) => label.length > longestLabel),
      () =>
        `Hostname ${quoted(network.Hostname)} has a label longer than ${longestLabel} characters`,
    ],
    [network.MBits < 0, () => `MBits must not be negative, got ${network.MBits}`],
  );
}
