import type { Diagnostic } from "../../lib/diagnostic.ts";
import type { Json, JsonObject } from "../../lib/json.ts";

/** What the options say of each other, and values that no node would take. */
export function rawExecFaults(values: JsonObject): readonly Diagnostic[] {
  const isNegative = (value: Json | undefined): boolean => typeof value === "number" && value < 0;
  return [
    ...(isNegative(values["oom_score_adj"])
      ? [error("config.oom_score_adj must not be negative")]
      : []),
    ...(values["cgroup_v1_override"] !== undefined && values["cgroup_v2_override"] !== undefined
      ? [error("only one of config.cgroup_v1_override and config.cgroup_v2_override may be set")]
      : []),
  ];
}

const error = (summary: string): Diagnostic => ({ severity: "error", summary, detail: "" });
