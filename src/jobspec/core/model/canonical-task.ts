import type { Json, JsonObject } from "../../../lib/json.ts";
import { isObject, objects } from "./fill.ts";

/** The fields of a task whose defaults hang on a sibling field. */
export function canonicalTaskParts(task: JsonObject): JsonObject {
  const resources = task["Resources"];
  return {
    Resources: canonicalResources(isObject(resources) ? resources : {}),
    Lifecycle: canonicalLifecycle(task["Lifecycle"]),
    Artifacts: objects(task["Artifacts"])?.map(canonicalArtifact) ?? null,
    Templates: objects(task["Templates"])?.map(canonicalTemplate) ?? null,
  };
}

/** Whole cores, even none of them, replace the default share of cpu. */
export function canonicalResources(resources: JsonObject): JsonObject {
  const isByCores = (resources["Cores"] ?? null) !== null;
  return { ...resources, CPU: resources["CPU"] ?? (isByCores ? 0 : 100) };
}

function canonicalLifecycle(lifecycle: Json | undefined): Json {
  if (!isObject(lifecycle)) return null;
  const isEmpty = (lifecycle["Hook"] ?? "") === "" && lifecycle["Sidecar"] !== true;
  return isEmpty ? null : lifecycle;
}

function canonicalArtifact(artifact: JsonObject): JsonObject {
  const source = artifact["GetterSource"];
  const isFile = artifact["GetterMode"] === "file";
  const target = isFile && typeof source === "string" ? `local/${lastPathPart(source)}` : "local/";
  return { ...artifact, RelativeDest: artifact["RelativeDest"] ?? target };
}

function lastPathPart(source: string): string {
  let path = source.replace(/[?#].*$/s, "");
  while (path.endsWith("/")) path = path.slice(0, -1);
  return path.slice(path.lastIndexOf("/") + 1);
}

/** A signal template without a signal sends SIGHUP; written signals are upper-cased. */
function canonicalTemplate(template: JsonObject): JsonObject {
  const signal = template["ChangeSignal"];
  const isEmpty = typeof signal !== "string" || signal === "";
  const fallback = template["ChangeMode"] === "signal" ? "SIGHUP" : "";
  return { ...template, ChangeSignal: isEmpty ? fallback : signal.toUpperCase() };
}
