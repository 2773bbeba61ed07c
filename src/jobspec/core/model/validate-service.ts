import type { NetworkResource, Service, ServiceCheck } from "../../../model/job.ts";
import { eachOf, faultsOf, nested, quoted, repeated } from "./faults.ts";
import type { JobFault } from "./faults.ts";
import { checkFaults, requiresPort } from "./validate-check.ts";

const reference = /\$\{[a-zA-Z0-9_\-.]+\}/g;
const serviceName = /^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/;
const addressModes = ["", "auto", "host", "driver", "alloc", "alloc_ipv6"];
const onUpdates = ["require_healthy", "ignore_warnings", "ignore"];
const kinds = [
  "",
  "api-gateway",
  "ingress-gateway",
  "mesh-gateway",
  "terminating-gateway",
] as const;

/** Where a service stands: the port labels it may name, and the tasks that it and its checks may belong to. */
export interface ServicePlace {
  readonly portLabels: ReadonlySet<string>;
  readonly taskNames: readonly string[];
  readonly isTask: boolean;
}

export function servicesFaults(
  services: readonly Service[] | null,
  place: ServicePlace,
): JobFault[] {
  const all = services ?? [];
  const keys = all.map((service) => JSON.stringify([service.Name, service.PortLabel]));
  return [
    ...repeated(keys).map(({ again }): JobFault => ({
      text: `Service ${quoted(all[again - 1]?.Name ?? "")} is duplicate`,
      path: ["Services", again - 1],
    })),
    ...eachOf("Services", all, (service) =>
      nested(`Service ${quoted(service.Name)} validation failed`, [
        ...serviceFaults(service),
        ...(place.isTask ? inTaskFaults(service, place) : inGroupFaults(service, place)),
      ]),
    ),
  ];
}

/** All services of a group and its tasks must go to one place of registration. */
export const providerFaults = (services: readonly Service[]): JobFault[] =>
  faultsOf([
    new Set(services.map((service) => service.Provider)).size > 1,
    "Multiple service providers used: task group services must use the same provider",
  ]);

function serviceFaults(service: Service): JobFault[] {
  const { AddressMode: mode, Provider: provider } = service;
  return [
    ...faultsOf(
      [
        !serviceName.test(service.Name.replace(reference, "ENV-VAR")),
        () =>
          "Service name must be valid per RFC 1123 and can contain only alphanumeric characters or " +
          "dashes and must be no longer than 63 characters",
        "Name",
      ],
      [
        !addressModes.includes(mode),
        () =>
          `Service address_mode must be "auto", "host", "driver", "alloc" or "alloc_ipv6"; not ${quoted(mode)}`,
        "AddressMode",
      ],
      [
        service.Address !== "" && mode !== "auto" && mode !== "",
        `Service address_mode must be "auto" if address is set`,
        "AddressMode",
      ],
      [
        !onUpdates.includes(service.OnUpdate),
        () =>
          `Service on_update must be "require_healthy", "ignore_warnings", or "ignore"; not ${quoted(service.OnUpdate)}`,
        "OnUpdate",
      ],
      [
        provider !== "nomad" && provider !== "consul",
        () => `Service provider must be "consul", or "nomad"; not ${quoted(provider)}`,
        "Provider",
      ],
      [
        provider === "consul" && !kinds.some((kind) => kind === service.Kind),
        () => `Service ${service.Name} kind must be one of consul service kind or empty`,
        "Kind",
      ],
      [
        provider === "nomad" && service.Connect !== null,
        "Service with provider nomad cannot include Connect blocks",
        "Connect",
      ],
      [
        service.Identity !== null && (service.Identity.Audience ?? []).length === 0,
        "Service identity must provide at least one target aud value",
        "Identity",
      ],
    ),
    ...eachOf("Checks", service.Checks, (check) =>
      checkFaults(check, service).map((fault): JobFault => ({
        ...fault,
        text: `Check ${check.Name} invalid: ${fault.text}`,
      })),
    ),
  ];
}

