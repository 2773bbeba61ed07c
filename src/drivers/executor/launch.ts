import { spawn } from "node:child_process";
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Clock } from "../../lib/clock.ts";
import { AppError } from "../../lib/errors.ts";
import type { ObservedTask, TaskSpec } from "../port.ts";
import { removeCgroup } from "./cgroups.ts";
import { bootId, processStart } from "./proc.ts";
import { handleOf, type RecordFolder, type TaskPlace } from "./records.ts";
import { mishap } from "./refusal.ts";
import { shellLine, shellWord } from "./shell-words.ts";

/** How one start of a task is done, decided by its driver. */
export interface LaunchPlan {
  readonly place: TaskPlace;
  readonly env: { readonly [name: string]: string };
  /** Where the wrapper stands; the host's path. */
  readonly cwd: string;
  /** Words before the shell that becomes the task, such as those that make namespaces. */
  readonly around: readonly string[];
  /** Lines of that shell; they leave what it shall become as `$@`. What they print on stderr says why a start failed. */
  readonly prepare: readonly string[];
  readonly oomScore: number | undefined;
  /** Written into the folder of the record, which is closed to everybody else; a task may be shown one of them. */
  readonly files: { readonly [name: string]: string };
}

/** Starts a task, or answers the one that runs already for this very start. */
export async function launch(
  clock: Clock,
  folder: RecordFolder,
  spec: TaskSpec,
  plan: (dir: string) => Promise<LaunchPlan>,
): Promise<ObservedTask> {
  const wanted = handleOf(spec);
  const existing = folder.observe(wanted);
  if (existing !== undefined && existing.state !== "created" && existing.specHash === spec.specHash)
    return existing;
  const chosen = await plan(folder.dir(wanted));
  const handle = folder.create(spec, chosen.place);
  try {
    const spawned = await spawnWrapper(clock, folder.dir(handle), spec, chosen);
    folder.writeProcess(handle, {
      ...spawned,
      pidStart: processStart(spawned.pid) ?? "",
      boot: bootId(),
    });
  } catch (thrown) {
    if (chosen.place.cgroup !== undefined) await removeCgroup(clock, chosen.place.cgroup);
    folder.remove(handle);
    throw thrown;
  }
  const started = folder.observe(handle);
  if (started === undefined)
    throw new AppError("driver", `the record of ${spec.key.task} vanished`);
  return started;
}

interface Spawned {
  readonly wrapper: number;
  readonly wrapperStart: string;
  readonly pid: number;
}

function spawnWrapper(
  clock: Clock,
  dir: string,
  spec: TaskSpec,
  plan: LaunchPlan,
): Promise<Spawned> {
  for (const [name, content] of Object.entries(plan.files))
    writeFileSync(join(dir, name), content, { mode: 0o644 });
  writeFileSync(join(dir, "inner"), innerScript(dir, plan), { mode: 0o600 });
  writeFileSync(join(dir, "wrapper"), wrapperScript(dir, plan), { mode: 0o600 });
  const log = openExecutorLog(join(spec.directories.task, "executor.out"));
  writeSync(log, logLine(clock, "launching command", { attempt: spec.attempt }));
  const logFrom = fstatSync(log).size;
  const child = spawn("/bin/sh", [join(dir, "wrapper")], {
    cwd: plan.cwd,
    env: plan.env,
    detached: true,
    stdio: ["ignore", "ignore", log, "pipe"],
  });
  // Read at once: a task that ends quickly takes its wrapper along, and what it left behind is found by this.
  const wrapperStart = child.pid === undefined ? "" : (processStart(child.pid) ?? "");
  return new Promise<Spawned>((resolve, reject) => {
    child.once("error", (error) => {
      child.off("close", ended);
      reject(mishap(`failed to launch command: ${error.message}`, error));
    });
    const ended = (): void => {
      const text = readFrom(log, logFrom).trim() || "it ended before it could be recorded";
      reject(mishap(`failed to launch command: ${text}`));
    };
    child.once("close", ended);
    const told = child.stdio[3] as Readable;
    let heard = "";
    told.on("data", (data: Buffer) => {
      heard += data.toString();
      // The second line says that the record is written.
      const [pid = "", isWritten] = heard.split("\n");
      if (isWritten !== "ok" || child.pid === undefined) return;
      child.off("close", ended);
      told.destroy();
      child.unref();
      resolve({ wrapper: child.pid, wrapperStart, pid: Number(pid) });
    });
  }).finally(() => {
    closeSync(log);
  });
}

