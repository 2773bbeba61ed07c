import { existsSync, readFileSync } from "node:fs";
import { mkdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join, normalize } from "node:path";
import { type Clock, sleep } from "../../lib/clock.ts";
import { codeOf, errorText, isMissing } from "../../lib/errors.ts";
import { formatIdSet } from "../../lib/id-set.ts";
import type { TaskSpec } from "../port.ts";
import { refusal } from "./refusal.ts";

const defaultRoot = "/sys/fs/cgroup";
const bytesPerMb = 1024 * 1024;

export interface CgroupLimits {
  readonly cpuShares: number;
  readonly memoryMb: number;
  readonly memoryMaxMb: number;
}
/** Where a task's processes are kept together: one folder, or one for each controller of the older kind. */
export interface Cgroup {
  readonly paths: readonly string[];
  /** Made for this task alone: what is in it may be killed, and it goes with the task. */
  readonly isOwn: boolean;
  /** The file that counts kills for want of memory. */
  readonly oomFile?: string;
}
export interface MadeCgroup {
  readonly cgroup: Cgroup;
  /** What the kernel did not take, for the task's events. */
  readonly shortcomings: readonly string[];
}
export interface CgroupTree {
  readonly version: 0 | 1 | 2;
  /** The controllers of the first kind that are mounted, or those of the second that are there. */
  readonly controllers: readonly string[];
  /** Without limits the processes are only kept together; with cores they run on no others. */
  make(
    name: string,
    limits: CgroupLimits | undefined,
    cores?: readonly number[],
  ): Promise<MadeCgroup>;
  /** Places that the job names: below the mounts, made when they are not there. */
  use(override: CgroupOverride): Promise<Cgroup>;
}
export type CgroupOverride =
  | { readonly version: 1; readonly paths: { readonly [controller: string]: string } }
  | { readonly version: 2; readonly path: string };

/** Each attempt has its own: the one before may not be cleared away yet. */
export function cgroupName({ key, attempt }: Pick<TaskSpec, "key" | "attempt">): string {
  const task = /^[\w.-]+$/.test(key.task) ? key.task : Buffer.from(key.task).toString("hex");
  return `${key.allocationId}.${task}${attempt === 0 ? "" : `.${attempt}`}`;
}

/** The machine's cgroups, of whichever kind they are. */
export function openCgroups(root = defaultRoot): CgroupTree {
  if (existsSync(join(root, "cgroup.controllers"))) return unifiedTree(root);
  const controllers = ["cpu", "cpuacct", "memory", "freezer", "pids"].filter((name) =>
    existsSync(join(root, name, "cgroup.procs")),
  );
  return controllers.length === 0 ? noTree : splitTree(root, controllers);
}

const noTree: CgroupTree = {
  version: 0,
  controllers: [],
  make: () => Promise.reject(refusal("this machine has no cgroups")),
  use: () => Promise.reject(refusal("this machine has no cgroups")),
};

/** Version 1: a tree for each controller. */
function splitTree(root: string, controllers: readonly string[]): CgroupTree {
  return {
    version: 1,
    controllers,
    async make(name, limits, cores = []) {
      const wanted = limits === undefined ? ["freezer", "pids"] : controllers;
      const paths = controllers
        .filter((controller) => wanted.includes(controller))
        .map((controller) => join(root, controller, "nomad", name));
      for (const path of paths) await mkdir(path, { recursive: true });
      const memory = join(root, "memory", "nomad", name);
      const hasMemory = limits !== undefined && controllers.includes("memory");
      const cpuset = cores.length > 0 ? await makeCpuset(root, name, cores) : {};
      const shortcomings =
        limits === undefined ? [] : await writeLimits(splitLimits(root, name, limits), controllers);
      return {
        cgroup: {
          paths: [...paths, ...(cpuset.path === undefined ? [] : [cpuset.path])],
          isOwn: true,
          ...(hasMemory ? { oomFile: join(memory, "memory.oom_control") } : {}),
        },
        shortcomings: [...shortcomings, ...(cpuset.lack === undefined ? [] : [cpuset.lack])],
      };
    },
    async use(override) {
      if (override.version !== 1)
        throw refusal("config.cgroup_v2_override: this machine has cgroups of version 1");
      const paths = Object.entries(override.paths).map(([controller, path]) => {
        if (!existsSync(join(root, controller, "cgroup.procs")) || controller.includes("/"))
          throw refusal(`config.cgroup_v1_override: there is no controller "${controller}"`);
        return below(join(root, controller), path);
      });
      for (const path of paths) await mkdir(path, { recursive: true });
      return { paths, isOwn: false };
    },
  };
}

