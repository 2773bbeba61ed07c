import type { Diagnostic } from "../../lib/diagnostic.ts";
import type { JsonObject } from "../../lib/json.ts";

/** What is wrong on every node. */
export function somethingToRun(values: JsonObject): readonly Diagnostic[] {
  if (values["class"] !== undefined || values["jar_path"] !== undefined) return [];
  const summary = "config.jar_path or config.class is missing";
  return [{ severity: "error", summary, detail: "one of them says what to run" }];
}
