import type { Clock } from "../lib/clock.ts";
import type { JsonObject } from "../lib/json.ts";
import type { Logger } from "../lib/logger.ts";
import type { JsonMap } from "../model/job.ts";
import { optionText, optionTexts } from "./core/option-table.ts";
import { standardChroot } from "./executor/chroot.ts";
import { createIsolatedDriver, type Program } from "./executor/isolation.ts";
import { readIsolationPlugin } from "./executor/isolation-config.ts";
import { refusal } from "./executor/refusal.ts";
import { homeOf, rememberJava } from "./java/command.ts";
import { somethingToRun } from "./java/faults.ts";
import { javaOptions } from "./java/options.ts";
import type { TaskDriver } from "./port.ts";

export interface JavaDriverOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** `plugin "java" { config { } }`, as written. */
  readonly config?: JsonMap;
  readonly chrootEnv?: { readonly [source: string]: string };
  readonly stateDir: string;
  /** The agent's own search path. */
  readonly searchPath: string;
}

/** What is wrong in the plugin's block. */
export const javaPluginFaults = (config: JsonMap): readonly string[] =>
  readIsolationPlugin("java", config).errors;

/** Runs a class or a jar with the machine's Java, shut in as tasks of exec are. */
export function createJavaDriver(options: JavaDriverOptions): TaskDriver {
  const { clock, log, stateDir, config = {}, chrootEnv } = options;
  const findJava = rememberJava(options.searchPath);
  return createIsolatedDriver({
    clock,
    log,
    stateDir,
    name: "java",
    options: javaOptions,
    together: somethingToRun,
    config: readIsolationPlugin("java", config).config,
    chrootEnv,
    async program(values) {
      const java = await findJava();
      if (typeof java === "string") throw refusal(java);
      return program(values, java.path, chrootEnv ?? standardChroot);
    },
    async detect() {
      const java = await findJava();
      return typeof java === "string" ? java : java.attributes;
    },
  });
}

function program(
  values: JsonObject,
  java: string,
  chroot: { readonly [source: string]: string },
): Program {
  const [jar, name, path] = ["jar_path", "class", "class_path"].map((option) =>
    optionText(values, option),
  );
  const home = homeOf(java);
  const isThere = Object.entries(chroot).some(
    ([source, inside]) => source === inside && `${home}/`.startsWith(`${source}/`),
  );
  return {
    command: java,
    args: [
      ...optionTexts(values, "jvm_options"),
      ...(path ? ["-cp", path] : []),
      ...(jar ? ["-jar", jar] : []),
      ...(name ? [name] : []),
      ...optionTexts(values, "args"),
    ],
    needs: isThere ? {} : { [home]: home },
  };
}
