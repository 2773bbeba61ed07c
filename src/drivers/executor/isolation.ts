import { isAbsolute, join } from "node:path";
import type { Clock } from "../../lib/clock.ts";
import type { Diagnostic } from "../../lib/diagnostic.ts";
import type { JsonObject } from "../../lib/json.ts";
import type { Logger } from "../../lib/logger.ts";
import type { JsonMap } from "../../model/job.ts";
import { type OptionTable, optionText, optionTexts } from "../core/option-table.ts";
import type { TaskDriver, TaskSpec } from "../port.ts";
import { cgroupName, type CgroupTree, openCgroups } from "./cgroups.ts";
import { type ChrootEnv, chrootMounts, standardChroot } from "./chroot.ts";
import { taskCapabilities } from "./core/capabilities.ts";
import { mountTable } from "./core/mount-table.ts";
import { createExecutorDriver, type PlanContext } from "./driver.ts";
import {
  decodeIsolated,
  type IsolationConfig,
  namespaceModes,
  type NamespaceModes,
} from "./isolation-config.ts";
import { createIsolationProbe, type IsolationProbe } from "./isolation-probe.ts";
import type { LaunchPlan } from "./launch.ts";
import { makeMountPoint } from "./mount-points.ts";
import { refusal } from "./refusal.ts";
import { shellLine, shellWord } from "./shell-words.ts";
import { findTools, type ToolName, type Tools } from "./tools.ts";
import { checkUser, findUser, identityWords, type TaskUser } from "./user.ts";

export interface IsolatedParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly stateDir: string;
  readonly name: string;
  readonly options: OptionTable;
  readonly config: IsolationConfig;
  readonly chrootEnv: ChrootEnv | undefined;
  /** What the options say of each other. */
  readonly together?: (values: JsonObject) => readonly Diagnostic[];
  /** What runs inside, and what of the host it needs besides. */
  readonly program: (values: JsonObject) => Promise<Program>;
  /** What else a node needs for it; a text says what is missing. */
  readonly detect: () => Promise<{ readonly [attribute: string]: string } | string>;
}
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly needs: ChrootEnv;
}

/** A driver that shuts each task in: a root, namespaces, rights and limits of its own. The network is the host's. */
export function createIsolatedDriver(parts: IsolatedParts): TaskDriver {
  const machine = { tools: findTools(), cgroups: openCgroups() };
  const probe = createIsolationProbe(machine.tools, machine.cgroups);
  return createExecutorDriver({
    clock: parts.clock,
    log: parts.log.child(parts.name),
    stateDir: parts.stateDir,
    tools: machine.tools,
    name: parts.name,
    isolation: "chroot",
    decode: (config: JsonMap) =>
      decodeIsolated(config, parts.options, parts.config.allowCaps, parts.together),
    async fingerprint() {
      const found = await probe();
      const detected = found.missing === undefined ? await parts.detect() : found.missing;
      if (typeof detected === "string")
        return { detected: false, healthy: false, description: detected, attributes: {} };
      const attributes = {
        "": "1",
        ...detected,
        ...(found.shortcomings.length === 0 ? {} : { not_isolated: found.shortcomings.join(",") }),
      };
      return { detected: true, healthy: true, description: "Healthy", attributes };
    },
    plan: (spec, values, context) =>
      planIsolated({ ...parts, ...machine, probe }, spec, values, context),
  });
}

interface Machine extends IsolatedParts {
  readonly tools: Tools;
  readonly cgroups: CgroupTree;
  readonly probe: IsolationProbe;
}

async function planIsolated(
  machine: Machine,
  spec: TaskSpec,
  values: JsonObject,
  { dir, notice }: PlanContext,
): Promise<LaunchPlan> {
  const { config, cgroups } = machine;
  const { missing, shortcomings } = await machine.probe();
  if (missing !== undefined)
    throw refusal(`the driver ${machine.name} cannot run here: ${missing}`);
  // On the host's network it would reach what its group is kept from, and be reached by everybody.
  if (spec.network !== undefined)
    throw refusal(`tasks of ${machine.name} cannot join the network of their group`);
  const user = await findUser(spec.user || "nobody");
  checkUser(user, config.denied);
  const program = await machine.program(values);
  const modes = namespaceModes(values, config);
  const mounts = chrootMounts(spec, {
    env: { ...(machine.chrootEnv ?? standardChroot), ...program.needs },
    skeletonDir: join(machine.stateDir, ".root"),
    ...modes,
    resolvConf: spec.dns === undefined ? undefined : join(dir, "resolv.conf"),
  });
  const made = await cgroups.make(cgroupName(spec), spec.resources, spec.resources.cores);
  const lacks = [...shortcomings, ...made.shortcomings];
  if (lacks.length > 0)
    notice({
      message: `Task runs with less isolation than asked for: ${lacks.join("; ")}`,
      details: { not_isolated: lacks.join("; ") },
    });
  const become = becomeWords(machine, values, user);
  return {
    place: { become, cwd: "/", namespaces: namespaceNames(modes), cgroup: made.cgroup },
    env: { PATH: "/usr/local/bin:/usr/bin:/bin", ...spec.env },
    cwd: "/",
    around: aroundWords(machine, spec, modes),
    prepare: rootLines(machine, spec, values, { ...program, become, table: join(dir, "mounts") }),
    oomScore: undefined,
    files: {
      mounts: mountTable(mounts),
      ...(spec.dns === undefined ? {} : { "resolv.conf": resolvConf(spec.dns) }),
    },
  };
}