/** A place without cores or memory takes nobody in, so it is filled from above before it is used. */
async function makeCpuset(
  root: string,
  name: string,
  cores: readonly number[],
): Promise<{ readonly path?: string; readonly lack?: string }> {
  const base = join(root, "cpuset");
  if (!existsSync(join(base, "cgroup.procs")))
    return { lack: "the machine has no cpuset controller" };
  const path = join(base, "nomad", name);
  try {
    const whole = await readFile(join(base, "cpuset.cpus"), "utf8");
    const memory = await readFile(join(base, "cpuset.mems"), "utf8");
    await mkdir(path, { recursive: true });
    for (const [at, cpus] of [
      [join(base, "nomad"), whole.trim()],
      [path, formatIdSet(cores)],
    ] as const) {
      await writeFile(join(at, "cpuset.cpus"), cpus);
      await writeFile(join(at, "cpuset.mems"), memory.trim());
    }
    return { path };
  } catch (thrown) {
    // One that is in use stays: the task is kept together without it all the same.
    const left = await rmdir(path).catch((failure: unknown) =>
      isMissing(failure) ? undefined : errorText(failure),
    );
    return { lack: `cpuset: ${errorText(thrown)}${left === undefined ? "" : `; ${left}`}` };
  }
}

interface Limit {
  readonly controller: string;
  readonly file: string;
  readonly value: string;
  /** Without it the limit would be none; others are a finer point of it. */
  readonly isVital: boolean;
}

function splitLimits(root: string, name: string, limits: CgroupLimits): readonly Limit[] {
  const at = (controller: string, file: string, value: number, isVital: boolean): Limit => ({
    controller,
    file: join(root, controller, "nomad", name, file),
    value: String(value),
    isVital,
  });
  const hard = Math.max(limits.memoryMb, limits.memoryMaxMb) * bytesPerMb;
  return [
    at("cpu", "cpu.shares", Math.max(2, limits.cpuShares), true),
    at("memory", "memory.limit_in_bytes", hard, true),
    at("memory", "memory.memsw.limit_in_bytes", hard, false),
    ...(limits.memoryMaxMb > 0
      ? [at("memory", "memory.soft_limit_in_bytes", limits.memoryMb * bytesPerMb, false)]
      : []),
  ];
}

/** Version 2: one tree, whose folders pass controllers on only where they are told to. */
function unifiedTree(root: string): CgroupTree {
  const controllers = readFileSync(join(root, "cgroup.controllers"), "utf8")
    .split(/\s+/)
    .filter((name) => name !== "");
  const parents = [root, join(root, "nomad.slice"), join(root, "nomad.slice", "share.slice")];
  return {
    version: 2,
    controllers,
    async make(name, limits, cores = []) {
      const path = join(root, "nomad.slice", "share.slice", `${name}.scope`);
      await mkdir(path, { recursive: true });
      const asked = ["cpu", "memory", "pids", ...(cores.length > 0 ? ["cpuset"] : [])];
      const passed = asked.filter((one) => controllers.includes(one));
      for (const parent of passed.length === 0 ? [] : parents)
        await writeFile(
          join(parent, "cgroup.subtree_control"),
          passed.map((p) => `+${p}`).join(" "),
        );
      const file = join(path, "cpuset.cpus");
      const value = formatIdSet(cores);
      const shortcomings = await writeLimits(
        [
          ...(limits === undefined ? [] : unifiedLimits(path, limits)),
          ...(cores.length > 0 ? [{ controller: "cpuset", file, value, isVital: true }] : []),
        ],
        controllers,
      );
      return {
        cgroup: { paths: [path], isOwn: true, oomFile: join(path, "memory.events") },
        shortcomings,
      };
    },
    async use(override) {
      if (override.version !== 2)
        throw refusal("config.cgroup_v1_override: this machine has cgroups of version 2");
      const path = below(root, override.path);
      await mkdir(path, { recursive: true });
      return { paths: [path], isOwn: false };
    },
  };
}

