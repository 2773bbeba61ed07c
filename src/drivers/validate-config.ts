import type { Diagnostic } from "../lib/diagnostic.ts";
import type { JsonObject } from "../lib/json.ts";
import type { JsonMap } from "../model/job.ts";
import { decodeOptions, isReference, type OptionTable } from "./core/option-table.ts";
import { dockerOptions } from "./docker/options.ts";
import { fixedFaults } from "./docker/policy.ts";
import { execOptions } from "./exec/options.ts";
import { somethingToRun } from "./java/faults.ts";
import { javaOptions } from "./java/options.ts";
import { unlikeAny } from "./mock-driver/decode.ts";
import { mockOptions } from "./mock-driver/options.ts";
import { qemuOptions } from "./qemu/options.ts";
import { rawExecFaults } from "./raw-exec/faults.ts";
import { rawExecOptions } from "./raw-exec/options.ts";

interface DriverRules {
  readonly options: OptionTable;
  /** A task without any config is taken, as it is elsewhere: where it is to start, the driver says what is missing. */
  readonly mayBeBare?: boolean;
  /** Its builds differ in their options, so that one like no other is told and not refused. */
  readonly isOpen?: boolean;
  /** What one option says of another, and values that no node would take. */
  readonly together?: (values: JsonObject) => readonly Diagnostic[];
}
const drivers: { readonly [driver: string]: DriverRules } = {
  docker: { options: dockerOptions, together: (values) => fixedFaults(settled(values)) },
  raw_exec: { options: rawExecOptions, together: rawExecFaults },
  exec: { options: execOptions, mayBeBare: true },
  java: { options: javaOptions, together: somethingToRun, mayBeBare: true },
  qemu: { options: qemuOptions, mayBeBare: true },
  mock_driver: { options: mockOptions, mayBeBare: true, isOpen: true },
};

/**
 * Is a task's config block fit for its driver? Asked before a job is stored, so that a typing mistake in an edit
 * replaces nothing that runs. The options of a driver that is not published here are for its own plugin to judge:
 * such a job is taken, and the scheduler says which nodes have no such driver.
 */
export function validateDriverConfig(
  driver: string,
  config: JsonMap | null,
): readonly Diagnostic[] {
  const rules = Object.hasOwn(drivers, driver) ? drivers[driver] : undefined;
  if (rules === undefined || (config === null && rules.mayBeBare === true)) return [];
  const unlike = rules.isOpen === true ? unlikeAny(config ?? {}, rules.options) : [];
  const known = Object.entries(config ?? {}).filter(([name]) => !unlike.includes(name));
  const { values, diagnostics } = decodeOptions(Object.fromEntries(known), rules.options);
  return [
    ...diagnostics,
    ...(rules.together?.(values) ?? []),
    ...unlike.map((name) => unknownHere(driver, name)),
  ];
}

const unknownHere = (driver: string, name: string): Diagnostic => ({
  severity: "warning",
  summary: `config.${name} is no known option of ${driver}`,
  detail: "",
});

/** An option that names a value of the running task is judged at the task's start, when the value is known. */
const settled = (values: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => !isReference(JSON.stringify(value))),
  );