const namespaceNames = ({ hasOwnPids, hasOwnIpc }: NamespaceModes) => [
  "mount" as const,
  ...(hasOwnIpc ? ["ipc" as const] : []),
  ...(hasOwnPids ? ["pid" as const] : []),
];

/** Mounts of the host's come in only where the job asks for it, and none ever goes out. */
function aroundWords({ tools }: Machine, spec: TaskSpec, modes: NamespaceModes): readonly string[] {
  const follows = spec.mounts.some((mount) => mount.propagation === "rslave");
  return [
    tool(tools, "unshare"),
    ...namespaceNames(modes).map((name) => `--${name}`),
    "--propagation",
    follows ? "slave" : "private",
    "--",
    // The first child is the first process of the new namespace. unshare(1) could wait for it as well, but tells of no SIGKILL.
    ...(modes.hasOwnPids ? ["/bin/sh", "-c", '"$@"; exit $?', "sh"] : []),
  ];
}

/** Nothing that it starts can gain more than this, whatever the file says that it starts from. */
function becomeWords(machine: Machine, values: JsonObject, user: TaskUser): readonly string[] {
  const { bounding, ambient } = taskCapabilities({
    add: optionTexts(values, "cap_add"),
    drop: optionTexts(values, "cap_drop"),
    allowed: machine.config.allowCaps,
  });
  const set = (names: readonly string[]): string =>
    ["-all", ...names.map((name) => `+${name}`)].join(",");
  const given = user.uid === 0 ? [] : ambient;
  return [
    tool(machine.tools, "setpriv"),
    ...identityWords(user),
    "--no-new-privs",
    `--bounding-set=${set(bounding)}`,
    `--inh-caps=${set(given)}`,
    `--ambient-caps=${set(given)}`,
    "--",
  ];
}

interface RootWork extends Program {
  readonly become: readonly string[];
  readonly table: string;
}

/**
 * Runs in the new mount namespace. The command is looked for from inside the new root, so that no link in it leads
 * anywhere else; so is a file made executable.
 */
function rootLines(
  { tools, config }: Machine,
  spec: TaskSpec,
  values: JsonObject,
  { command, args, become, table }: RootWork,
): readonly string[] {
  const root = spec.directories.task;
  const hold = ".nomad-host";
  makeMountPoint(root, hold, "directory");
  const chroot = config.noPivotRoot ? [tool(tools, "chroot"), "."] : [];
  const workDir = optionText(values, "work_dir") || "/";
  const places = isAbsolute(command)
    ? [command]
    : ["/local", "/", ...spec.mounts.map(({ target }) => target), ...searchPath].map((place) =>
        join(place, command),
      );
  const notFound = `file ${command} not found under path`;
  return [
    `${shellLine([tool(tools, "mount"), "-a", "-T", table])} >&2`,
    `cd ${shellWord(root)}`,
    ...(config.noPivotRoot
      ? [shellLine([tool(tools, "mount"), "--move", ".", "/"])]
      : [
          shellLine([tool(tools, "pivot_root"), ".", hold]),
          "cd /",
          shellLine([tool(tools, "umount"), "-l", `/${hold}`]),
          // A root without this program keeps an empty folder.
          `${shellLine(["/bin/rmdir", `/${hold}`])} || :`,
        ]),
    `nomad_executor_found=$(${shellLine([...chroot, "/bin/sh", "-c", lookup, "sh", notFound, ...places])})`,
    ...(config.noPivotRoot
      ? [
          `set -- ${shellLine([...chroot, "/bin/sh", "-c", 'cd "$1" && shift && exec "$@"', "sh", workDir, ...become])} "$nomad_executor_found" ${shellLine(args)}`,
        ]
      : [
          `cd ${shellWord(workDir)}`,
          `set -- ${shellLine(become)} "$nomad_executor_found" ${shellLine(args)}`,
        ]),
  ];
}

const searchPath = ["/usr/local/bin", "/usr/bin", "/bin"];
const lookup =
  'said=$1; shift; for place do if [ -f "$place" ]; then [ -x "$place" ] || /bin/chmod 755 "$place" || exit 1; ' +
  'printf "%s" "$place"; exit 0; fi; done; echo "$said" >&2; exit 1';

function tool(tools: Tools, name: ToolName): string {
  const path = tools[name];
  if (path === undefined) throw refusal(`${name} is not on this node`);
  return path;
}

const resolvConf = (dns: NonNullable<TaskSpec["dns"]>): string =>
  [
    ...dns.servers.map((server) => `nameserver ${server}`),
    ...(dns.searches.length > 0 ? [`search ${dns.searches.join(" ")}`] : []),
    ...(dns.options.length > 0 ? [`options ${dns.options.join(" ")}`] : []),
    "",
  ].join("\n");
