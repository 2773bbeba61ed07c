import type { TaskEvent, TaskState } from "../../../model/allocation.ts";
import type { StringMap } from "../../../model/job.ts";
import { formatDuration } from "../../../lib/duration.ts";
import type { Exit } from "./types.ts";

const eventsKept = 10;

export interface EventBody {
  readonly Type: string;
  readonly Message: string;
  readonly Details: StringMap;
}
const event = (Type: string, Details: StringMap = {}, Message = ""): EventBody => ({
  Type,
  Message,
  Details,
});

/** Adds an event at `timeNs`; the oldest beyond ten goes. */
export function withEvent(state: TaskState, body: EventBody, timeNs: number): TaskState {
  const added: TaskEvent = { ...body, Time: timeNs };
  return { ...state, Events: [...state.Events, added].slice(-eventsKept) };
}

export const received = (): EventBody => event("Received");
export const taskSetup = (): EventBody =>
  event("Task Setup", { message: "Building Task Directory" }, "Building Task Directory");
export const setupFailure = (error: string): EventBody =>
  event("Setup Failure", { setup_error: error });
export const failedValidation = (error: string): EventBody =>
  event("Failed Validation", { validation_error: error });
export const downloadingArtifacts = (): EventBody => event("Downloading Artifacts");
export const failedArtifactDownload = (error: string): EventBody =>
  event("Failed Artifact Download", { download_error: error });
export const hookMessage = (message: string): EventBody =>
  event("Task hook message", { message }, message);
export const template = (message: string): EventBody => event("Template", {}, message);
export const killingBecause = (reason: string): EventBody =>
  event("Killing", { kill_reason: reason, fails_task: "true" }, reason);
export const driverFailure = (error: string): EventBody =>
  event("Driver Failure", { driver_error: error });
export const driverMessage = (message: string, details: StringMap): EventBody =>
  event("Driver", { driver_message: message, ...details });
export const started = (): EventBody => event("Started");
export const terminated = (exit: Exit): EventBody =>
  event(
    "Terminated",
    {
      exit_code: String(exit.code),
      signal: String(exit.signal),
      oom_killed: String(exit.oomKilled),
      ...(exit.message === "" ? {} : { exit_message: exit.message }),
    },
    exit.message,
  );
export const restarting = (delayNs: number, reason: string): EventBody =>
  event("Restarting", { start_delay: String(delayNs), restart_reason: reason });
export const notRestarting = (reason: string): EventBody =>
  event("Not Restarting", { restart_reason: reason, fails_task: "true" });
export const restartSignaled = (reason: string): EventBody =>
  event("Restart Signaled", { restart_reason: reason });
export const signaling = (signal: string): EventBody => event("Signaling", { signal });
export const killing = (timeoutNs: number): EventBody =>
  event("Killing", { kill_timeout: formatDuration(timeoutNs) });
export const killed = (): EventBody => event("Killed");
export const siblingFailed = (task: string): EventBody =>
  event("Sibling Task Failed", { failed_sibling: task });
export const leaderDead = (): EventBody => event("Leader Task Dead");
export const mainTasksDead = (): EventBody => event("Main Tasks Dead");
export const waitingForShutdownDelay = (delayNs: number): EventBody =>
  event(
    "Waiting for shutdown delay",
    {},
    `Waiting for shutdown_delay of ${formatDuration(delayNs)} before killing the task.`,
  );
export const skippingShutdownDelay = (delayNs: number): EventBody =>
  event(
    "Skipping shutdown delay",
    {},
    `Skipping shutdown_delay of ${formatDuration(delayNs)} before killing the task.`,
  );
export const pausing = (): EventBody =>
  told("Pausing", "Paused by a person: not started again until it is resumed");
export const resuming = (): EventBody => told("Running", "Resumed by a person");
const told = (type: string, message: string): EventBody => event(type, { message }, message);
export const allocUnhealthy = (message: string): EventBody =>
  event("Alloc Unhealthy", { message }, message);
