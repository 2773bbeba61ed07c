import type { Clock } from "../../lib/clock.ts";
import { AppError, errorText } from "../../lib/errors.ts";
import type { DriverNotice } from "../port.ts";
import { type Engine, statusOf } from "./engine.ts";

const progressEveryMs = 2 * 60_000;

export interface PullRequest {
  readonly name: string;
  readonly login: object | undefined;
  readonly totalMs: number;
  readonly activityMs: number;
  readonly signal: AbortSignal;
  readonly notice: (notice: DriverNotice) => void;
}

/** Pulls one image; a registry that goes silent ends it long before the whole time is over. */
export async function pullImage(clock: Clock, engine: Engine, request: PullRequest): Promise<void> {
  const { name, login, totalMs, activityMs, signal } = request;
  const abort = new AbortController();
  const giveUp = (why: string) => (): void => {
    abort.abort(pullError(name, why));
  };
  const onAbort = (): void => {
    abort.abort(new AppError("cancelled", `Failed to pull \`${name}\`: nobody waits for it`));
  };
  signal.addEventListener("abort", onAbort, { once: true });
  const cancelTotal = clock.after(totalMs, giveUp(`it took longer than ${totalMs / 1000} s`));
  const stalled = giveUp(`no progress for ${activityMs / 1000} s`);
  let cancelStalled = clock.after(activityMs, stalled);
  let reportedMs = clock.monotonicMs();
  try {
    const call = {
      place: "docker-pull" as const,
      what: `pull ${name}`,
      signal: abort.signal,
      timeoutMs: totalMs,
    };
    const stream = await engine.ask(call, (abortSignal) =>
      engine.docker.pull(name, { abortSignal, ...(login && { authconfig: login }) }),
    );
    await readPullLines(stream, abort.signal, (line) => {
      cancelStalled();
      cancelStalled = clock.after(activityMs, stalled);
      if (line.error !== undefined) throw pullError(name, line.error);
      if (clock.monotonicMs() - reportedMs < progressEveryMs) return;
      reportedMs = clock.monotonicMs();
      const message = `Docker image pull progress: ${line.text}`;
      request.notice({ message, details: { image: name } });
    });
  } catch (thrown) {
    const reason: unknown = abort.signal.aborted ? abort.signal.reason : thrown;
    if (reason instanceof AppError && statusOf(reason) === undefined) throw reason;
    throw pullError(name, errorText(reason), statusOf(reason));
  } finally {
    cancelTotal();
    cancelStalled();
    signal.removeEventListener("abort", onAbort);
  }
}

/** A registry may be back soon and a tag may be pushed yet; only a name that cannot exist is hopeless. */
function pullError(name: string, text: string, status?: number): AppError {
  const isHopeless = status === 400 || /Error: image .+ not found/.test(text);
  return new AppError("image", `Failed to pull \`${name}\`: ${text}`, {
    fields: { image: name, recoverable: !isHopeless },
  });
}

interface PullLine {
  readonly text: string;
  readonly error: string | undefined;
}

/** One JSON object a line; a connection that breaks in between is an engine out of reach. */
export async function readPullLines(
  stream: NodeJS.ReadableStream,
  signal: AbortSignal,
  each: (line: PullLine) => void,
): Promise<void> {
  const stop = (): void => {
    if ("destroy" in stream && typeof stream.destroy === "function") stream.destroy();
  };
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  let rest = "";
  stream.setEncoding("utf8");
  try {
    for await (const piece of stream) {
      const lines = (rest + String(piece)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.trim() !== "") each(pullLine(line));
    }
    if (rest.trim() !== "") each(pullLine(rest));
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw new AppError("driver-unreachable", "the engine's answer broke off", { cause: thrown });
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

function pullLine(line: string): PullLine {
  const body: unknown = JSON.parse(line);
  const field = (name: string): string => {
    const value: unknown =
      typeof body === "object" && body !== null ? Reflect.get(body, name) : undefined;
    return typeof value === "string" ? value : "";
  };
  const error = field("error");
  return {
    text: [field("id"), field("status"), field("progress")].filter((part) => part !== "").join(" "),
    error: error === "" ? undefined : error,
  };
}
