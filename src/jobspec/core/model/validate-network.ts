import type { NetworkResource, Port } from "../../../model/job.ts";
import type { JsonPath } from "../../../lib/json-path.ts";
import { eachOf, faultsOf, quoted, repeated, within } from "./faults.ts";
import type { JobFault } from "./faults.ts";

const highestPort = 65_535;
const longestLabel = 63;

/** Ports and modes of the networks of one group or of one task. */
export function networksFaults(networks: readonly NetworkResource[] | null): JobFault[] {
  const ports = (networks ?? []).flatMap(portsOf);
  return [
    ...repeated(ports.map(({ port }) => port.Label)).map(({ name, again }): JobFault => ({
      text: `Port label ${name} already in use`,
      path: ports[again - 1]?.path ?? [],
    })),
    ...ports.flatMap(({ port, path }) => within(path, portFaults(port))),
    ...staticFaults(ports),
    ...eachOf("Networks", networks, networkFaults),
  ];
}

interface PlacedPort {
  readonly port: Port;
  readonly path: JsonPath;
}

const portsOf = (network: NetworkResource, at: number): PlacedPort[] =>
  (["ReservedPorts", "DynamicPorts"] as const).flatMap((key) =>
    (network[key] ?? []).map((port, index) => ({ port, path: ["Networks", at, key, index] })),
  );

const portFaults = (port: Port): JobFault[] =>
  faultsOf(
    [port.Label === "", "Port label must not be empty", "Label"],
    [
      port.Value > highestPort,
      () => `Port ${port.Label} (${port.Value}) cannot be greater than ${highestPort}`,
      "Value",
    ],
    [port.Value < 0, () => `Port ${port.Label} (${port.Value}) cannot be negative`, "Value"],
    [
      port.To > highestPort,
      () =>
        `Port ${quoted(port.Label)} cannot be mapped to a port (${port.To}) greater than ${highestPort}`,
      "To",
    ],
    [
      port.To < -1,
      () => `Port ${quoted(port.Label)} cannot be mapped to negative value ${port.To}`,
      "To",
    ],
  );

/** One static port can be taken once per host network, unless both sides say that they share it. */
function staticFaults(ports: readonly PlacedPort[]): JobFault[] {
  const fixed = ports.filter(({ port }) => port.Value > 0 && !port.IgnoreCollision);
  const keys = fixed.map(({ port }) => `${port.Value} ${port.HostNetwork}`);
  return repeated(keys).map(({ first, again }) => {
    const [one, other] = [fixed[first - 1], fixed[again - 1]];
    return {
      text: `Static port ${other?.port.Value ?? 0} already reserved by ${one?.port.Label ?? ""}`,
      path: [...(other?.path ?? []), "Value"],
    };
  });
}

function networkFaults(network: NetworkResource): JobFault[] {
  const isKnown =
    ["", "none", "host", "bridge"].includes(network.Mode) || /^cni\/.+$/.test(network.Mode);
  return faultsOf(
    [!isKnown, () => `Invalid network mode ${quoted(network.Mode)}`, "Mode"],
    [
      network.Hostname !== "" && network.Mode !== "bridge" && network.Mode !== "none",
      "Hostname can only be set with the bridge or none network mode",
      "Hostname",
    ],
    [
      network.Hostname.split(".").some((label) => label.length > longestLabel),
      () =>
        `Hostname ${quoted(network.Hostname)} has a label longer than ${longestLabel} characters`,
      "Hostname",
    ],
    [network.MBits < 0, () => `MBits must not be negative, got ${network.MBits}`, "MBits"],
  );
}
