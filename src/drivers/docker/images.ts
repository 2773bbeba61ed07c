import { open } from "node:fs/promises";
import type { Clock } from "../../lib/clock.ts";
import { AppError, errorText } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";
import { optionFlag, optionNumber, optionText } from "../core/option-table.ts";
import type { BroughtImage, DriverNotice, TaskKey, TaskSpec } from "../port.ts";
import { type Engine, statusOf } from "./engine.ts";
import type { DockerPlugin } from "./options.ts";
import { containedPath } from "./paths.ts";
import { pullImage, readPullLines } from "./pull.ts";
import { credentialsFor } from "./registry-auth.ts";
import { refusal } from "./refusal.ts";

export interface ImageRequest {
  /** Where an archive that the task brings along is looked for. */
  readonly directories: Pick<TaskSpec["directories"], "local">;
  readonly values: JsonObject;
  /** The task that will start from it later: its start then does not ask the registry once more. */
  readonly preparing?: TaskKey;
  /** The task that starts from it now. */
  readonly starting?: TaskKey;
  readonly notice: (notice: DriverNotice) => void;
  readonly signal: AbortSignal;
}
export interface Images {
  /** The id of the image a task asks for, loaded or pulled first where it must be. */
  resolve(request: ImageRequest): Promise<string>;
  /** For an id that the engine does not know any more. */
  forget(values: JsonObject): void;
}

/** How long a looked-up id is taken for true: one rollout asks once, a person who retags is not fooled. */
const rememberedMs = 1_000;
const mostRemembered = 1_000;

interface SharedPull {
  readonly done: Promise<void>;
  readonly abort: AbortController;
  readonly notices: Set<(notice: DriverNotice) => void>;
}

/** One pull per image and login at a time, however many tasks wait for it; given up when none waits any more. */
export function createImages(
  clock: Clock,
  engine: Engine,
  plugin: DockerPlugin,
  brought: (image: BroughtImage) => void = () => undefined,
): Images {
  const remembered = new Map<string, { readonly id: string; readonly untilMs: number }>();
  const pull = sharedPulls(clock, engine, plugin);
  const prepared = preparedNames();

  async function lookUp(name: string, signal: AbortSignal): Promise<string | undefined> {
    const known = remembered.get(name);
    if (known !== undefined && known.untilMs > clock.monotonicMs()) return known.id;
    remembered.delete(name);
    const image = engine.docker.getImage(name);
    const found = await engine.askUnless(
      [404],
      { place: "docker-image", what: `inspect image ${name}`, signal },
      () => image.inspect(),
    );
    if (found === undefined) return undefined;
    if (remembered.size >= mostRemembered) remembered.clear();
    remembered.set(name, { id: found.Id, untilMs: clock.monotonicMs() + rememberedMs });
    return found.Id;
  }

  return {
    forget: (values) => {
      remembered.delete(imageName(values));
    },
    async resolve(request) {
      const { values, signal } = request;
      const name = imageName(values);
      const archive = optionText(values, "load");
      if (archive !== "") await load(engine, archive, request);
      const isMoving = name.endsWith(":latest") || optionFlag(values, "force_pull");
      const isFresh = prepared.take(request.starting) === name;
      const before = await lookUp(name, signal);
      if ((archive !== "" || !isMoving || isFresh) && before !== undefined) return before;
      await pull(name, request);
      if (isMoving) prepared.keep(request.preparing, name);
      remembered.delete(name);
      const id = await lookUp(name, signal);
      if (id !== undefined && id !== before) brought({ id, name });
      if (id !== undefined) return id;
      throw new AppError("image", `Failed to pull \`${name}\`: it is not there after the pull`, {
        fields: { recoverable: true },
      });
    },
  };
}

type Pull = (name: string, request: ImageRequest) => Promise<void>;

function sharedPulls(clock: Clock, engine: Engine, plugin: DockerPlugin): Pull {
  const pulls = new Map<string, SharedPull>();

  async function pull(name: string, request: ImageRequest): Promise<void> {
    const { values, notice, signal } = request;
    const login = await credentialsFor(name, values, plugin);
    // The login is part of the key: a task must not ride on another task's one.
    const key = JSON.stringify([name, login ?? null]);
    const shared = pulls.get(key) ?? begin(key, name, { values, login });
    notice({ message: "Downloading image", details: { image: name } });
    shared.notices.add(notice);
    try {
      await untilAborted(shared.done, signal);
    } finally {
      shared.notices.delete(notice);
      if (shared.notices.size === 0) shared.abort.abort(new Error("nobody waits for the image"));
    }
  }

  function begin(
    key: string,
    name: string,
    { values, login }: { readonly values: JsonObject; readonly login: object | undefined },
  ): SharedPull {
    const abort = new AbortController();
    const notices: SharedPull["notices"] = new Set();
    const totalNs = optionNumber(values, "image_pull_timeout");
    const done = pullImage(clock, engine, {
      name,
      login,
      totalMs: totalNs === undefined ? plugin.imagePullTimeoutMs : totalNs / 1e6,
      activityMs: plugin.pullActivityTimeoutMs,
      signal: abort.signal,
      notice: (words) => {
        for (const each of notices) each(words);
      },
    }).finally(() => pulls.delete(key));
    const shared = { done, abort, notices };
    pulls.set(key, shared);
    return shared;
  }

  return pull;
}

/** The names that were pulled before the starts of their tasks; each start takes its own once. */
function preparedNames(): {
  keep(key: TaskKey | undefined, name: string): void;
  take(key: TaskKey | undefined): string | undefined;
} {
  const names = new Map<string, string>();
  const owner = ({ allocationId, task }: TaskKey): string => JSON.stringify([allocationId, task]);
  return {
    keep(key, name) {
      if (!key) return;
      if (names.size >= mostRemembered) names.clear();
      names.set(owner(key), name);
    },
    take(key) {
      const name = key && names.get(owner(key));
      if (key) names.delete(owner(key));
      return name;
    },
  };
}

export const imageName = (values: JsonObject): string =>
  withTag(optionText(values, "image").replace(/^https:\/\//, ""));

/** No tag means latest; a digest or an id is exact already. */
export function withTag(name: string): string {
  if (name.includes("@") || /^(?:sha256:)?[0-9a-f]{64}$/.test(name)) return name;
  return /:[^/]+$/.test(name) ? name : `${name}:latest`;
}

/** An archive in the task's `local/`, made by `docker save`. */
async function load(
  engine: Engine,
  archive: string,
  { directories, signal }: ImageRequest,
): Promise<void> {
  const path = await containedPath(directories.local, archive);
  if (path === undefined) throw refusal(`image archive ${archive} lies outside of local/`);
  const failed = (why: string, cause?: unknown): AppError =>
    new AppError("image", `Failed to load image ${archive}: ${why}`, {
      cause,
      fields: { recoverable: true },
    });
  const file = await open(path).catch((thrown: unknown) => {
    throw failed("cannot be read", thrown);
  });
  try {
    const call = {
      place: "docker-load" as const,
      what: `load image ${archive}`,
      signal,
      timeoutMs: engine.callTimeoutMs * 5,
    };
    await engine.ask(call, async (abortSignal) => {
      const answer = await engine.docker.loadImage(file.createReadStream(), { quiet: true });
      await readPullLines(answer, abortSignal, (line) => {
        if (line.error !== undefined) throw failed(line.error);
      });
    });
  } catch (thrown) {
    throw statusOf(thrown) === undefined ? thrown : failed(errorText(thrown), thrown);
  } finally {
    await file.close();
  }
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
