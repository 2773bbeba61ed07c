import type { Json, JsonObject } from "../../../lib/json.ts";
import { canonicalGroupPolicies, canonicalTaskRestart } from "./canonical-policies.ts";
import { canonicalServices } from "./canonical-service.ts";
import { canonicalTaskParts } from "./canonical-task.ts";
import { updateSchema } from "./common-schema.ts";
import { fillCanonical, isObject, objects, textOf } from "./fill.ts";
import { jobSchema } from "./job-schema.ts";

/**
 * Fills everything that the table cannot know: what hangs on the job's type, on a sibling field or on the block
 * around. Runs first, so that the table's own defaults only meet what is still open.
 */
export function canonicalJob(body: JsonObject): JsonObject {
  const id = body["ID"] ?? body["Name"] ?? "";
  const type = body["Type"] ?? "service";
  const update = jobUpdate(type, body["Update"] ?? null);
  const job: JsonObject = {
    ...body,
    ID: id,
    Name: body["Name"] ?? id,
    Type: type,
    Priority: body["Priority"] === 0 ? null : (body["Priority"] ?? null),
    Update: update,
    Meta: emptyToNull(body["Meta"]),
  };
  const groups = objects(body["TaskGroups"]);
  const TaskGroups = groups?.map((group) => canonicalGroup(group, job)) ?? null;
  return fillCanonical(jobSchema, { ...job, TaskGroups });
}

function canonicalGroup(group: JsonObject, job: JsonObject): JsonObject {
  const policies = canonicalGroupPolicies(group, job);
  const names = { job: textOf(job["Name"]), group: textOf(group["Name"]) };
  return {
    ...group,
    ...policies,
    Meta: emptyToNull(group["Meta"]),
    Services: canonicalServices(objects(group["Services"]), `${names.job}-${names.group}`),
    Tasks:
      objects(group["Tasks"])?.map((task) => ({
        ...task,
        ...canonicalTaskParts(task),
        Meta: emptyToNull(task["Meta"]),
        Env: emptyToNull(task["Env"]),
        RestartPolicy: canonicalTaskRestart(policies.RestartPolicy, task["RestartPolicy"]),
        Services: canonicalServices(
          objects(task["Services"]),
          `${names.job}-${names.group}-${textOf(task["Name"])}`,
        ),
      })) ?? null,
  };
}

/** Service and system jobs always have an update strategy; the others only when it is written. */
function jobUpdate(type: Json, written: Json): Json {
  if (isObject(written)) return fillCanonical(updateSchema, written);
  return type === "service" || type === "system" ? fillCanonical(updateSchema, {}) : null;
}

const emptyToNull = (map: Json | undefined): Json =>
  isObject(map) && Object.keys(map).length > 0 ? map : null;
