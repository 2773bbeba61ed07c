import { decodeJobBody } from "../../jobspec/decode-body.ts";
import type { JobFinding } from "../../jobspec/job-findings.ts";
import type { Json, JsonObject } from "../../lib/json.ts";
import { jsonFault } from "../../lib/json-fault.ts";
import { admit } from "../admit.ts";
import { jobText } from "./job-text.ts";
import type { JobText } from "./job-text.ts";

/** Where a body came in, and what of the cluster its job has to fit to. */
export interface BodyPlace {
  /** Of the query; empty when it names none. */
  readonly namespace: string;
  readonly region: string;
  readonly namespaces: readonly string[];
  readonly nodePools: readonly string[];
  readonly namespaceCapabilities: Readonly<Record<string, JsonObject | null>>;
  readonly memoryOversubscription: boolean;
  /** A file's own region stays; that of a request gives way to where it came in. */
  readonly keepsRegion?: boolean;
}
export type ReadBody =
  /** No JSON: the words for it. */
  | { readonly kind: "broken"; readonly message: string }
  | {
      readonly kind: "read";
      /** What was sent, without the inside of the job and what nobody asks for. */
      readonly body: Json;
      /** Absent where no job was sent. */
      readonly job?: ReadJob;
    };
export type ReadJob =
  /** It has values of wrong types. */
  | { readonly kind: "undecodable"; readonly message: string }
  | {
      readonly kind: "refused";
      readonly errors: readonly string[];
      readonly warnings: readonly string[];
      readonly findings: readonly JobFinding[];
    }
  | {
      readonly kind: "admitted";
      readonly text: JobText;
      readonly warnings: readonly string[];
      readonly findings: readonly JobFinding[];
    };

/** Everything that a large body costs, from its bytes to the stored job. */
export function admitBody(bytes: Uint8Array, place: BodyPlace): ReadBody {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    // The parser's own words are not those that clients know.
    return { kind: "broken", message: jsonFault(text) };
  }
  const job = isObject(value) ? fieldOf(value, "Job") : undefined;
  const body = standIn(value, envelopeKeys);
  if (!isObject(value) || job === undefined || !isObject(job)) return { kind: "read", body };
  return { kind: "read", body, job: admitSent(value, job, place) };
}

function admitSent(envelope: JsonObject, sent: JsonObject, place: BodyPlace): ReadJob {
  const decoded = decodeJobBody(sent);
  if (!decoded.ok) return { kind: "undecodable", message: decoded.message };
  const region = (place.keepsRegion === true ? decoded.body.Region : "") || place.region;
  const namespace =
    place.namespace || textOf(envelope, "Namespace") || textOf(sent, "Namespace") || "default";
  const admission = admit(
    { ...decoded.body, Namespace: namespace, Region: region },
    {
      namespace,
      region: place.region,
      namespaceExists: (name) => place.namespaces.includes(name),
      nodePoolExists: (name) => place.nodePools.includes(name),
      namespaceCapabilities: (name) => place.namespaceCapabilities[name] ?? null,
      memoryOversubscription: place.memoryOversubscription,
    },
  );
  const { warnings, findings } = admission;
  return admission.ok
    ? { kind: "admitted", text: jobText(admission.job), warnings, findings }
    : { kind: "refused", errors: admission.errors, warnings, findings };
}

const envelopeKeys = new Set(
  "namespace region enforceindex jobmodifyindex preservecounts preserveresources evalpriority diff diagnostics".split(
    " ",
  ),
);
const headKeys = new Set(["id", "namespace", "region"]);

/** The same body with the fields that handlers look at; what is wrong with their types stays wrong. */
function standIn(value: Json, keys: ReadonlySet<string>): Json {
  if (!isObject(value)) return small(value);
  const entries = Object.entries(value).flatMap(([key, item]): [string, Json][] => {
    const name = key.toLowerCase();
    if (name === "job") return [[key, isObject(item) ? standIn(item, headKeys) : small(item)]];
    if (name === "submission") return [[key, item]];
    return keys.has(name) ? [[key, small(item)]] : [];
  });
  return Object.fromEntries(entries);
}

function small(value: Json): Json {
  if (Array.isArray(value)) return [];
  return isObject(value) ? {} : value;
}

/** As handlers find it: an exact spelling first, null counts as absent. */
function fieldOf(value: JsonObject, name: string): Json | undefined {
  const key = Object.hasOwn(value, name)
    ? name
    : Object.keys(value).find((one) => one.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : (value[key] ?? undefined);
}

function textOf(value: JsonObject, name: string): string {
  const text = fieldOf(value, name);
  return typeof text === "string" ? text : "";
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
