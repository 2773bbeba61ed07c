import type Docker from "dockerode";
import type { ObservedTask, TaskExit } from "../port.ts";
import { identityOf } from "./labels.ts";

/** A container as the engine describes it, or undefined when it is none of ours. */
export function observedTask(
  info: Docker.ContainerInspectInfo,
  engineStartedMs?: number,
): ObservedTask | undefined {
  const identity = identityOf(info.Config.Labels);
  if (identity === undefined) return undefined;
  const { State: state } = info;
  const isRunning = state.Running || state.Paused || state.Restarting;
  const hasStarted = isTime(state.StartedAt);
  const kind = isRunning ? "running" : hasStarted ? "exited" : "created";
  return {
    ...identity,
    handle: info.Id,
    state: kind,
    startedAt: hasStarted ? state.StartedAt : null,
    finishedAt: kind === "exited" && isTime(state.FinishedAt) ? finishOf(state) : null,
    exit: kind === "exited" ? exitOf(state, engineStartedMs) : null,
  };
}

/** The engine may note the end of a task that ends at once a moment before its start. */
const finishOf = (state: Docker.ContainerInspectInfo["State"]): string =>
  Date.parse(state.FinishedAt) < Date.parse(state.StartedAt) ? state.StartedAt : state.FinishedAt;

function exitOf(
  state: Docker.ContainerInspectInfo["State"],
  engineStartedMs: number | undefined,
): TaskExit {
  const code = state.ExitCode;
  const message = state.OOMKilled
    ? "OOM Killed"
    : state.Error !== ""
      ? state.Error
      : code === 0
        ? ""
        : `Docker container exited with non-zero exit code: ${code}`;
  const exit = { code, signal: 0, oomKilled: state.OOMKilled, message };
  const isTakenAlong = engineStartedMs !== undefined && endedBefore(state, engineStartedMs);
  return isTakenAlong && !state.OOMKilled ? { ...exit, endedByEngine: true } : exit;
}

/** An engine that goes down takes its containers along, and one that comes up ends those it finds. */
const endedBefore = (state: Docker.ContainerInspectInfo["State"], startedMs: number): boolean =>
  Date.parse(state.StartedAt) < startedMs && Date.parse(state.FinishedAt) < startedMs;

/** The engine writes the year 1 where nothing happened yet. */
const isTime = (text: string): boolean => text !== "" && !text.startsWith("0001-");
