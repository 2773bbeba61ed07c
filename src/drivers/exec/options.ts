import type { OptionTable } from "../core/option-table.ts";

/** Which of the host's namespaces a task shares. */
const namespaceMode = { kind: "text", among: ["private", "host"] } as const;

/** What the drivers that shut a task in have in common. */
export const isolationOptions: OptionTable = {
  pid_mode: namespaceMode,
  ipc_mode: namespaceMode,
  cap_add: { kind: "texts" },
  cap_drop: { kind: "texts" },
  work_dir: { kind: "text", absolute: true },
};

/** Every published option of an exec task. */
export const execOptions: OptionTable = {
  command: { kind: "text", required: true },
  args: { kind: "texts" },
  ...isolationOptions,
};
