import { mkdirSync, readFileSync, statSync } from "node:fs";
import { type Clock, sleep } from "../../lib/clock.ts";
import type { Diagnostic } from "../../lib/diagnostic.ts";
import { AppError, isMissing } from "../../lib/errors.ts";
import type { Logger } from "../../lib/logger.ts";
import type { JsonObject } from "../../lib/json.ts";
import type { JsonMap } from "../../model/job.ts";
import type { DecodedOptions } from "../core/option-table.ts";
import type {
  DriverFingerprint,
  DriverNotice,
  ExecRequest,
  TaskDriver,
  TaskSpec,
} from "../port.ts";
import { readCounters } from "./cgroup-counters.ts";
import { processesIn, removeCgroup } from "./cgroups.ts";
import { launch, type LaunchPlan } from "./launch.ts";
import { readSpool } from "./output.ts";
import { createProcessScan } from "./proc.ts";
import { signalTask, stopTask } from "./processes.ts";
import { isAlive, type RecordFolder, recordFolder } from "./records.ts";
import { refusal } from "./refusal.ts";
import { openSession, type SessionPlan } from "./session.ts";
import type { Tools } from "./tools.ts";
import { readUsage, usageBetween, type UsageReading } from "./usage.ts";
import { watchRecords } from "./watch.ts";

export interface ExecutorParts {
  readonly clock: Clock;
  readonly log: Logger;
  /** Where the records of its tasks live; they must outlast the agent. */
  readonly stateDir: string;
  readonly tools: Tools;
  readonly name: string;
  readonly isolation: TaskDriver["isolation"];
  readonly decode: (config: JsonMap) => DecodedOptions;
  readonly fingerprint: () => Promise<DriverFingerprint>;
  readonly plan: (spec: TaskSpec, values: JsonObject, context: PlanContext) => Promise<LaunchPlan>;
}

export interface PlanContext {
  readonly notice: (notice: DriverNotice) => void;
  /** The folder of the record that will be made. */
  readonly dir: string;
}

/**
 * What all drivers have in common that run programs of this machine: a shell a few lines long stands above each task
 * and records its process and exit code, since a restarted agent cannot wait for a process that is not its child.
 */
export function createExecutorDriver(parts: ExecutorParts): TaskDriver {
  const { clock, log, stateDir, decode } = parts;
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const folder = recordFolder(stateDir);
  const readings = new Map<string, UsageReading>();
  const scan = createProcessScan();
  return {
    name: parts.name,
    isolation: parts.isolation,
    validate: (config) => decode(config).diagnostics,
    fingerprint: () => parts.fingerprint(),
    list: (owner) => folder.list(owner),
    inspect: (handle) => Promise.resolve(folder.observe(handle)),
    async start(spec, notice) {
      const { values, diagnostics } = decode(spec.config);
      if (diagnostics.length > 0) throw refusal(diagnostics.map(faultText).join("; "));
      return launch(clock, folder, spec, (dir) => parts.plan(spec, values, { notice, dir }));
    },
    stop: (handle, stopOptions, signal) =>
      stopTask(clock, folder, handle, { ...stopOptions, abort: signal }),
    signal: (handle, name) => {
      signalTask(folder, handle, name);
      return Promise.resolve();
    },
    async remove(handle, signal) {
      await stopTask(clock, folder, handle, { signal: "SIGKILL", timeoutMs: 0, abort: signal });
      readings.delete(handle);
      const cgroup = folder.place(handle)?.cgroup;
      if (cgroup !== undefined) await removeCgroup(clock, cgroup);
      folder.remove(handle);
    },
    output: (handle, cursor, signal, more) =>
      readSpool({ ...more, clock, log, folder, handle, cursor, signal }),
    async stats(handle) {
      const cgroup = folder.place(handle)?.cgroup;
      const own = cgroup?.isOwn === true ? cgroup : undefined;
      const members = own === undefined ? [] : await processesIn(own);
      const counted = own === undefined ? undefined : await readCounters(own);
      const seen = readUsage(folder.read(handle), members, await scan(), clock.monotonicMs());
      if (seen === undefined) return undefined;
      const now = counted === undefined ? seen : { ...seen, counted };
      const usage = usageBetween(now, readings.get(handle));
      readings.set(handle, now);
      return usage;
    },
    watch: (owner, changed) => watchRecords(clock, log, folder, { owner, changed }),
    async exec(handle: string, request: ExecRequest, signal: AbortSignal) {
      await untilShutIn(clock, folder, handle, signal);
      return openSession(sessionPlan(parts, folder, handle), request, signal);
    },
  };
}

/** In its first moments a task still has the root of the machine, and so would whoever joined it. */
async function untilShutIn(
  clock: Clock,
  folder: RecordFolder,
  handle: string,
  signal: AbortSignal,
): Promise<void> {
  if (folder.place(handle)?.namespaces.includes("mount") !== true) return;
  const endMs = clock.monotonicMs() + shutInMs;
  for (;;) {
    const record = folder.read(handle);
    if (record === undefined || hasOwnRoot(record.pid)) return;
    if (clock.monotonicMs() >= endMs)
      throw new AppError("unavailable", "the task is not shut in yet: try again");
    await sleep(clock, shutInPauseMs, signal);
  }
}

const shutInMs = 10_000;
const shutInPauseMs = 10;

/** True also for a task that is gone: that is told elsewhere. */
function hasOwnRoot(pid: number): boolean {
  try {
    const [own, machine] = [statSync(`/proc/${pid}/root/`), statSync("/")];
    return own.ino !== machine.ino || own.dev !== machine.dev;
  } catch (thrown) {
    if (isMissing(thrown)) return true;
    throw thrown;
  }
}

/** In the namespaces of the task, in its cgroup, as its user, with its variables. */
function sessionPlan(parts: ExecutorParts, folder: RecordFolder, handle: string): SessionPlan {
  const record = folder.read(handle);
  const place = folder.place(handle);
  if (record === undefined || place === undefined || !isAlive(record.pid, record.pidStart))
    throw new AppError("driver", "the task does not run");
  const { nsenter } = parts.tools;
  const isWithin = place.namespaces.length > 0;
  if (isWithin && nsenter === undefined)
    throw new AppError("driver", "no way into the task without nsenter on this node");
  const enter = [
    nsenter ?? "",
    `--target=${record.pid}`,
    ...place.namespaces.map((name) => `--${name}`),
    "--root",
    "--wd",
    "--",
  ];
  const isWrapped = isAlive(record.wrapper, record.wrapperStart);
  return {
    clock: parts.clock,
    log: parts.log,
    tools: parts.tools,
    enter: isWithin ? enter : [],
    become: place.become,
    hasOwnPids: place.namespaces.includes("pid"),
    cgroups: place.cgroup?.paths ?? [],
    env: environmentOf(isWrapped ? record.wrapper : record.pid),
    cwd: isWithin ? "/" : place.cwd,
  };
}

/** The wrapper still has what the task was given, whatever the task made of its own. */
function environmentOf(pid: number): { readonly [name: string]: string } {
  const entries = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  return Object.fromEntries(
    entries
      .filter((entry) => entry.includes("="))
      .map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );
}

const faultText = (fault: Diagnostic): string =>
  `${fault.summary}${fault.detail === "" ? "" : `: ${fault.detail}`}`;
