import type { JsonObject } from "../../lib/json.ts";
import { optionText, type OptionTable } from "../core/option-table.ts";
import { type IdRanges, parseIdRanges } from "./denied-ids.ts";
import type { DeniedIds } from "./user.ts";

/** What the plugins that run programs of this machine have in common. */
export const deniedIdOptions: OptionTable = {
  denied_host_uids: { kind: "text" },
  denied_host_gids: { kind: "text" },
};

/** A range that cannot be read denies everybody: an operator who meant to deny somebody must not get nobody. */
export function readDeniedIds(values: JsonObject): {
  readonly denied: DeniedIds;
  readonly errors: readonly string[];
} {
  const errors: string[] = [];
  const read = (name: string): IdRanges => {
    const ranges = parseIdRanges(optionText(values, name));
    if (typeof ranges !== "string") return ranges;
    errors.push(`${name}: ${ranges}`);
    return [[0, Number.MAX_SAFE_INTEGER]];
  };
  return {
    denied: { uids: read("denied_host_uids"), gids: read("denied_host_gids") },
    errors,
  };
}