/** Waits for the task and leaves the exit code behind. What the shell itself has to say goes to the executor's log. */
function wrapperScript(dir: string, { around, place }: LaunchPlan): string {
  const oom = place.cgroup?.oomFile;
  return [
    `${shellLine([...around, "/bin/sh", join(dir, "inner")])} "$$"`,
    `echo $? >${shellWord(join(dir, "exit.new"))}`,
    ...(oom === undefined
      ? []
      : [`/bin/cat ${shellWord(oom)} >${shellWord(join(dir, "oom"))} 2>/dev/null`]),
    `/bin/mv ${shellLine([join(dir, "exit.new"), join(dir, "exit")])}`,
    "",
  ].join("\n");
}

/**
 * Becomes the task. It names itself by the host's numbers, also from within its own namespace, before it loses sight
 * of the host's files. When nobody listens any more, the first word to the agent ends it, and nothing has run. The names
 * of its variables are nobody else's, and none of them is passed on.
 */
function innerScript(dir: string, plan: LaunchPlan): string {
  const file = (name: string): string => shellWord(join(dir, name));
  const { place, oomScore } = plan;
  return [
    "set -e",
    ...(place.cgroup?.paths ?? []).map(
      (path) => `echo 0 >${shellWord(join(path, "cgroup.procs"))}`,
    ),
    ...(oomScore === undefined ? [] : [`echo ${oomScore} >/proc/self/oom_score_adj`]),
    `exec 4>>${file("stdout")} 5>>${file("stderr")} 6>${file("pid")}`,
    "nomad_executor_wrapper=$1",
    "read -r nomad_executor_pid nomad_executor_rest </proc/self/stat",
    ...plan.prepare,
    'echo "$nomad_executor_pid" >&3',
    'echo "$nomad_executor_wrapper $nomad_executor_pid" >&6',
    "(echo ok >&3) || true",
    'exec "$@" >&4 2>&5 3>&- 4>&- 5>&- 6>&-',
    "",
  ].join("\n");
}

const longestReason = 4_096;

/** By its number: what stands under its name by now may be anything. */
function readFrom(file: number, position: number): string {
  const buffer = Buffer.alloc(longestReason);
  return buffer.toString("utf8", 0, readSync(file, buffer, 0, longestReason, position));
}

/** In the form of the published executor's log. */
const logLine = (clock: Clock, message: string, fields: object): string =>
  `${JSON.stringify({
    "@level": "info",
    "@message": message,
    "@module": "executor",
    "@timestamp": new Date(clock.nowMs()).toISOString(),
    ...fields,
  })}\n`;

/** The task's folder is open to the task: whatever stands there under this name must be a plain file of its own. */
function openExecutorLog(path: string): number {
  const { O_APPEND, O_CREAT, O_RDWR, O_NOFOLLOW, O_NONBLOCK } = constants;
  let file: number;
  try {
    file = openSync(path, O_APPEND | O_CREAT | O_RDWR | O_NOFOLLOW | O_NONBLOCK, 0o644);
  } catch (thrown) {
    throw mishap("executor.out in the task's folder cannot be written", thrown);
  }
  const { nlink } = fstatSync(file);
  if (fstatSync(file).isFile() && nlink === 1) return file;
  closeSync(file);
  throw mishap("executor.out in the task's folder is not a plain file");
}
