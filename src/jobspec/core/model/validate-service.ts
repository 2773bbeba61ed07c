import type { CheckRestart, NetworkResource, Service, ServiceCheck } from "../../../model/job.ts";
import { eachOf, faultsOf, nested, quoted, repeated, time, within } from "./faults.ts";
import type { JobFault } from "./faults.ts";

const second = 1e9;
const reference = /\$\{[a-zA-Z0-9_\-.]+\}/g;
const serviceName = /^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/;
const addressModes = ["", "auto", "host", "driver", "alloc", "alloc_ipv6"];
const onUpdates = ["require_healthy", "ignore_warnings", "ignore"];
const consulChecks = ["grpc", "http", "script", "tcp"];
const nomadChecks = ["http", "tcp"];
const statuses = ["", "passing", "warning", "critical"];

/** Where a service stands: the port labels it may name, and the tasks that its script checks may run in. */
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
  const keys = all.map((service) => `${service.Provider} ${service.Name} ${service.PortLabel}`);
  return [
    ...repeated(keys).map(({ again }): JobFault => ({
      text: `Service ${quoted(all[again - 1]?.Name ?? "")} is duplicate`,
      path: ["Services", again - 1],
    })),
    ...eachOf("Services", all, (service) =>
      nested(`Service ${quoted(service.Name)} validation failed`, serviceFaults(service, place)),
    ),
  ];
}

/** All services of a group and its tasks must go to one place of registration. */
export const providerFaults = (services: readonly Service[]): JobFault[] =>
  faultsOf([
    new Set(services.map((service) => service.Provider)).size > 1,
    "Multiple service providers used: task group services must use the same provider",
  ]);

function serviceFaults(service: Service, place: ServicePlace): JobFault[] {
  const isNomad = service.Provider === "nomad";
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
        !addressModes.includes(service.AddressMode),
        () =>
          `Service address_mode must be "auto", "host", "driver", "alloc" or "alloc_ipv6"; not ${quoted(service.AddressMode)}`,
        "AddressMode",
      ],
      [
        !onUpdates.includes(service.OnUpdate),
        () =>
          `Service on_update must be "require_healthy", "ignore_warnings", or "ignore"; not ${quoted(service.OnUpdate)}`,
        "OnUpdate",
      ],
      [
        !isNomad && service.Provider !== "consul",
        () => `Service provider must be "consul", or "nomad"; not ${quoted(service.Provider)}`,
        "Provider",
      ],
      [
        isNomad && service.EnableTagOverride,
        "Service with provider nomad cannot set EnableTagOverride",
        "EnableTagOverride",
      ],
      [
        place.isTask && isUndeclaredLabel(service.PortLabel, place),
        () =>
          `port label ${quoted(service.PortLabel)} referenced by service ${service.Name} does not exist`,
        "PortLabel",
      ],
    ),
    ...eachOf("Checks", service.Checks, (check) =>
      checkFaults(check, service, place).map((fault): JobFault => ({
        ...fault,
        text: `Check ${check.Name} invalid: ${fault.text}`,
      })),
    ),
  ];
}

const isUndeclaredLabel = (label: string, place: ServicePlace): boolean =>
  label !== "" && !/^\d+$/.test(label) && !place.portLabels.has(label);

function checkFaults(check: ServiceCheck, service: Service, place: ServicePlace): JobFault[] {
  const allowed = service.Provider === "nomad" ? nomadChecks : consulChecks;
  if (!allowed.includes(check.Type))
    return faultsOf([
      true,
      `invalid check type (${quoted(check.Type)}), must be one of ${allowed.join(", ")}`,
      "Type",
    ]);
  return [
    ...timingFaults(check),
    ...faultsOf(
      [check.Type === "http" && check.Path === "", "http type must have http path", "Path"],
      [
        check.Type === "http" && /^[a-z][a-z0-9+.-]*:/i.test(check.Path),
        "http type must have a relative http path",
        "Path",
      ],
      [
        check.Type === "script" && check.Command === "",
        "script type must have a valid script path",
        "Type",
      ],
      [
        !statuses.includes(check.InitialStatus),
        () =>
          `invalid initial check state (${check.InitialStatus}), must be one of "passing", "warning", "critical" or empty`,
        "InitialStatus",
      ],
      [
        !onUpdates.includes(check.OnUpdate),
        () =>
          `on_update must be "require_healthy", "ignore_warnings", or "ignore"; got ${quoted(check.OnUpdate)}`,
        "OnUpdate",
      ],
      [
        check.Type !== "script" && check.PortLabel === "" && service.PortLabel === "",
        () =>
          `check requires a port but neither check nor service ${quoted(service.Name)} have a port`,
        "PortLabel",
      ],
      [
        check.Type === "script" && !place.isTask && !knowsTask(check, service, place),
        () => `script check must name an existing task of the group, not ${quoted(check.TaskName)}`,
        "TaskName",
      ],
    ),
    ...thresholdFaults(check, service),
    ...(check.CheckRestart === null
      ? []
      : within(["CheckRestart"], checkRestartFaults(check.CheckRestart))),
  ];
}

const knowsTask = (check: ServiceCheck, service: Service, place: ServicePlace): boolean =>
  place.taskNames.includes(check.TaskName === "" ? service.TaskName : check.TaskName);

const timingFaults = (check: ServiceCheck): JobFault[] =>
  faultsOf(
    [
      check.Interval === 0,
      () => `missing required value interval. Interval cannot be less than ${time(second)}`,
      "Interval",
    ],
    [
      check.Interval !== 0 && check.Interval < second,
      () => `interval (${time(check.Interval)}) cannot be lower than ${time(second)}`,
      "Interval",
    ],
    [
      check.Timeout === 0,
      () => `missing required value timeout. Timeout cannot be less than ${time(second)}`,
      "Timeout",
    ],
    [
      check.Timeout !== 0 && check.Timeout < second,
      () =>
        `timeout (${time(check.Timeout)}) is lower than required minimum timeout ${time(second)}`,
      "Timeout",
    ],
  );

function thresholdFaults(check: ServiceCheck, service: Service): JobFault[] {
  const isNomad = service.Provider === "nomad";
  const thresholds = [
    ["success_before_passing", "SuccessBeforePassing"],
    ["failures_before_critical", "FailuresBeforeCritical"],
    ["failures_before_warning", "FailuresBeforeWarning"],
  ] as const;
  return [
    ...thresholds.flatMap(([name, field]) =>
      faultsOf([
        check[field] < 0,
        () => `${name} must be non-negative, got ${check[field]}`,
        field,
      ]),
    ),
    ...thresholds.flatMap(([name, field]) =>
      faultsOf([
        check[field] > 0 && isNomad,
        () => `${name} may only be set for Consul service checks`,
        field,
      ]),
    ),
    ...faultsOf([
      isNomad && check.Expose,
      "expose may only be set for Consul service checks",
      "Expose",
    ]),
  ];
}

const checkRestartFaults = (restart: CheckRestart): JobFault[] =>
  nested(
    "check_restart",
    faultsOf(
      [
        restart.Limit < 0,
        () => `limit must be greater than or equal to 0 but found ${restart.Limit}`,
        "Limit",
      ],
      [
        restart.Grace < 0,
        () => `grace period must be greater than or equal to 0 but found ${time(restart.Grace)}`,
        "Grace",
      ],
    ),
  );

export const portLabelsOf = (networks: readonly NetworkResource[] | null): string[] =>
  (networks ?? []).flatMap((network) =>
    [...(network.ReservedPorts ?? []), ...(network.DynamicPorts ?? [])].map((port) => port.Label),
  );
