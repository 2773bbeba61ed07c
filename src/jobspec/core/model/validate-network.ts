import type { NetworkResource, Port, TaskGroup } from "../../../model/job.ts";
import type { JsonPath } from "../../../lib/json-path.ts";
import { eachOf, faultsOf, quoted, repeated, within } from "./faults.ts";
import type { JobFault } from "./faults.ts";

const highestPort = 65_535;
const longestLabel = 63;
const longestName = 253;

/**
 * Ports and modes of a group's networks. Networks that its tasks ask for themselves share the numbers of ports with
 * them; of labels they may only not repeat the group's.
 */
export function networksFaults({ Networks: networks, Tasks: tasks }: NetworkOwner): JobFault[] {
  const ports = (networks ?? []).flatMap(portsOf);
  const labels = new Set(ports.map(({ port }) => port.Label));
  const taskPorts = tasks.flatMap((task, at) =>
    (task.Resources.Networks ?? [])
      .flatMap(portsOf)
      .map(({ port, path }): PlacedPort => ({ port, path: ["Tasks", at, "Resources", ...path] })),
  );
  return [
    ...repeated(ports.map(({ port }) => port.Label)).map(({ name, again }): JobFault => ({
      text: `Port label ${name} already in use`,
      path: ports[again - 1]?.path ?? [],
    })),
    ...taskPorts
      .filter(({ port }) => labels.has(port.Label))
      .map(({ port, path }): JobFault => ({
        text: `Port label ${port.Label} already in use by taskgroup network`,
        path,
      })),
    ...[...ports, ...taskPorts].flatMap(({ port, path }) => within(path, portFaults(port))),
    ...staticFaults([...ports, ...taskPorts]),
    ...eachOf("Networks", networks, networkFaults),
    ...cniFaults(networks ?? []),
  ];
}

type NetworkOwner = Pick<TaskGroup, "Networks"> & {
  readonly Tasks: readonly { readonly Resources: Pick<TaskGroup, "Networks"> }[];
};

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

/** One static port can be taken once per host network, unless the one that comes later says that it may collide. */
function staticFaults(ports: readonly PlacedPort[]): JobFault[] {
  const fixed = ports.filter(({ port }) => port.Value > 0);
  const keys = fixed.map(({ port }) => `${port.Value} ${port.HostNetwork}`);
  return repeated(keys).flatMap(({ first, again }) => {
    const [one, other] = [fixed[first - 1], fixed[again - 1]];
    return faultsOf([
      other?.port.IgnoreCollision !== true,
      () => `Static port ${other?.port.Value ?? 0} already reserved by ${one?.port.Label ?? ""}`,
      ...(other?.path ?? []),
      "Value",
    ]);
  });
}

function networkFaults(network: NetworkResource): JobFault[] {
  const isKnown =
    ["", "none", "host", "bridge"].includes(network.Mode) || /^cni\/.+$/.test(network.Mode);
  return faultsOf(
    [!isKnown, () => `Invalid network mode ${quoted(network.Mode)}`, "Mode"],
    [
      !isDomainName(network.Hostname),
      () =>
        `Hostname ${quoted(network.Hostname)} is not a valid DNS name: labels of 1 to ${longestLabel} characters, ${longestName} in all`,
      "Hostname",
    ],
    [
      portsOf(network, 0).some(({ port }) => port.IgnoreCollision) &&
        !["", "host"].includes(network.Mode),
      () => `Port collisions may not be ignored on non-host network mode ${quoted(network.Mode)}`,
      "Mode",
    ],
    [network.MBits < 0, () => `MBits must not be negative, got ${network.MBits}`, "MBits"],
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
function cniFaults(networks: readonly NetworkResource[]): JobFault[] {
  const args = networks.flatMap((network, at) =>
    entriesOf(network.CNI?.["Args"]).map(([key, value]) => ({
      key,
      value,
      path: ["Networks", at, "CNI", "Args", key],
    })),
  );
  return [
    ...repeated(args.map(({ key }) => key)).map(({ name, again }): JobFault => ({
      text: `duplicate CNI arg ${quoted(name)}`,
      path: args[again - 1]?.path ?? [],
    })),
    ...args.flatMap(({ key, value, path }) =>
      faultsOf(
        [key.includes(";"), () => `invalid ';' character in CNI arg key ${quoted(key)}`, ...path],
        [
          value.includes(";"),
          () => `invalid ';' character in CNI arg value ${quoted(value)}`,
          ...path,
        ],
      ),
    ),
  ];
}

const entriesOf = (map: unknown): [string, string][] =>
  typeof map === "object" && map !== null
    ? Object.entries(map).map(([key, value]) => [key, String(value)])
    : [];
