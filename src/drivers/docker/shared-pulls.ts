import type { Clock } from "../../lib/clock.ts";
import { AppError } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";
import { optionNumber } from "../core/option-table.ts";
import type { DriverNotice, ImageListener } from "../port.ts";
import type { Engine } from "./engine.ts";
import type { DockerPlugin } from "./options.ts";
import { pullImage, type PullRequest } from "./pull.ts";
import { credentialsFor } from "./registry-auth.ts";

export interface WantedPull {
  readonly name: string;
  /** The id of the image that has this name so far. */
  readonly before: string | undefined;
  readonly values: JsonObject;
  readonly notice: (notice: DriverNotice) => void;
  readonly signal: AbortSignal;
}
export interface PullTools {
  readonly clock: Clock;
  readonly engine: Engine;
  readonly plugin: DockerPlugin;
  readonly bringing: ImageListener;
  readonly look: (name: string, signal: AbortSignal) => Promise<string | undefined>;
}
interface SharedPull {
  readonly done: Promise<string | undefined>;
  readonly abort: AbortController;
  readonly notices: Set<(notice: DriverNotice) => void>;
}

/**
 * One pull per image and login at a time, however many tasks wait for it; given up when none waits any more. Answers the
 * id of what has come.
 */
export function createSharedPulls(
  tools: PullTools,
): (wanted: WantedPull) => Promise<string | undefined> {
  const pulls = new Map<string, SharedPull>();

  function begin(key: string, wanted: WantedPull, login: object | undefined): SharedPull {
    const abort = new AbortController();
    const notices: SharedPull["notices"] = new Set();
    const done = bringImage(tools, wanted.before, {
      name: wanted.name,
      login,
      ...limitsOf(tools.plugin, wanted.values),
      signal: abort.signal,
      notice: (words) => {
        for (const each of notices) each(words);
      },
    }).finally(() => {
      if (pulls.get(key) === shared) pulls.delete(key);
    });
    const shared: SharedPull = { done, abort, notices };
    pulls.set(key, shared);
    return shared;
  }

  return async (wanted) => {
    const { name, values, notice, signal } = wanted;
    const login = await credentialsFor(name, values, tools.plugin);
    // The login is part of the key: a task must not ride on another task's one.
    const key = JSON.stringify([name, login ?? null]);
    const known = pulls.get(key);
    // One that nobody waited for any more is on its way out.
    const shared = known && !known.abort.signal.aborted ? known : begin(key, wanted, login);
    notice({ message: "Downloading image", details: { image: name } });
    shared.notices.add(notice);
    try {
      return await untilAborted(shared.done, signal);
    } finally {
      shared.notices.delete(notice);
      if (shared.notices.size === 0) shared.abort.abort(new Error("nobody waits for the image"));
    }
  };
}

function limitsOf(
  plugin: DockerPlugin,
  values: JsonObject,
): Pick<PullRequest, "totalMs" | "activityMs"> {
  const totalNs = optionNumber(values, "image_pull_timeout");
  return {
    totalMs: totalNs === undefined ? plugin.imagePullTimeoutMs : totalNs / 1e6,
    activityMs: plugin.pullActivityTimeoutMs,
  };
}

/** Told before it comes: an agent that is killed on the way must find it again. */
async function bringImage(
  { clock, engine, look, bringing }: PullTools,
  before: string | undefined,
  request: PullRequest,
): Promise<string | undefined> {
  const ended = bringing(request.name, before !== undefined);
  let id: string | undefined;
  try {
    await pullImage(clock, engine, request);
    id = await look(request.name, request.signal);
  } finally {
    ended(id === before ? undefined : id);
  }
  return id;
}

/** The same result, or the end of the caller's patience; the work itself goes on for others. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      reject(new AppError("cancelled", "the image is not waited for any more"));
    };
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener("abort", stop);
    });
  });
}
