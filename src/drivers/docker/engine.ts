import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import Docker from "dockerode";
import { abortReasonOf } from "../../lib/abort.ts";
import type { Clock } from "../../lib/clock.ts";
import { AppError, codeOf, errorText } from "../../lib/errors.ts";
import type { Failpoint } from "../../lib/failpoint.ts";
import { noFailpoint } from "../../lib/failpoint.ts";
import type { DockerPlace } from "../../model/failpoints.ts";

export interface EngineCall {
  /** Where tests kill the process: before the call, and after its answer. */
  readonly place: DockerPlace;
  readonly what: string;
  readonly signal: AbortSignal;
  /** For a call that itself waits for a task or moves much data; otherwise the engine's usual patience. */
  readonly timeoutMs?: number;
}
export interface Engine {
  readonly docker: Docker;
  /** The same engine over a new connection for each call. */
  readonly fresh: Docker;
  /** Where the engine listens, when that is a socket of this machine. */
  readonly socketPath: string | undefined;
  /** Longest wait for the answer to a plain call. */
  readonly callTimeoutMs: number;
  /**
   * Runs one call with its deadline. What went wrong comes back as an `AppError`: `driver-unreachable` when there was
   * no answer, `driver` with the status when there was one, `cancelled` when the caller gave up.
   */
  ask<T>(call: EngineCall, run: (abortSignal: AbortSignal) => Promise<T>): Promise<T>;
  /** Like `ask`, but answers undefined for these HTTP statuses. */
  askUnless<T>(
    statuses: readonly number[],
    call: EngineCall,
    run: (abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T | undefined>;
}

export interface EngineHooks {
  /** Hears of every call that had no answer. */
  readonly lost?: () => void;
  readonly failpoint?: Failpoint;
}

export function openEngine(
  clock: Clock,
  endpoint: string,
  callTimeoutMs: number,
  { lost = () => undefined, failpoint = noFailpoint }: EngineHooks = {},
): Engine {
  const place = connection(endpoint);
  const docker = new Docker(place);
  const Agent = place.protocol === "https" ? HttpsAgent : HttpAgent;
  // The type of the library's options does not know this one, the library does.
  const unshared = { ...place, agent: new Agent({ keepAlive: false }) };
  const fresh = new Docker(unshared);
  const ask: Engine["ask"] = async (call, run) => {
    const { place, what, signal, timeoutMs = callTimeoutMs } = call;
    failpoint(`${place}:before`);
    const own = new AbortController();
    const giveUp = (): void => {
      own.abort(new AppError("cancelled", `${what}: given up`, { cause: abortReasonOf(signal) }));
    };
    if (signal.aborted) giveUp();
    signal.addEventListener("abort", giveUp, { once: true });
    const cancel = clock.after(timeoutMs, () => {
      own.abort(unreachable(what, new Error(`no answer within ${timeoutMs} ms`)));
    });
    try {
      const answer = await within(own.signal, () => run(own.signal));
      failpoint(`${place}:after`);
      return answer;
    } catch (thrown) {
      const fault = own.signal.aborted ? abortReasonOf(own.signal) : engineError(what, thrown);
      if (fault instanceof AppError && fault.code === "driver-unreachable") lost();
      throw fault;
    } finally {
      cancel();
      signal.removeEventListener("abort", giveUp);
    }
  };
  return {
    docker,
    fresh,
    socketPath: place.socketPath,
    callTimeoutMs,
    ask,
    async askUnless(statuses, call, run) {
      try {
        return await ask(call, run);
      } catch (thrown) {
        const status = statusOf(thrown);
        if (status !== undefined && statuses.includes(status)) return undefined;
        throw thrown;
      }
    },
  };
}

/** Everything is said in so many words, since the library reads DOCKER_HOST for what is left open. */
function connection(endpoint: string): Docker.DockerOptions {
  if (endpoint.startsWith("unix://"))
    return { socketPath: endpoint.slice("unix://".length), host: "", protocol: "http" };
  const url = URL.canParse(endpoint) ? new URL(endpoint.replace(/^tcp:/, "http:")) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:")
    throw new AppError("invalid", `docker endpoint "${endpoint}" is neither unix:// nor tcp://`);
  const protocol = url.protocol === "https:" ? "https" : "http";
  return { protocol, host: url.hostname, port: url.port || (protocol === "https" ? 2376 : 2375) };
}

/** Whoever waits is let go when the signal is aborted, also where the library cannot abort the call. */
function within<T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> {
  if (signal.aborted) return Promise.reject(abortReasonOf(signal));
  return new Promise((resolve, reject) => {
    signal.addEventListener(
      "abort",
      () => {
        reject(abortReasonOf(signal));
      },
      { once: true },
    );
    call().then(resolve, reject);
  });
}

const unreachable = (what: string, cause: unknown): AppError =>
  new AppError("driver-unreachable", `${what}: the Docker Engine does not answer`, {
    cause,
    fields: { errno: codeOf(cause) },
  });

export function engineError(what: string, thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const status = statusOf(thrown);
  if (status === undefined) return unreachable(what, thrown);
  // A wrong request or a missing thing stays wrong; the engine's own trouble may pass.
  const recoverable = status >= 500;
  return new AppError("driver", `${what}: ${engineText(thrown)}`, {
    fields: { status, recoverable },
  });
}

/** The HTTP status of the engine's answer, from the library's error or from ours. */
export function statusOf(thrown: unknown): number | undefined {
  const status =
    thrown instanceof AppError
      ? thrown.fields["status"]
      : typeof thrown === "object" && thrown !== null && "statusCode" in thrown
        ? thrown.statusCode
        : undefined;
  return typeof status === "number" ? status : undefined;
}

/** The engine's own words, without the library's wrapping. */
function engineText(thrown: unknown): string {
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
