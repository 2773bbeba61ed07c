import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { type Failpoint, noFailpoint } from "../../lib/failpoint.ts";
import { allocationId } from "../../model/ids.ts";
import type { ObservedTask, TaskExit, TaskOwner, TaskSpec } from "../port.ts";
import { type Cgroup, wasOutOfMemory } from "./cgroups.ts";
import { bootId, processStart } from "./proc.ts";
import { isMissing } from "../../lib/errors.ts";

const listedAtOnce = 16;

/** What is written of a task before its process is started. */
interface TaskRecord {
  readonly cluster: string;
  readonly nodeId: string;
  readonly allocationId: string;
  readonly task: string;
  readonly specHash: string;
  readonly attempt: number;
}
/** Who runs it: process numbers are reused, so the start time belongs to the name. */
export interface ProcessRecord {
  readonly wrapper: number;
  readonly wrapperStart: string;
  readonly pid: number;
  readonly pidStart: string;
  /** The boot in which these numbers mean something; older records do not say. */
  readonly boot?: string;
}
/** Where and as whom a task runs, for what is run beside it later. */
export interface TaskPlace {
  readonly cgroup?: Cgroup;
  /** Words that make a command run as the task does. */
  readonly become: readonly string[];
  readonly cwd: string;
  /** The task has a root and namespaces of its own: those that were made for it, as nsenter(1) calls them. */
  readonly namespaces: readonly ("mount" | "ipc" | "pid")[];
}
export interface RecordFolder {
  dir(handle: string): string;
  create(spec: TaskSpec, place: TaskPlace): string;
  writeProcess(handle: string, record: ProcessRecord): void;
  read(handle: string): ProcessRecord | undefined;
  /** Older records have none. */
  place(handle: string): TaskPlace | undefined;
  observe(handle: string): ObservedTask | undefined;
  list(owner: TaskOwner): Promise<readonly ObservedTask[]>;
  remove(handle: string): void;
  readonly root: string;
}

export const handleOf = (spec: TaskSpec): string =>
  `${spec.key.allocationId}-${Buffer.from(spec.key.task).toString("hex")}-${spec.attempt}`;

/** One folder per start of a task: what was wanted, who runs it, how it ended, and its output. */
export function recordFolder(root: string, failpoint: Failpoint = noFailpoint): RecordFolder {
  const dir = (handle: string): string => join(root, handle);
  const observe = (handle: string): ObservedTask | undefined => {
    const task = readTask(join(dir(handle), "task.json"));
    if (task === undefined) return undefined;
    return observed(handle, dir(handle), task, failpoint);
  };
  return {
    root,
    dir,
    create(spec, place) {
      const handle = handleOf(spec);
      rmSync(dir(handle), { recursive: true, force: true });
      mkdirSync(dir(handle), { mode: 0o700 });
      const task: TaskRecord = {
        ...spec.owner,
        allocationId: spec.key.allocationId,
        task: spec.key.task,
        specHash: spec.specHash,
        attempt: spec.attempt,
      };
      writeWhole(join(dir(handle), "place.json"), place);
      writeWhole(join(dir(handle), "task.json"), task);
      return handle;
    },
    writeProcess(handle, record) {
      writeWhole(join(dir(handle), "process.json"), record);
    },
    read: (handle) => readProcess(dir(handle)),
    place: (handle) => readJson(join(dir(handle), "place.json")) as TaskPlace | undefined,
    observe,
    async list(owner) {
      const tasks: ObservedTask[] = [];
      const handles = existsSync(root) ? await readdir(root) : [];
      for (const [index, handle] of handles.entries()) {
        // A few small files each: many tasks must not hold up everything else of the agent.
        if (index % listedAtOnce === listedAtOnce - 1) await setImmediate();
        const task = readTask(join(root, handle, "task.json"));
        if (task?.cluster !== owner.cluster || task.nodeId !== owner.nodeId) continue;
        const seen = observe(handle);
        if (seen !== undefined) tasks.push(seen);
      }
      return tasks;
    },
    remove(handle) {
      rmSync(dir(handle), { recursive: true, force: true });
    },
  };
}

