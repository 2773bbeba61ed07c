import type { CheckRestart, Service, ServiceCheck } from "../../../model/job.ts";
import { faultsOf, nested, quoted, time, within } from "./faults.ts";
import type { JobFault } from "./faults.ts";

const second = 1e9;
const onUpdates = ["require_healthy", "ignore_warnings", "ignore"];
const consulChecks = ["grpc", "http", "script", "tcp"];
const nomadChecks = ["http", "tcp"];
/** The types that look at a port and so can count how often it answered. */
const portChecks = ["grpc", "http", "tcp"];
const statuses = ["", "passing", "warning", "critical"];
const addressModes = ["", "host", "driver", "alloc", "alloc_ipv6"];
const methods = [
  "CONNECT",
  "DELETE",
  "GET",
  "HEAD",
  "OPTIONS",
  "PATCH",
  "POST",
  "PUT",
  "TRACE",
] as const;
const longestNotes = 255;

/** What is wrong with one check by itself; which tasks and ports there are is asked elsewhere. */
export function checkFaults(check: ServiceCheck, service: Service): JobFault[] {
  const isNomad = service.Provider === "nomad";
  const allowed = isNomad ? nomadChecks : consulChecks;
  const type = check.Type.toLowerCase();
  if (!allowed.includes(type))
    return faultsOf([
      true,
      `invalid check type (${quoted(type)}), must be one of ${allowed.join(", ")}`,
      "Type",
    ]);
  return [
    ...timingFaults(check),
    ...typeFaults(check, type),
    ...wordFaults(check),
    ...faultsOf([
      requiresPort(check) && check.PortLabel === "" && service.PortLabel === "",
      () =>
        `check requires a port but neither check nor service ${quoted(service.Name)} have a port`,
      "PortLabel",
    ]),
    ...(isNomad ? nomadFaults(check) : consulFaults(check, type)),
    ...restartFaults(check),
  ];
}

export const requiresPort = (check: ServiceCheck): boolean => portChecks.includes(check.Type);

const timingFaults = ({ Interval: interval, Timeout: timeout }: ServiceCheck): JobFault[] =>
  faultsOf(
    [
      interval === 0,
      () => `missing required value interval. Interval cannot be less than ${time(second)}`,
      "Interval",
    ],
    [
      interval !== 0 && interval < second,
      () => `interval (${time(interval)}) cannot be lower than ${time(second)}`,
      "Interval",
    ],
    [
      timeout === 0,
      () => `missing required value timeout. Timeout cannot be less than ${time(second)}`,
      "Timeout",
    ],
    [
      timeout !== 0 && timeout < second,
      () => `timeout (${time(timeout)}) is lower than required minimum timeout ${time(second)}`,
      "Timeout",
    ],
  );

const typeFaults = (check: ServiceCheck, type: string): JobFault[] =>
  faultsOf(
    [type === "http" && check.Path === "", "http type must have http path", "Path"],
    [
      type === "http" && /^[a-z][a-z0-9+.-]*:/i.test(check.Path),
      "http type must have a relative http path",
      "Path",
    ],
    [
      type === "http" && /\p{Cc}|%(?![0-9a-f]{2})|^:/iu.test(check.Path),
      "http type must have valid http path",
      "Path",
    ],
    [
      type === "script" && check.Command === "",
      "script type must have a valid script path",
      "Command",
    ],
  );

const wordFaults = (check: ServiceCheck): JobFault[] =>
  faultsOf(
    [
      !statuses.includes(check.InitialStatus),
      () =>
        `invalid initial check state (${check.InitialStatus}), must be one of "passing", "warning", "critical" or empty`,
      "InitialStatus",
    ],
    [
      !addressModes.includes(check.AddressMode),
      () =>
        check.AddressMode === "auto"
          ? `invalid address_mode "auto" - auto only valid for services`
          : `invalid address_mode ${quoted(check.AddressMode)}`,
      "AddressMode",
    ],
    [
      !onUpdates.includes(check.OnUpdate),
      () =>
        `on_update must be "require_healthy", "ignore_warnings", or "ignore"; got ${quoted(check.OnUpdate)}`,
      "OnUpdate",
    ],
  );

const thresholds = [
  ["success_before_passing", "SuccessBeforePassing"],
  ["failures_before_critical", "FailuresBeforeCritical"],
  ["failures_before_warning", "FailuresBeforeWarning"],
] as const;

const nomadFaults = (check: ServiceCheck): JobFault[] => [
  ...thresholds.flatMap(([name, field]) =>
    faultsOf([
      check[field] !== 0,
      () => `${name} may only be set for Consul service checks`,
      field,
    ]),
  ),
  ...faultsOf(
    [check.Expose, "expose may only be set for Consul service checks", "Expose"],
    [
      check.OnUpdate === "ignore_warnings",
      "on_update may only be set to ignore_warnings for Consul service checks",
      "OnUpdate",
    ],
    [
      check.CheckRestart?.IgnoreWarnings === true,
      "ignore_warnings on check_restart only supported for Consul service checks",
      "CheckRestart",
    ],
    [
      check.AddressMode === "driver",
      "address_mode = driver may only be set for Consul service checks",
      "AddressMode",
    ],
    [
      check.Type === "http" && !["", ...methods].includes(check.Method.toUpperCase()),
      () => `method type ${quoted(check.Method)} not supported in Nomad http check`,
      "Method",
    ],
    [
      check.TLSServerName !== "",
      "tls_server_name may only be set for Consul service checks",
      "TLSServerName",
    ],
  ),
];

const consulFaults = (check: ServiceCheck, type: string): JobFault[] => [
  ...thresholds.flatMap(([name, field]) =>
    faultsOf(
      [check[field] < 0, () => `${name} must be non-negative, got ${check[field]}`, field],
      [
        check[field] > 0 && !portChecks.includes(check.Type),
        () => `${name} not supported for check of type ${quoted(check.Type)}`,
        field,
      ],
    ),
  ),
  ...faultsOf(
    [
      check.Expose && type !== "http" && type !== "grpc",
      "expose may only be set on HTTP or gRPC checks",
      "Expose",
    ],
    [
      new TextEncoder().encode(check.Notes).length > longestNotes,
      `notes must not be longer than ${longestNotes} characters`,
      "Notes",
    ],
  ),
];

/** A deployment that looks away from a check must not have that check restart the task. */
function restartFaults(check: ServiceCheck): JobFault[] {
  const { CheckRestart: restart, OnUpdate: onUpdate } = check;
  if (restart === null) return [];
  return [
    ...faultsOf(
      [
        onUpdate === "ignore",
        `on_update value ${quoted(onUpdate)} is not compatible with check_restart`,
        "OnUpdate",
      ],
      [
        onUpdate === "ignore_warnings" && !restart.IgnoreWarnings,
        `on_update value ${quoted(onUpdate)} not supported with check_restart ignore_warnings value "false"`,
        "OnUpdate",
      ],
    ),
    ...within(["CheckRestart"], limitFaults(restart)),
  ];
}

const limitFaults = (restart: CheckRestart): JobFault[] =>
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
