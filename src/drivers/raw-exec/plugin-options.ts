import type { JsonMap } from "../../model/job.ts";
import { decodeOptions, optionFlag, optionTexts, type OptionTable } from "../core/option-table.ts";
import { deniedIdOptions, readDeniedIds } from "../executor/plugin-options.ts";
import type { DeniedIds } from "../executor/user.ts";

const table: OptionTable = {
  enabled: { kind: "bool" },
  denied_envvars: { kind: "texts" },
  ...deniedIdOptions,
};

export interface RawExecPluginConfig {
  readonly enabled: boolean;
  readonly denied: DeniedIds;
  readonly deniedEnvvars: readonly string[];
}

/** The plugin's block of the agent's configuration. */
export function readRawExecPlugin(written: JsonMap): {
  readonly config: RawExecPluginConfig;
  readonly errors: readonly string[];
} {
  const { values, diagnostics } = decodeOptions(written, table, 'plugin "raw_exec" config');
  const { denied, errors } = readDeniedIds(values);
  return {
    config: {
      enabled: optionFlag(values, "enabled"),
      denied,
      deniedEnvvars: optionTexts(values, "denied_envvars"),
    },
    errors: [...diagnostics.map(({ summary }) => summary), ...errors],
  };
}
