import { spawn } from "node:child_process";
import { accessSync, chmodSync, constants, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { Readable } from "node:stream";
import { AppError } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";
import { optionNumber, optionText, optionTexts } from "../core/option-table.ts";
import type { ObservedTask, TaskSpec } from "../port.ts";
import { bootId, processStart } from "./proc.ts";
import { handleOf, type ProcessRecord, type RecordFolder } from "./records.ts";
import { wordsToBecome } from "./user.ts";

/** The inner shell names both processes and becomes the command. No variables: the task's own names stay free. */
const inner =
  'echo "$PPID $$" >"$1/pid.new"; /bin/mv "$1/pid.new" "$1/pid"; [ -z "$2" ] || echo "$2" >/proc/$$/oom_score_adj; echo $$ >&3; exec 3>&-; shift 2; exec "$@"';
/** The outer one waits for it and leaves the exit code behind. $1 is the folder of the record, $2 a score. */
const wrapper = `/bin/sh -c '${inner}' sh "$@" >>"$1/stdout" 2>>"$1/stderr"
echo $? >"$1/exit.new"; /bin/mv "$1/exit.new" "$1/exit"`;

/** Starts a task, or answers the one that runs already for this very start. */
export async function launch(
  folder: RecordFolder,
  spec: TaskSpec,
  values: JsonObject,
): Promise<ObservedTask> {
  const existing = folder.observe(handleOf(spec));
  if (existing !== undefined && existing.state !== "created" && existing.specHash === spec.specHash)
    return existing;
  const command = findCommand(optionText(values, "command"), spec);
  const become = await wordsToBecome(spec.user);
  const handle = folder.create(spec);
  const spawned = await spawnWrapper(folder, handle, spec, { command, become, values });
  folder.writeProcess(handle, {
    ...spawned,
    pidStart: processStart(spawned.pid) ?? "",
    boot: bootId(),
  });
  const started = folder.observe(handle);
  if (started === undefined)
    throw new AppError("driver", `the record of ${spec.key.task} vanished`);
  return started;
}

interface Command {
  readonly command: string;
  /** Words before the command that make it run as somebody else. */
  readonly become: readonly string[];
  readonly values: JsonObject;
}

function spawnWrapper(
  folder: RecordFolder,
  handle: string,
  spec: TaskSpec,
  { command, become, values }: Command,
): Promise<Pick<ProcessRecord, "wrapper" | "wrapperStart" | "pid">> {
  const denied = optionTexts(values, "denied_envvars").map(globRule);
  const env = Object.fromEntries(
    Object.entries(spec.env).filter(([name]) => !denied.some((rule) => rule.test(name))),
  );
  const score = String(optionNumber(values, "oom_score_adj") ?? "");
  const args = optionTexts(values, "args");
  const child = spawn(
    "/bin/sh",
    ["-c", wrapper, "sh", folder.dir(handle), score, ...become, command, ...args],
    {
      cwd: optionText(values, "work_dir") || spec.directories.task,
      env,
      detached: true,
      stdio: ["ignore", "ignore", "ignore", "pipe"],
    },
  );
  // Read at once: a task that ends quickly takes its wrapper along, and what it left behind is found by this.
  const wrapperStart = child.pid === undefined ? "" : (processStart(child.pid) ?? "");
  return new Promise((resolve, reject) => {
    const fail = (text: string, cause?: unknown): void => {
      reject(
        new AppError("driver", `failed to launch command: ${text}`, {
          cause,
          fields: { recoverable: true },
        }),
      );
    };
    child.once("error", (error) => {
      fail(error.message, error);
    });
    child.once("exit", () => {
      fail("it ended before it could be recorded");
    });
    const told = child.stdio[3] as Readable;
    told.once("data", (data: Buffer) => {
      told.destroy();
      child.unref();
      const inner = Number(data.toString().trim());
      if (child.pid === undefined || !(inner > 1)) fail("no process number");
      else resolve({ wrapper: child.pid, wrapperStart, pid: inner });
    });
  });
}

/** In the task's folders first, then as it is, then on the search path. */
function findCommand(command: string, spec: TaskSpec): string {
  const places = isAbsolute(command)
    ? [command]
    : [
        join(spec.directories.local, command),
        join(spec.directories.task, command),
        ...(spec.env["PATH"] ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
          .split(":")
          .map((place) => join(place, command)),
      ];
  const found = places.find(isFile);
  if (found === undefined)
    throw new AppError("driver", `failed to launch command: file ${command} not found under path`, {
      fields: { recoverable: true },
    });
  makeExecutable(found);
  return found;
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    // The next folder of the PATH may have it.
    return false;
  }
}

function makeExecutable(path: string): void {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    // Not executable yet, which is what this is about.
    chmodSync(path, 0o755);
  }
}

const globRule = (glob: string): RegExp =>
  new RegExp(`^${glob.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*")}$`);
