import { formatDuration, parseDuration } from "../../lib/duration.ts";
import type { StringMap } from "../../model/job.ts";
import type { TaskEvent, TaskState } from "../../model/allocation.ts";

export const encodeTaskStates = (
  states: { readonly [task: string]: TaskState } | null,
): object | null =>
  states === null
    ? null
    : Object.fromEntries(
        Object.entries(states).map(([task, state]) => [
          task,
          { ...state, Events: state.Events.map(encodeTaskEvent), Paused: state.Paused ?? "" },
        ]),
      );

/** The text for people and the deprecated flat fields are made of Details here, never stored. */
export function encodeTaskEvent(event: TaskEvent): object {
  const { Details: details } = event;
  const text = (name: string): string => details[name] ?? "";
  return {
    Type: event.Type,
    Time: event.Time,
    Message: displayOnly.has(event.Type) ? "" : event.Message,
    DisplayMessage: displayMessage(event),
    Details: details,
    FailsTask: details["fails_task"] === "true",
    RestartReason: text("restart_reason"),
    SetupError: text("setup_error"),
    DriverError: text("driver_error"),
    ExitCode: wholeNumber(details["exit_code"]),
    Signal: wholeNumber(details["signal"]),
    KillTimeout: durationNs(details["kill_timeout"]),
    KillError: text("kill_error"),
    KillReason: text("kill_reason"),
    StartDelay: durationNs(details["start_delay"]),
    DownloadError: text("download_error"),
    ValidationError: text("validation_error"),
    DiskLimit: wholeNumber(details["disk_limit"]),
    FailedSibling: text("failed_sibling"),
    VaultError: text("vault_renewal_error"),
    TaskSignalReason: text("task_signal_reason"),
    TaskSignal: text("task_signal"),
    DriverMessage: text("driver_message"),
    GenericSource: text("generic_source"),
  };
}

/** Events whose text is for people only. */
const displayOnly: ReadonlySet<string> = new Set([
  "Waiting for shutdown delay",
  "Skipping shutdown delay",
]);

type Say = (details: StringMap, event: TaskEvent) => string;

const orElse =
  (name: string, otherwise: string): Say =>
  (details) =>
    details[name] || otherwise;
const always =
  (sentence: string): Say =>
  () =>
    sentence;

const sentences: Readonly<Record<string, Say>> = {
  Received: always("Task received by client"),
  "Task Setup": (_, event) => event.Message,
  Started: always("Task started by client"),
  "Failed Validation": orElse("validation_error", "Validation of task failed"),
  "Setup Failure": orElse("setup_error", "Task setup failed"),
  "Driver Failure": orElse("driver_error", "Failed to start task"),
  "Downloading Artifacts": always("Client is downloading artifacts"),
  "Failed Artifact Download": orElse("download_error", "Failed to download artifacts"),
  Killing: sayKilling,
  Killed: orElse("kill_error", "Task successfully killed"),
  Terminated: sayTerminated,
  Restarting: sayRestarting,
  "Not Restarting": orElse("restart_reason", "Task exceeded restart policy"),
  "Sibling Task Failed": (details) =>
    details["failed_sibling"]
      ? `Task's sibling ${JSON.stringify(details["failed_sibling"])} failed`
      : "Task's sibling failed",
  Signaling: saySignaling,
  "Restart Signaled": (details, event) =>
    details["restart_reason"] || event.Message || "Task signaled to restart",
  Driver: (details, event) => details["driver_message"] || event.Message,
  "Leader Task Dead": always("Leader Task in Group dead"),
  "Main Tasks Dead": always("Main tasks in the group died"),
};

function displayMessage(event: TaskEvent): string {
  const say = Object.hasOwn(sentences, event.Type) ? sentences[event.Type] : undefined;
  return say ? say(event.Details, event) : event.Message;
}

function sayKilling(details: StringMap): string {
  if (details["kill_reason"]) return details["kill_reason"];
  const timeout = durationNs(details["kill_timeout"]);
  return timeout === 0
    ? "Sent interrupt"
    : `Sent interrupt. Waiting ${formatDuration(timeout)} before force killing`;
}

function sayTerminated(details: StringMap, event: TaskEvent): string {
  const parts = [`Exit Code: ${wholeNumber(details["exit_code"])}`];
  const signal = wholeNumber(details["signal"]);
  if (signal !== 0) parts.push(`Signal: ${signal}`);
  const message = details["exit_message"] || event.Message;
  if (message) parts.push(`Exit Message: ${JSON.stringify(message)}`);
  return parts.join(", ");
}

function sayRestarting(details: StringMap): string {
  const wait = `Task restarting in ${formatDuration(durationNs(details["start_delay"]))}`;
  const reason = details["restart_reason"];
  return reason && reason !== "Restart within policy" ? `${reason} - ${wait}` : wait;
}

function saySignaling(details: StringMap): string {
  const signal = details["task_signal"];
  const reason = details["task_signal_reason"];
  if (!signal && !reason) return "Task being sent a signal";
  if (!reason) return `Task being sent signal ${signal ?? ""}`;
  return signal
    ? `Task being sent signal ${signal}: ${reason}`
    : `Task being sent a signal: ${reason}`;
}

const wholeNumber = (text: string | undefined): number =>
  text !== undefined && /^-?\d+$/.test(text) ? Number(text) : 0;

/** Written as nanoseconds by some and as Go's text by others. */
const durationNs = (text: string | undefined): number =>
  text === undefined ? 0 : /^-?\d+$/.test(text) ? Number(text) : (parseDuration(text) ?? 0);
