import type { Diagnostic } from "../lib/diagnostic.ts";
import type { JsonMap } from "../model/job.ts";
import { decodeOptions, type OptionTable } from "./core/option-table.ts";
import { dockerOptions } from "./docker/options.ts";
import { rawExecOptions } from "./raw-exec/options.ts";

const tables: { readonly [driver: string]: OptionTable } = {
  docker: dockerOptions,
  raw_exec: rawExecOptions,
};

/**
 * Is a task's config block fit for its driver? Asked before a job is stored, so that a typing mistake in an edit
 * replaces nothing that runs. A driver that this build does not have is for the scheduler to refuse.
 */
export function validateDriverConfig(
  driver: string,
  config: JsonMap | null,
): readonly Diagnostic[] {
  const table = Object.hasOwn(tables, driver) ? tables[driver] : undefined;
  return table === undefined ? [] : decodeOptions(config ?? {}, table).diagnostics;
}
