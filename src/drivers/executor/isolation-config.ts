import type { Diagnostic } from "../../lib/diagnostic.ts";
import type { JsonObject } from "../../lib/json.ts";
import type { JsonMap } from "../../model/job.ts";
import {
  type DecodedOptions,
  decodeOptions,
  optionFlag,
  optionText,
  optionTexts,
  type OptionTable,
} from "../core/option-table.ts";
import { capabilityFaults, standardCapabilities } from "./core/capabilities.ts";
import { deniedIdOptions, readDeniedIds } from "./plugin-options.ts";
import type { DeniedIds } from "./user.ts";

const namespaceMode = { kind: "text", among: ["private", "host"] } as const;

/** Every published option of the plugins that shut tasks in. */
const table: OptionTable = {
  no_pivot_root: { kind: "bool" },
  default_pid_mode: namespaceMode,
  default_ipc_mode: namespaceMode,
  allow_caps: { kind: "texts" },
  ...deniedIdOptions,
};

export interface IsolationConfig {
  readonly noPivotRoot: boolean;
  readonly defaultPidMode: string;
  readonly defaultIpcMode: string;
  readonly allowCaps: readonly string[];
  readonly denied: DeniedIds;
}

/** The plugin's block of the agent's configuration, over the published defaults. */
export function readIsolationPlugin(
  name: string,
  written: JsonMap,
): { readonly config: IsolationConfig; readonly errors: readonly string[] } {
  const { values, diagnostics } = decodeOptions(written, table, `plugin "${name}" config`);
  const { denied, errors } = readDeniedIds(values);
  const allowCaps =
    values["allow_caps"] === undefined ? standardCapabilities : optionTexts(values, "allow_caps");
  return {
    config: {
      noPivotRoot: optionFlag(values, "no_pivot_root"),
      defaultPidMode: optionText(values, "default_pid_mode") || "private",
      defaultIpcMode: optionText(values, "default_ipc_mode") || "private",
      allowCaps,
      denied,
    },
    errors: [
      ...diagnostics.map(({ summary }) => summary),
      ...[...errors, ...capabilityFaults({ add: [], drop: allowCaps, allowed: [] })].map(
        (error) => `plugin "${name}" config: ${error}`,
      ),
    ],
  };
}

/** A task's options, with what this node's operator does not let it have. */
export function decodeIsolated(
  config: JsonMap,
  options: OptionTable,
  allowed: readonly string[],
  together: (values: JsonObject) => readonly Diagnostic[] = () => [],
): DecodedOptions {
  const { values, diagnostics } = decodeOptions(config, options);
  const [add, drop] = [optionTexts(values, "cap_add"), optionTexts(values, "cap_drop")];
  const faults = capabilityFaults({ add, drop, allowed }).map((summary): Diagnostic => ({
    severity: "error",
    summary,
    detail: "",
  }));
  return { values, diagnostics: [...diagnostics, ...together(values), ...faults] };
}

export interface NamespaceModes {
  readonly hasOwnPids: boolean;
  readonly hasOwnIpc: boolean;
}

export const namespaceModes = (values: JsonObject, config: IsolationConfig): NamespaceModes => ({
  hasOwnPids: (optionText(values, "pid_mode") || config.defaultPidMode) !== "host",
  hasOwnIpc: (optionText(values, "ipc_mode") || config.defaultIpcMode) !== "host",
});