function unifiedLimits(path: string, limits: CgroupLimits): readonly Limit[] {
  const at = (controller: string, file: string, value: number, isVital: boolean): Limit => ({
    controller,
    file: join(path, file),
    value: String(value),
    isVital,
  });
  const hard = Math.max(limits.memoryMb, limits.memoryMaxMb) * bytesPerMb;
  return [
    at("cpu", "cpu.weight", weightOf(limits.cpuShares), true),
    at("memory", "memory.max", hard, true),
    at("memory", "memory.swap.max", 0, false),
    ...(limits.memoryMaxMb > 0
      ? [at("memory", "memory.low", limits.memoryMb * bytesPerMb, false)]
      : []),
  ];
}

/** The published mapping of shares 2..262144 to weights 1..10000. */
const weightOf = (shares: number): number =>
  Math.min(10_000, 1 + Math.floor(((Math.max(2, shares) - 2) * 9_999) / 262_142));

async function writeLimits(
  limits: readonly Limit[],
  controllers: readonly string[],
): Promise<readonly string[]> {
  const shortcomings: string[] = [];
  for (const { controller, file, value, isVital } of limits) {
    if (controllers.includes(controller)) {
      try {
        await writeFile(file, value);
        continue;
      } catch (thrown) {
        // A kernel without swap accounting has no such file, and nothing is lost.
        if (isVital) shortcomings.push(`${controller}: ${errorText(thrown)}`);
        continue;
      }
    }
    if (isVital) shortcomings.push(`the machine has no ${controller} controller`);
  }
  return shortcomings;
}

function below(root: string, path: string): string {
  const inside = normalize(join(root, path)).replace(/\/+$/, "");
  if (!inside.startsWith(`${root}/`) || path.split("/").includes(".."))
    throw refusal(`the cgroup "${path}" is not below ${root}`);
  return inside;
}

/** Who is in it now. */
export async function processesIn(cgroup: Cgroup): Promise<readonly number[]> {
  const [path] = cgroup.paths;
  if (path === undefined) return [];
  // Removed with its task.
  const text = await readFile(join(path, "cgroup.procs"), "utf8").catch(() => "");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map(Number);
}

const killRounds = 50;
const killPauseMs = 20;

/** Kills everything in it, also what is born meanwhile. */
export async function killCgroup(clock: Clock, cgroup: Cgroup): Promise<void> {
  const [path] = cgroup.paths;
  if (!cgroup.isOwn || path === undefined) return;
  const freezer = cgroup.paths.find((one) => existsSync(join(one, "freezer.state")));
  for (let round = 0; round < killRounds; round++) {
    const processes = await processesIn(cgroup);
    if (processes.length === 0) return;
    if (existsSync(join(path, "cgroup.kill"))) await writeFile(join(path, "cgroup.kill"), "1");
    else {
      // Frozen, nobody can run away with a new child between the look and the kill.
      if (freezer !== undefined) await writeFile(join(freezer, "freezer.state"), "FROZEN");
      for (const pid of await processesIn(cgroup)) killOne(pid);
      if (freezer !== undefined) await writeFile(join(freezer, "freezer.state"), "THAWED");
    }
    await sleep(clock, killPauseMs);
  }
}

function killOne(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (thrown) {
    if (codeOf(thrown) !== "ESRCH") throw thrown;
  }
}

/** Takes an empty one away; one that is gone already is fine. */
export async function removeCgroup(clock: Clock, cgroup: Cgroup): Promise<void> {
  if (!cgroup.isOwn) return;
  await killCgroup(clock, cgroup);
  for (const path of cgroup.paths) await removeFolder(clock, path);
}

async function removeFolder(clock: Clock, path: string): Promise<void> {
  for (let round = 0; ; round++) {
    try {
      await rmdir(path);
      return;
    } catch (thrown) {
      if (codeOf(thrown) === "ENOENT") return;
      // The kernel needs a moment to let go of what was killed.
      if (codeOf(thrown) !== "EBUSY" || round >= killRounds) throw thrown;
      await sleep(clock, killPauseMs);
    }
  }
}

/** Did the kernel kill somebody in it for want of memory? From the text of its `oomFile`. */
export const wasOutOfMemory = (text: string): boolean =>
  Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0) > 0;