function inGroupFaults(service: Service, place: ServicePlace): JobFault[] {
  return [
    ...faultsOf([
      service.AddressMode === "driver",
      `cannot use address_mode="driver", only services defined in a "task" block can use this mode`,
      "AddressMode",
    ]),
    ...eachOf("Checks", service.Checks, (check) => groupCheckFaults(check, place)),
  ];
}

/** A script runs inside a task, so somebody must say in which. */
const groupCheckFaults = (check: ServiceCheck, place: ServicePlace): JobFault[] =>
  faultsOf(
    [
      check.Type === "script" && check.TaskName === "",
      () => `Check ${check.Name} invalid: it or its service must specify the task parameter`,
      "TaskName",
    ],
    [
      check.TaskName !== "" && !place.taskNames.includes(check.TaskName),
      () => `Check ${check.Name} invalid: refers to non-existent task ${check.TaskName}`,
      "TaskName",
    ],
    [
      check.TaskName !== "" && check.AddressMode === "driver",
      () =>
        `Check ${check.Name} invalid: cannot use address_mode="driver", only checks defined in a "task" service block can use this mode`,
      "AddressMode",
    ],
  );

function inTaskFaults(service: Service, place: ServicePlace): JobFault[] {
  const { AddressMode: mode, PortLabel: label } = service;
  const isAlien = (task: string): boolean => task !== "" && !place.taskNames.includes(task);
  const isOpen = label !== "" && !(mode === "driver" && /^[+-]?\d+$/.test(label));
  return [
    ...faultsOf(
      [
        mode === "alloc",
        `cannot use address_mode="alloc", only services defined in a "group" block can use this mode`,
        "AddressMode",
      ],
      [
        service.Connect !== null,
        `cannot have "connect" block, only services defined in a "group" block can`,
        "Connect",
      ],
      [
        isAlien(service.TaskName),
        () => `may only specify task the service belongs to, got ${quoted(service.TaskName)}`,
        "TaskName",
      ],
      [
        isOpen && !place.portLabels.has(label),
        () => `port label ${quoted(label)} referenced by service ${service.Name} does not exist`,
        "PortLabel",
      ],
    ),
    ...repeated((service.Checks ?? []).map((check) => check.Name)).map(
      ({ name, again }): JobFault => ({
        text: `check ${quoted(name)} is duplicate`,
        path: ["Checks", again - 1],
      }),
    ),
    ...eachOf("Checks", service.Checks, (check) => [
      ...faultsOf(
        [
          isAlien(check.TaskName),
          () =>
            `Check ${check.Name} is invalid: only task group service checks can be assigned tasks`,
          "TaskName",
        ],
        [
          check.AddressMode === "alloc",
          () =>
            `check ${quoted(check.Name)} cannot use address_mode="alloc", only checks defined in a "group" service block can use this mode`,
          "AddressMode",
        ],
      ),
      ...(requiresPort(check) ? checkPortFaults(check, service, place) : []),
    ]),
  ];
}

/** A bare number is a port of the driver's own network; everything else must be a label. */
function checkPortFaults(check: ServiceCheck, service: Service, place: ServicePlace): JobFault[] {
  const port = check.PortLabel || service.PortLabel;
  if (port === "") return [];
  if (!/^[+-]?\d+$/.test(port))
    return faultsOf([
      !place.portLabels.has(port) && port !== service.PortLabel,
      () => `port label ${quoted(port)} referenced by services ${service.Name} does not exist`,
      "PortLabel",
    ]);
  return faultsOf(
    [
      check.AddressMode === "driver" && Number(port) <= 0,
      () => `check ${quoted(check.Name)} has invalid numeric port ${port}`,
      "PortLabel",
    ],
    [
      check.AddressMode !== "driver",
      () =>
        `check ${quoted(check.Name)} cannot use a numeric port ${port} without setting address_mode="driver"`,
      "PortLabel",
    ],
  );
}

export const portLabelsOf = (networks: readonly NetworkResource[] | null): string[] =>
  (networks ?? []).flatMap((network) =>
    [...(network.ReservedPorts ?? []), ...(network.DynamicPorts ?? [])].map((port) => port.Label),
  );
