import type { Json, JsonObject } from "../../../lib/json.ts";
import { migrateSchema, restartSchema, updateSchema } from "./common-schema.ts";
import { fillCanonical, isObject } from "./fill.ts";

const second = 1e9;
const minute = 60e9;
const hour = 3600e9;

const serviceRestart: JsonObject = {
  Attempts: 2,
  Interval: 30 * minute,
  Delay: 15 * second,
  Mode: "fail",
};
const batchRestart: JsonObject = { ...serviceRestart, Attempts: 3, Interval: 24 * hour };

const serviceReschedule: JsonObject = {
  Attempts: 0,
  Interval: 0,
  Delay: 30 * second,
  DelayFunction: "exponential",
  MaxDelay: hour,
  Unlimited: true,
};
const batchReschedule: JsonObject = {
  Attempts: 1,
  Interval: 24 * hour,
  Delay: 5 * second,
  DelayFunction: "constant",
  MaxDelay: 0,
  Unlimited: false,
};
/** Jobs that are never rescheduled get plain zeros beside what somebody wrote; validation then refuses it. */
const noReschedule: JsonObject = {
  Attempts: 0,
  Interval: 0,
  Delay: 0,
  DelayFunction: "",
  MaxDelay: 0,
  Unlimited: false,
};

export interface GroupPolicies {
  readonly [field: string]: Json;
  readonly Count: Json;
  readonly Scaling: Json;
  readonly Update: Json;
  readonly Migrate: Json;
  readonly ReschedulePolicy: Json;
  readonly RestartPolicy: JsonObject;
}

/** What a group inherits from its job and from the job's type. */
export function canonicalGroupPolicies(group: JsonObject, job: JsonObject): GroupPolicies {
  const scaling = group["Scaling"] ?? null;
  const scalingMin = isObject(scaling) ? (scaling["Min"] ?? null) : null;
  const count = group["Count"] ?? scalingMin ?? 1;
  return {
    Count: count,
    Scaling: isObject(scaling) ? { ...scaling, Min: scalingMin ?? count } : null,
    Update: update(isUnwritten(job) ? null : (job["Update"] ?? null), group["Update"] ?? null),
    Migrate: migrate(job, group),
    ReschedulePolicy: reschedule(job, group),
    RestartPolicy: overlay(
      restartSchema,
      runsForever(job) ? serviceRestart : batchRestart,
      group["RestartPolicy"],
    ),
  };
}

export const canonicalTaskRestart = (group: JsonObject, task: Json | undefined): JsonObject =>
  overlay(restartSchema, group, task);

/** A stored batch job is read back with an update block of zeros: nobody wrote that. */
function isUnwritten(job: JsonObject): boolean {
  const block = job["Update"];
  if (runsForever(job) || !isObject(block ?? null)) return false;
  return Object.values(block ?? {}).every(
    (value) => value === 0 || value === "" || value === false || value === null,
  );
}

function update(job: Json, group: Json): Json {
  if (isObject(job)) return overlay(updateSchema, job, group);
  return isObject(group) ? fillCanonical(updateSchema, group) : null;
}

/** Only service jobs migrate; a block written elsewhere is kept for validation to refuse. */
function migrate(job: JsonObject, group: JsonObject): Json {
  const written = [job["Migrate"], group["Migrate"]].filter((block) => isObject(block));
  if (written.length === 0 && job["Type"] !== "service") return null;
  return written.reduce<JsonObject>(
    (base, block) => overlay(migrateSchema, base, block),
    fillCanonical(migrateSchema, {}),
  );
}

function reschedule(job: JsonObject, group: JsonObject): Json {
  const written = [job["Reschedule"], group["ReschedulePolicy"]].filter((block) => isObject(block));
  const fallback = rescheduleDefault(job["Type"]);
  if (fallback === undefined && written.length === 0) return null;
  return written.reduce<JsonObject>(over, fallback ?? noReschedule);
}

/** A job of an unknown type gets a policy too, so that only its type is refused. */
function rescheduleDefault(type: Json | undefined): JsonObject | undefined {
  if (type === "system" || type === "sysbatch") return undefined;
  if (type === "service") return serviceReschedule;
  return type === "batch" ? batchReschedule : noReschedule;
}

const runsForever = (job: JsonObject): boolean =>
  job["Type"] === "service" || job["Type"] === "system";

const overlay = (
  schema: Parameters<typeof fillCanonical>[0],
  base: JsonObject,
  over_: Json | undefined,
): JsonObject => fillCanonical(schema, over(base, over_ ?? null));

/** The upper block wins field by field; what it leaves open shows the base. */
function over(base: JsonObject, upper: Json): JsonObject {
  if (!isObject(upper)) return base;
  const merged: Record<string, Json> = { ...base };
  for (const [name, value] of Object.entries(upper)) if (value !== null) merged[name] = value;
  return merged;
}
