import type { Clock } from "../lib/clock.ts";
import { errorText } from "../lib/errors.ts";
import type { JsonObject } from "../lib/json.ts";
import type { Logger } from "../lib/logger.ts";
import type { JsonMap } from "../model/job.ts";
import {
  type DecodedOptions,
  decodeOptions,
  optionMap,
  optionNumber,
  optionText,
  optionTexts,
} from "./core/option-table.ts";
import { type Cgroup, cgroupName, type CgroupTree, openCgroups } from "./executor/cgroups.ts";
import { createExecutorDriver, type PlanContext } from "./executor/driver.ts";
import { findCommand } from "./executor/find-command.ts";
import type { LaunchPlan } from "./executor/launch.ts";
import { refusal } from "./executor/refusal.ts";
import { shellLine } from "./executor/shell-words.ts";
import { findTools, type Tools } from "./executor/tools.ts";
import { checkUser, findUser, wordsToBecome } from "./executor/user.ts";
import type { TaskDriver, TaskSpec } from "./port.ts";
import { rawExecFaults } from "./raw-exec/faults.ts";
import { rawExecOptions } from "./raw-exec/options.ts";
import { type RawExecPluginConfig, readRawExecPlugin } from "./raw-exec/plugin-options.ts";

export interface RawExecOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly enabled: boolean;
  /** `plugin "raw_exec" { config { } }`, as written. */
  readonly config?: JsonMap;
  /** Where the records of its tasks live; they must outlast the agent. */
  readonly stateDir: string;
  /** Where cgroups are mounted, if not where they are everywhere. */
  readonly cgroupRoot?: string;
}

/** What is wrong in the plugin's block. */
export const rawExecPluginFaults = (config: JsonMap): readonly string[] =>
  readRawExecPlugin(config).errors;

/** Runs commands without isolation, each with its processes in a cgroup where the machine allows it. */
export function createRawExecDriver(options: RawExecOptions): TaskDriver {
  const { clock, stateDir } = options;
  const { config } = readRawExecPlugin(options.config ?? {});
  const machine = { tools: findTools(), cgroups: openCgroups(options.cgroupRoot), config };
  const isEnabled = options.enabled || config.enabled;
  return createExecutorDriver({
    clock,
    log: options.log.child("raw_exec"),
    stateDir,
    tools: machine.tools,
    name: "raw_exec",
    isolation: "none",
    decode,
    fingerprint: () =>
      Promise.resolve(
        isEnabled
          ? { detected: true, healthy: true, description: "Healthy", attributes: { "": "1" } }
          : { detected: false, healthy: false, description: "disabled", attributes: {} },
      ),
    plan: (spec, values, context) => {
      // The scheduler never sends such a task; a job that was made up to come here must not run either.
      if (!isEnabled) throw refusal("the driver raw_exec is disabled on this node");
      return plan(machine, spec, values, context);
    },
  });
}

interface Machine {
  readonly tools: Tools;
  readonly cgroups: CgroupTree;
  readonly config: RawExecPluginConfig;
}

async function plan(
  machine: Machine,
  spec: TaskSpec,
  values: JsonObject,
  { notice }: PlanContext,
): Promise<LaunchPlan> {
  const tell = (message: string, lack: string): void => {
    notice({ message, details: { not_isolated: lack } });
  };
  if (spec.network !== undefined)
    tell("Task uses the host's network and not that of its group", "network");
  const user = await findUser(spec.user);
  checkUser(user, machine.config.denied);
  const become = wordsToBecome(spec.user, user, machine.tools.setpriv);
  const command = findCommand(optionText(values, "command"), spec);
  const cwd = optionText(values, "work_dir") || spec.directories.task;
  const cgroup = await cgroupOf(machine.cgroups, spec, values, tell);
  const denied = [...machine.config.deniedEnvvars, ...optionTexts(values, "denied_envvars")].map(
    globRule,
  );
  const words = [...become, command, ...optionTexts(values, "args")];
  return {
    place: { become, cwd, namespaces: [], ...(cgroup === undefined ? {} : { cgroup }) },
    env: Object.fromEntries(
      Object.entries(spec.env).filter(([name]) => !denied.some((rule) => rule.test(name))),
    ),
    cwd,
    around: [],
    prepare: [`set -- ${shellLine(words)}`],
    oomScore: optionNumber(values, "oom_score_adj"),
    files: {},
  };
}

/** An override is an order; without one a task goes without where the agent may not make any. */
async function cgroupOf(
  cgroups: CgroupTree,
  spec: TaskSpec,
  values: JsonObject,
  tell: (message: string, lack: string) => void,
): Promise<Cgroup | undefined> {
  const { cores = [] } = spec.resources;
  const tellCores = (why: string): void => {
    if (cores.length > 0) tell(`Task is not held to its reserved cores: ${why}`, "cores");
  };
  const unified = optionText(values, "cgroup_v2_override");
  const split = optionMap(values, "cgroup_v1_override");
  if (unified !== "" || Object.keys(split).length > 0) {
    tellCores("the job names a cgroup of its own");
    return unified === ""
      ? cgroups.use({ version: 1, paths: split })
      : cgroups.use({ version: 2, path: unified });
  }
  if (cgroups.version === 0 || process.getuid?.() !== 0) {
    tellCores("the agent may not make cgroups here");
    return undefined;
  }
  try {
    const made = await cgroups.make(cgroupName(spec), undefined, cores);
    if (made.shortcomings.length > 0) tellCores(made.shortcomings.join("; "));
    return made.cgroup;
  } catch (thrown) {
    // As in a container whose cgroups are read-only; its process group can still be killed.
    tell(`Task runs without a cgroup of its own: ${errorText(thrown)}`, "cgroup");
    return undefined;
  }
}

function decode(config: JsonMap): DecodedOptions {
  const { values, diagnostics } = decodeOptions(config, rawExecOptions);
  return { values, diagnostics: [...diagnostics, ...rawExecFaults(values)] };
}

const globRule = (glob: string): RegExp =>
  new RegExp(`^${glob.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*")}$`);
