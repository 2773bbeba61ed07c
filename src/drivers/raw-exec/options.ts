import type { OptionTable } from "../core/option-table.ts";

/** Every published option of a raw_exec task. */
export const rawExecOptions: OptionTable = {
  command: { kind: "text", required: true },
  args: { kind: "texts" },
  work_dir: { kind: "text", absolute: true },
  denied_envvars: { kind: "texts" },
  oom_score_adj: { kind: "int" },
  cgroup_v1_override: { kind: "map" },
  cgroup_v2_override: { kind: "text" },
};
