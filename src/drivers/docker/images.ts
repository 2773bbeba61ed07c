import { open } from "node:fs/promises";
import type { Clock } from "../../lib/clock.ts";
import { AppError, errorText } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";
import { optionFlag, optionText } from "../core/option-table.ts";
import type { DriverNotice, ImageListener, TaskKey, TaskSpec } from "../port.ts";
import { type Engine, statusOf } from "./engine.ts";
import type { DockerPlugin } from "./options.ts";
import { containedPath } from "./paths.ts";
import { readPullLines } from "./pull.ts";
import { refusal } from "./refusal.ts";
import { createSharedPulls } from "./shared-pulls.ts";

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
  /** The id of an image of this name, as the engine has it now. */
  find(name: string, signal: AbortSignal): Promise<string | undefined>;
  /** For an id that the engine does not know any more. */
  forget(values: JsonObject): void;
}

/** How long a looked-up id is taken for true: one rollout asks once, a person who retags is not fooled. */
const rememberedMs = 1_000;
const mostRemembered = 1_000;

/** What tasks run from: found, loaded or pulled, and looked up once for a whole rollout. */
export function createImages(
  clock: Clock,
  engine: Engine,
  plugin: DockerPlugin,
  bringing: ImageListener = () => () => undefined,
): Images {
  const remembered = new Map<string, { readonly id: string; readonly untilMs: number }>();
  const pull = createSharedPulls({ clock, engine, plugin, bringing, look: find });
  const prepared = preparedNames();

  async function lookUp(name: string, signal: AbortSignal): Promise<string | undefined> {
    const known = remembered.get(name);
    if (known !== undefined && known.untilMs > clock.monotonicMs()) return known.id;
    return find(name, signal);
  }

  async function find(name: string, signal: AbortSignal): Promise<string | undefined> {
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
    find,
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
      const preparation = isMoving ? prepared.begin(request.preparing) : undefined;
      const before = await lookUp(name, signal);
      if ((archive !== "" || !isMoving || isFresh) && before !== undefined) return before;
      const id = await pull({ ...request, name, before });
      if (preparation !== undefined) preparation.name = name;
      if (id !== undefined) return id;
      throw new AppError("image", `Failed to pull \`${name}\`: it is not there after the pull`, {
        fields: { recoverable: true },
      });
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

interface Preparation {
  name: string | undefined;
}

/**
 * The names that were pulled before the starts of their tasks; each start takes its own once. One that ends only after
 * the start took it is nothing to the next start: that was to ask the registry anew.
 */
function preparedNames(): {
  begin(key: TaskKey | undefined): Preparation | undefined;
  take(key: TaskKey | undefined): string | undefined;
} {
  const preparations = new Map<string, Preparation>();
  const owner = ({ allocationId, task }: TaskKey): string => JSON.stringify([allocationId, task]);
  return {
    begin(key) {
      if (!key) return undefined;
      if (preparations.size >= mostRemembered) preparations.clear();
      const preparation = { name: undefined };
      preparations.set(owner(key), preparation);
      return preparation;
    },
    take(key) {
      const taken = key && preparations.get(owner(key));
      if (key) preparations.delete(owner(key));
      return taken?.name;
    },
  };
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