function observed(
  handle: string,
  dir: string,
  task: TaskRecord,
  failpoint: Failpoint,
): ObservedTask {
  const identity = {
    key: { allocationId: allocationId(task.allocationId), task: task.task },
    handle,
    specHash: task.specHash,
    attempt: task.attempt,
  };
  const process = readProcess(dir);
  // Before the exit code: whoever is gone by now has written it, while one who still runs may write it any moment.
  const isUp =
    process !== undefined &&
    (isAlive(process.wrapper, process.wrapperStart) || isAlive(process.pid, process.pidStart));
  failpoint("observe:alive");
  const startedAt = startOf(dir);
  const code = exitCode(dir);
  // An exit code without a start is that of a shell which never became the task.
  if (code !== undefined && startedAt !== null) {
    const finishedAt = statSync(join(dir, "exit")).mtime.toISOString();
    const isOom = wasOutOfMemory(readText(join(dir, "oom")) ?? "");
    return { ...identity, state: "exited", startedAt, finishedAt, exit: exitOf(code, isOom) };
  }
  if (process === undefined && startedAt === null)
    return { ...identity, state: "created", startedAt: null, finishedAt: null, exit: null };
  if (isUp) return { ...identity, state: "running", startedAt, finishedAt: null, exit: null };
  const exit: TaskExit = {
    code: 137,
    signal: 9,
    oomKilled: false,
    message: "the process is gone and left no exit code",
  };
  return { ...identity, state: "exited", startedAt, finishedAt: null, exit };
}

/**
 * The agent may have died before it wrote the process down; the wrapper's own file then tells. What another boot wrote
 * is taken without start times, so that nobody who has the numbers now is taken for a task.
 */
function readProcess(dir: string): ProcessRecord | undefined {
  const boot = bootId();
  const written = readJson(join(dir, "process.json")) as ProcessRecord | undefined;
  if (written !== undefined)
    return written.boot === boot || written.boot === undefined
      ? written
      : { ...written, wrapperStart: "", pidStart: "" };
  const path = join(dir, "pid");
  const [wrapper, pid] = (readText(path) ?? "").trim().split(" ").map(Number);
  if (wrapper === undefined || pid === undefined || !(wrapper > 1) || !(pid > 1)) return undefined;
  return {
    wrapper,
    wrapperStart: processStart(wrapper) ?? "",
    pid,
    pidStart: processStart(pid) ?? "",
    boot,
  };
}

export const isAlive = (pid: number, start: string): boolean =>
  start !== "" && processStart(pid) === start;

function exitCode(dir: string): number | undefined {
  const text = readText(join(dir, "exit"));
  return text === undefined || text.trim() === "" ? undefined : Number(text.trim());
}

/** The file is made before the task and filled by the process that is about to become it. */
function startOf(dir: string): string | null {
  const file = statSync(join(dir, "pid"), { throwIfNoEntry: false });
  return file === undefined || file.size === 0 ? null : file.mtime.toISOString();
}

function exitOf(code: number, oomKilled: boolean): TaskExit {
  const signal = code > 128 && code < 193 ? code - 128 : 0;
  return { code, signal, oomKilled, message: oomKilled ? "OOM Killed" : "" };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (thrown) {
    if (isMissing(thrown)) return undefined;
    throw thrown;
  }
}

const readTask = (path: string): TaskRecord | undefined => readJson(path) as TaskRecord | undefined;

/** A record that a crash cut short counts as not written. */
function readJson(path: string): unknown {
  const text = readText(path);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Cut short in the middle of a write.
    return undefined;
  }
}

function writeWhole(path: string, value: unknown): void {
  writeFileSync(`${path}.new`, JSON.stringify(value), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
