import Docker from "dockerode";
import { AppError, errorText } from "../../lib/errors.ts";

/** Longest wait for the engine's answer to a plain call; a call that only waits for a task gets more. */
export const callTimeoutMs = 60_000;

export function openEngine(endpoint: string): Docker {
  if (endpoint.startsWith("unix://"))
    return new Docker({ socketPath: endpoint.slice("unix://".length) });
  const url = new URL(endpoint.replace(/^tcp:/, "http:"));
  return new Docker({
    protocol: url.protocol === "https:" ? "https" : "http",
    host: url.hostname,
    port: url.port || 2375,
  });
}

/** The signal for one call: the caller's, or the end of patience. */
export const callSignal = (signal: AbortSignal, timeoutMs = callTimeoutMs): AbortSignal =>
  AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);

/** For calls that the library cannot abort: whoever waits is let go, the late answer is dropped. */
export function within<T>(call: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(reasonOf(signal));
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      reject(reasonOf(signal));
    };
    signal.addEventListener("abort", onAbort, { once: true });
    call.then(resolve, reject).finally(() => {
      signal.removeEventListener("abort", onAbort);
    });
  });
}

const reasonOf = (signal: AbortSignal): Error =>
  signal.reason instanceof Error ? signal.reason : new Error("aborted");

/** Runs an engine call; what went wrong comes back as an `AppError` that says whether the engine was there. */
export async function ask<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    throw engineError(what, thrown);
  }
}

/** Like `ask`, but answers undefined for these HTTP statuses. */
export async function askUnless<T>(
  statuses: readonly number[],
  what: string,
  call: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await call();
  } catch (thrown) {
    const status = statusOf(thrown);
    if (status !== undefined && statuses.includes(status)) return undefined;
    throw engineError(what, thrown);
  }
}

export function engineError(what: string, thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const status = statusOf(thrown);
  const text = messageOf(thrown);
  if (status === undefined)
    return new AppError(
      "driver-unreachable",
      `${what}: the Docker Engine does not answer: ${text}`,
      { cause: thrown },
    );
  // A wrong request or a missing thing stays wrong; the engine's own trouble may pass.
  const recoverable = status >= 500;
  return new AppError("driver", `${what}: ${text}`, {
    cause: thrown,
    fields: { status, recoverable },
  });
}

export function statusOf(thrown: unknown): number | undefined {
  if (typeof thrown !== "object" || thrown === null || !("statusCode" in thrown)) return undefined;
  return typeof thrown.statusCode === "number" ? thrown.statusCode : undefined;
}

/** The engine's own words, without the library's wrapping. */
function messageOf(thrown: unknown): string {
  if (typeof thrown === "object" && thrown !== null && "json" in thrown) {
    const { json } = thrown;
    if (
      typeof json === "object" &&
      json !== null &&
      "message" in json &&
      typeof json.message === "string"
    )
      return json.message;
  }
  return errorText(thrown);
}
