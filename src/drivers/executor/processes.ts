import { constants } from "node:os";
import { type Clock, sleep } from "../../lib/clock.ts";
import { removeCgroup } from "./cgroups.ts";
import { processStart } from "./proc.ts";
import { isAlive, type ProcessRecord, type RecordFolder } from "./records.ts";
import { codeOf } from "../../lib/errors.ts";

const pollMs = 20;
/** How long the wrapper may take to write the exit code after its task is gone. */
const recordMs = 10_000;

export interface StopRequest {
  readonly signal: string;
  readonly timeoutMs: number;
  readonly abort: AbortSignal;
}

/** Signal, wait, kill; then whatever the task left in its process group and its cgroup. */
export async function stopTask(
  clock: Clock,
  folder: RecordFolder,
  handle: string,
  request: StopRequest,
): Promise<void> {
  const record = folder.read(handle);
  if (record === undefined) return;
  if (isAlive(record.pid, record.pidStart)) {
    send(record, request.signal === "" ? "SIGINT" : request.signal);
    await gone(clock, record, request.timeoutMs, request.abort);
    if (isAlive(record.pid, record.pidStart)) {
      send(record, "SIGKILL");
      await gone(clock, record, recordMs, request.abort);
    }
  }
  await wrapperDone(clock, record, request.abort);
  killGroup(record);
  const cgroup = folder.place(handle)?.cgroup;
  // Kept until the allocation is cleared away, empty ones would pile up.
  if (cgroup !== undefined) await removeCgroup(clock, cgroup);
}

export function signalTask(folder: RecordFolder, handle: string, name: string): void {
  const record = folder.read(handle);
  if (record !== undefined && isAlive(record.pid, record.pidStart)) send(record, name);
}

async function gone(
  clock: Clock,
  record: ProcessRecord,
  limitMs: number,
  abort: AbortSignal,
): Promise<void> {
  const end = clock.monotonicMs() + limitMs;
  while (isAlive(record.pid, record.pidStart) && clock.monotonicMs() < end)
    await sleep(clock, pollMs, abort);
}

async function wrapperDone(clock: Clock, record: ProcessRecord, abort: AbortSignal): Promise<void> {
  const end = clock.monotonicMs() + recordMs;
  while (isAlive(record.wrapper, record.wrapperStart) && clock.monotonicMs() < end)
    await sleep(clock, pollMs, abort);
}

const send = (record: ProcessRecord, name: string): void => {
  kill(record.pid, signalNumber(name));
};

/**
 * The wrapper leads the group, and its number stays taken as long as anybody is left in the group. So only where that
 * number belongs to another process by now, everything of ours is gone, and the group is not ours to kill.
 */
function killGroup(record: ProcessRecord): void {
  if (record.wrapperStart === "") return;
  const leader = processStart(record.wrapper);
  if (leader !== undefined && leader !== record.wrapperStart) return;
  kill(-record.wrapper, constants.signals.SIGKILL);
}

function kill(pid: number, signal: number): void {
  try {
    process.kill(pid, signal);
  } catch (thrown) {
    if (codeOf(thrown) !== "ESRCH") throw thrown;
  }
}

/** A name that nobody knows means SIGINT: a task with a misspelt kill_signal must still end. */
function signalNumber(name: string): number {
  const upper = name.toUpperCase();
  const known = Object.entries(constants.signals).find(
    ([signal]) => signal === upper || signal === `SIG${upper}`,
  );
  return known?.[1] ?? constants.signals.SIGINT;
}
