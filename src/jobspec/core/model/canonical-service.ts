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
        OnUpdate: written(check["OnUpdate"]) ?? onUpdate,
        CheckRestart: checkRestart(service["CheckRestart"], check["CheckRestart"]),
      })) ?? null,
  };
}

/** The check's own block over the service's; a limit or a grace of zero and a false flag count as not written. */
function checkRestart(service: Json | undefined, check: Json | undefined): Json {
  if (!isObject(service)) return check ?? null;
  if (!isObject(check)) return service;
  return {
    Limit: check["Limit"] || service["Limit"] || 0,
    Grace: check["Grace"] ?? service["Grace"] ?? null,
    IgnoreWarnings: check["IgnoreWarnings"] || service["IgnoreWarnings"] || false,
  };
}

function canonicalConnect(connect: Json): Json {
  if (!isObject(connect)) return null;
  const task = connect["SidecarTask"];
  if (!isObject(task)) return connect;
  const resources = task["Resources"];
  return {
    ...connect,
    SidecarTask: {
      ...task,
      Resources: isObject(resources) ? canonicalResources(resources) : null,
    },
  };
}

/** Empty text counts as not written. */
const written = (value: Json | undefined): Json => (value === "" ? null : (value ?? null));

const filled = (map: Json | undefined): Json =>
  isObject(map) && Object.keys(map).length > 0 ? map : null;
