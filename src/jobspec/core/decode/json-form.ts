import type { Json, JsonObject } from "../../../lib/json.ts";
import { jobSchema } from "../model/job-schema.ts";

/** The two ways to write a job in JSON, which share nothing but their outermost brace. */
export type JsonForm =
  /** The HTTP API's; `envelope` is the property that holds the job, undefined where the job stands alone. */
  | { readonly kind: "api"; readonly envelope: string | undefined; readonly job: Json }
  /** The job language's own. */
  | { readonly kind: "language" };

/** What stands beside the job in the language's form. Nothing of the API is called so. */
const besideJob = new Set(["variable", "variables", "locals"]);

/** Tells the forms apart by their shape, whatever the file is called; undefined when the value is neither. */
export function jsonFormOf(value: Json): JsonForm | undefined {
  if (!isObject(value)) return undefined;
  const keys = Object.keys(value);
  if (keys.some((key) => besideJob.has(key))) return { kind: "language" };
  const envelope = Object.hasOwn(value, "Job") ? "Job" : keys.find(isJobKey);
  const job = envelope === undefined ? value : (value[envelope] ?? null);
  if (envelope === undefined)
    return hasFields(job, isWritten) ? { kind: "api", envelope, job } : undefined;
  return envelope !== "job" || hasFields(job, isPlainField)
    ? { kind: "api", envelope, job }
    : { kind: "language" };
}

const isJobKey = (key: string): boolean => key.toLowerCase() === "job";

type FieldTest = (value: Json, key: string) => boolean;

const hasFields = (value: Json, isMeant: FieldTest): boolean =>
  isObject(value) &&
  Object.entries(value).some(
    ([key, item]) => jobSchema.byKey.has(key.toLowerCase()) && isMeant(item, key),
  );

const isWritten: FieldTest = (value) => value !== null;

/** Within `job` the language has names of jobs, with an object or a list of objects each; the API has its fields. */
const isPlainField: FieldTest = (value, key) =>
  Array.isArray(value)
    ? key.toLowerCase() === "taskgroups" || value.some((item) => !isObject(item))
    : value !== null && !isObject(value);

const isObject = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
