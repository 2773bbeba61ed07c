import type { Json, JsonObject } from "../../../lib/json.ts";
import { isObject, objects } from "./fill.ts";
import { canonicalResources } from "./canonical-task.ts";

/** What a service and its checks take from each other and from the place where the service stands. */
export function canonicalServices(
  services: readonly JsonObject[] | null,
  fallbackName: string,
): Json {
  return services?.map((service) => canonicalService(service, fallbackName)) ?? null;
}

function canonicalService(service: JsonObject, fallbackName: string): JsonObject {
  const onUpdate = written(service["OnUpdate"]) ?? "require_healthy";
  return {
    ...service,
    Name: written(service["Name"]) ?? fallbackName,
    OnUpdate: onUpdate,
    Connect: canonicalConnect(service["Connect"] ?? null),
    Meta: filled(service["Meta"]),
    CanaryMeta: filled(service["CanaryMeta"]),
    TaggedAddresses: filled(service["TaggedAddresses"]),
    Checks:
      objects(service["Checks"])?.map((check) => ({
        ...check,
        ...notBelowZero(check),
        OnUpdate: written(check["OnUpdate"]) ?? onUpdate,
        CheckRestart: checkRestart(service["CheckRestart"], check["CheckRestart"]),
      })) ?? null,
  };
}

/** How often a check must hold or fail is counted up from zero. */
const notBelowZero = (check: JsonObject): JsonObject =>
  Object.fromEntries(
    ["SuccessBeforePassing", "FailuresBeforeCritical", "FailuresBeforeWarning"]
      .filter((name) => Number(check[name] ?? 0) < 0)
      .map((name) => [name, 0]),
  );

/** The check's own block over the service's; a limit or a grace of zero and a false flag count as not written. */
function checkRestart(service: Json | undefined, check: Json | undefined): Json {
  if (!isObject(service)) return check ?? null;
  if (!isObject(check)) return service;
  return {
    Limit: Number(check["Limit"] ?? 0) > 0 ? (check["Limit"] ?? 0) : (service["Limit"] ?? 0),
    Grace: check["Grace"] ?? service["Grace"] ?? null,
    IgnoreWarnings: check["IgnoreWarnings"] || service["IgnoreWarnings"] || false,
  };
}

/** Lists and maps that count as not written when nothing is in them. */
const emptyIsNone = new Set([
  "Config",
  "Env",
  "EnvoyGatewayBindAddresses",
  "Hosts",
  "Listeners",
  "Meta",
  "Paths",
  "Services",
  "Tags",
  "Upstreams",
]);

function canonicalConnect(connect: Json): Json {
  if (!isObject(connect)) return null;
  const task = connect["SidecarTask"];
  return withoutEmpty({
    ...connect,
    ...(isObject(task) ? { SidecarTask: canonicalSidecarTask(task) } : {}),
  });
}

/** An overlay for the task that is made for a sidecar; unlike other parts of a job it always says what it needs. */
function canonicalSidecarTask(task: JsonObject): JsonObject {
  const resources = task["Resources"];
  return {
    ...task,
    Resources: canonicalResources(isObject(resources) ? resources : {}),
    LogConfig: task["LogConfig"] ?? {},
  };
}

function withoutEmpty(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => withoutEmpty(item));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (emptyIsNone.has(key) && isEmpty(item)) return [key, null];
      // What is meant for other programs stays as it is.
      return [key, key === "Config" ? item : withoutEmpty(item)];
    }),
  );
}

const isEmpty = (value: Json): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length === 0;

/** Empty text counts as not written. */
const written = (value: Json | undefined): Json => (value === "" ? null : (value ?? null));

const filled = (map: Json | undefined): Json =>
  isObject(map) && Object.keys(map).length > 0 ? map : null;
