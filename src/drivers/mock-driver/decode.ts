import { nearMiss } from "../../lib/near-miss.ts";
import type { JsonMap } from "../../model/job.ts";
import { type DecodedOptions, decodeOptions, type OptionTable } from "../core/option-table.ts";
import { mockOptions } from "./options.ts";

/** Builds of this driver differ in their options: those that are like no option known here mean nothing. */
export function decodeMock(config: JsonMap): DecodedOptions {
  const unlike = unlikeAny(config, mockOptions);
  const known = Object.entries(config).filter(([name]) => !unlike.includes(name));
  return decodeOptions(Object.fromEntries(known), mockOptions);
}

export const unlikeAny = (config: JsonMap, options: OptionTable): readonly string[] =>
  Object.keys(config).filter(
    (name) => !Object.hasOwn(options, name) && nearMiss(name, Object.keys(options)) === undefined,
  );
