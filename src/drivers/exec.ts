import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/logger.ts";
import type { JsonMap } from "../model/job.ts";
import { optionText, optionTexts } from "./core/option-table.ts";
import { execOptions } from "./exec/options.ts";
import { createIsolatedDriver } from "./executor/isolation.ts";
import { readIsolationPlugin } from "./executor/isolation-config.ts";
import type { TaskDriver } from "./port.ts";

export interface ExecOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** `plugin "exec" { config { } }`, as written. */
  readonly config?: JsonMap;
  /** What tasks see of the host, by its place there; undefined: the published list. */
  readonly chrootEnv?: { readonly [source: string]: string };
  /** Where the records of its tasks live; they must outlast the agent. */
  readonly stateDir: string;
}

/** What is wrong in the plugin's block. */
export const execPluginFaults = (config: JsonMap): readonly string[] =>
  readIsolationPlugin("exec", config).errors;

/** Runs commands shut in by what the kernel and util-linux offer, in a root made of the task's folder. */
export function createExecDriver({
  clock,
  log,
  stateDir,
  config = {},
  chrootEnv,
}: ExecOptions): TaskDriver {
  return createIsolatedDriver({
    clock,
    log,
    stateDir,
    name: "exec",
    options: execOptions,
    config: readIsolationPlugin("exec", config).config,
    chrootEnv,
    program: (values) =>
      Promise.resolve({
        command: optionText(values, "command"),
        args: optionTexts(values, "args"),
        needs: {},
      }),
    detect: () => Promise.resolve({}),
  });
}
