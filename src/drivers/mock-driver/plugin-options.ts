import type { JsonMap } from "../../model/job.ts";
import {
  decodeOptions,
  optionFlag,
  optionNumber,
  optionText,
  type OptionTable,
} from "../core/option-table.ts";
import type { TaskDriver } from "../port.ts";

const table: OptionTable = {
  enabled: { kind: "bool" },
  fs_isolation: { kind: "text", among: ["none", "chroot", "image"] },
  shutdown_periodic_after: { kind: "bool" },
  shutdown_periodic_duration: { kind: "int" },
};

export interface MockPluginConfig {
  readonly enabled: boolean;
  /** The paths and variables that its tasks are told; they have no files of their own. */
  readonly isolation: TaskDriver["isolation"];
  /** The driver is not to be found any more this long after its start. */
  readonly goneAfterMs: number | undefined;
}

/** The plugin's block of the agent's configuration. */
export function readMockPlugin(written: JsonMap): {
  readonly config: MockPluginConfig;
  readonly errors: readonly string[];
} {
  const { values, diagnostics } = decodeOptions(written, table, 'plugin "mock_driver" config');
  const isolation = optionText(values, "fs_isolation");
  const seconds = optionNumber(values, "shutdown_periodic_duration") ?? 0;
  return {
    config: {
      enabled: optionFlag(values, "enabled"),
      isolation: isolation === "chroot" || isolation === "image" ? isolation : "none",
      goneAfterMs: optionFlag(values, "shutdown_periodic_after") ? seconds * 1_000 : undefined,
    },
    errors: diagnostics.map(({ summary }) => summary),
  };
}
