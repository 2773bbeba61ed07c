import type { CheckRestart, Service, ServiceCheck } from "../../../model/job.ts";
import { faultsOf, nested, quoted, time } from "./faults.ts";

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
export function checkFaults(check: ServiceCheck, service: Service): string[] {
  const isNomad = service.Provider === "nomad";
  const allowed = isNomad ? nomadChecks : consulChecks;
  const type = check.Type.toLowerCase();
  if (!allowed.includes(type))
    return [`invalid check type (${quoted(type)}), must be one of ${allowed.join(", ")}`];
  return [
    ...timingFaults(check),
    ...typeFaults(check, type),
    ...wordFaults(check),
    ...faultsOf([
      requiresPort(check) && check.PortLabel === "" && service.PortLabel === "",
      () =>
        `check requires a port but neither check nor service ${quoted(service.Name)} have a port`,
    ]),
    ...(isNomad ? nomadFaults(check) : consulFaults(check, type)),
    ...restartFaults(check),
  ];
}

export const requiresPort = (check: ServiceCheck): boolean => portChecks.includes(check.Type);

const timingFaults = ({ Interval: interval, Timeout: timeout }: ServiceCheck): string[] =>
  faultsOf(
    [
      interval === 0,
      () => `missing required value interval. Interval cannot be less than ${time(second)}`,
    ],
    [
      interval !== 0 && interval < second,
      () => `interval (${time(interval)}) cannot be lower than ${time(second)}`,
    ],
    [
      timeout === 0,
      () => `missing required value timeout. Timeout cannot be less than ${time(second)}`,
    ],
    [
      timeout !== 0 && timeout < second,
      () => `timeout (${time(timeout)}) is lower than required minimum timeout ${time(second)}`,
    ],
  );

const typeFaults = (check: ServiceCheck, type: string): string[] =>
  faultsOf(
    [type === "http" && check.Path === "", "http type must have http path"],
    [
      type === "http" && /^[a-z][a-z0-9+.-]*:/i.test(check.Path),
      "http type must have a relative http path",
    ],
    [
      type === "http" && /\p{Cc}|%(?![0-9a-f]{2})|^:/iu.test(check.Path),
      "http type must have valid http path",
    ],
    [type === "script" && check.Command === "", "script type must have a valid script path"],
  );

const wordFaults = (check: ServiceCheck): string[] =>
  faultsOf(
    [
      !statuses.includes(check.InitialStatus),
      () =>
        `invalid initial check state (${check.InitialStatus}), must be one of "passing", "warning", "critical" or empty`,
    ],
    [
      !addressModes.includes(check.AddressMode),
      () =>
        check.AddressMode === "auto"
          ? `invalid address_mode "auto" - auto only valid for services`
          : `invalid address_mode ${quoted(check.AddressMode)}`,
    ],
    [
      !onUpdates.includes(check.OnUpdate),
      () =>
        `on_update must be "require_healthy", "ignore_warnings", or "ignore"; got ${quoted(check.OnUpdate)}`,
    ],
  );

const thresholdsOf = (check: ServiceCheck) =>
  [
    ["success_before_passing", check.SuccessBeforePassing],
    ["failures_before_critical", check.FailuresBeforeCritical],
    ["failures_before_warning", check.FailuresBeforeWarning],
  ] as const;

const nomadFaults = (check: ServiceCheck): string[] => [
  ...thresholdsOf(check)
    .filter(([, value]) => value !== 0)
    .map(([name]) => `${name} may only be set for Consul service checks`),
  ...faultsOf(
    [check.Expose, "expose may only be set for Consul service checks"],
    [
      check.OnUpdate === "ignore_warnings",
      "on_update may only be set to ignore_warnings for Consul service checks",
    ],
    [
      check.CheckRestart?.IgnoreWarnings === true,
      "ignore_warnings on check_restart only supported for Consul service checks",
    ],
    [
      check.AddressMode === "driver",
      "address_mode = driver may only be set for Consul service checks",
    ],
    [
      check.Type === "http" && !["", ...methods].includes(check.Method.toUpperCase()),
      () => `method type ${quoted(check.Method)} not supported in Nomad http check`,
    ],
    [check.TLSServerName !== "", "tls_server_name may only be set for Consul service checks"],
  ),
];

const consulFaults = (check: ServiceCheck, type: string): string[] => [
  ...thresholdsOf(check).flatMap(([name, value]) =>
    faultsOf(
      [value < 0, () => `${name} must be non-negative, got ${value}`],
      [
        value > 0 && !portChecks.includes(check.Type),
        () => `${name} not supported for check of type ${quoted(check.Type)}`,
      ],
    ),
  ),
  ...faultsOf(
    [
      check.Expose && type !== "http" && type !== "grpc",
      "expose may only be set on HTTP or gRPC checks",
    ],
    [
      new TextEncoder().encode(check.Notes).length > longestNotes,
      `notes must not be longer than ${longestNotes} characters`,
    ],
  ),
];

/** A deployment that looks away from a check must not have that check restart the task. */
function restartFaults(check: ServiceCheck): string[] {
  const { CheckRestart: restart, OnUpdate: onUpdate } = check;
  if (restart === null) return [];
  return [
    ...faultsOf(
      [
        onUpdate === "ignore",
        `on_update value ${quoted(onUpdate)} is not compatible with check_restart`,
      ],
      [
        onUpdate === "ignore_warnings" && !restart.IgnoreWarnings,
        `on_update value ${quoted(onUpdate)} not supported with check_restart ignore_warnings value "false"`,
      ],
    ),
    ...limitFaults(restart),
  ];
}

const limitFaults = (restart: CheckRestart): string[] =>
  nested(
    "check_restart",
    faultsOf(
      [
        restart.Limit < 0,
        () => `limit must be greater than or equal to 0 but found ${restart.Limit}`,
      ],
      [
        restart.Grace < 0,
        () => `grace period must be greater than or equal to 0 but found ${time(restart.Grace)}`,
      ],
    ),
  );
