import type Docker from "dockerode";
import type { Clock } from "../../lib/clock.ts";
import { AppError, errorText } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";
import { optionBlocks, optionFlag, optionNumber, optionText } from "../core/option-table.ts";
import type { DriverNotice } from "../port.ts";
import { askUnless, callSignal, within } from "./engine.ts";
import type { DockerPluginConfig } from "./options.ts";

export interface Images {
  /** The id of the image a task asks for, pulled first where it must be. */
  resolve(
    values: JsonObject,
    notice: (notice: DriverNotice) => void,
    signal: AbortSignal,
  ): Promise<string>;
}

/** How long a looked-up id is taken for true: one rollout asks once, a person who retags is not fooled. */
const rememberedMs = 1000;

/** One pull per image at a time, however many tasks wait for it. */
export function createImages(clock: Clock, engine: Docker, plugin: DockerPluginConfig): Images {
  const remembered = new Map<string, { readonly id: string; readonly untilMs: number }>();
  const underWay = new Map<string, Promise<string>>();

  async function lookUp(name: string, signal: AbortSignal): Promise<string | undefined> {
    const known = remembered.get(name);
    if (known !== undefined && known.untilMs > clock.monotonicMs()) return known.id;
    const image = engine.getImage(name);
    const found = await askUnless([404], `inspect image ${name}`, () =>
      within(image.inspect(), callSignal(signal)),
    );
    if (found === undefined) return undefined;
    remembered.set(name, { id: found.Id, untilMs: clock.monotonicMs() + rememberedMs });
    return found.Id;
  }

  async function pullAndLookUp(
    name: string,
    values: JsonObject,
    signal: AbortSignal,
  ): Promise<string> {
    await pull(engine, name, values, plugin);
    remembered.delete(name);
    const id = await lookUp(name, signal);
    if (id === undefined) throw pullError(name, "the image is not there after the pull");
    return id;
  }

  return {
    async resolve(values, notice, signal) {
      const name = withTag(optionText(values, "image").replace(/^https:\/\//, ""));
      const isMoving = name.endsWith(":latest") || optionFlag(values, "force_pull");
      const shared = underWay.get(name);
      if (shared !== undefined) return shared;
      if (!isMoving) {
        const id = await lookUp(name, signal);
        if (id !== undefined) return id;
      }
      notice({ message: "Downloading image", details: { image: name } });
      // Asked again: another task may have begun while this one looked.
      const pulling = underWay.get(name) ?? pullAndLookUp(name, values, signal);
      underWay.set(name, pulling);
      try {
        return await pulling;
      } finally {
        underWay.delete(name);
      }
    },
  };
}

/** No tag means latest; a digest or an id is exact already. */
export function withTag(name: string): string {
  if (name.includes("@") || /^(?:sha256:)?[0-9a-f]{64}$/.test(name)) return name;
  return /:[^/]+$/.test(name) ? name : `${name}:latest`;
}

async function pull(
  engine: Docker,
  name: string,
  values: JsonObject,
  plugin: DockerPluginConfig,
): Promise<void> {
  const limitMs =
    (optionNumber(values, "image_pull_timeout") ?? plugin.imagePullTimeoutMs * 1e6) / 1e6;
  const stalled = new AbortController();
  let patience = setTimeout(() => undefined, 0);
  const alive = (): void => {
    clearTimeout(patience);
    patience = setTimeout(() => {
      stalled.abort(new Error(`no progress for ${plugin.pullActivityTimeoutMs / 1000} s`));
    }, plugin.pullActivityTimeoutMs);
  };
  const [auth] = optionBlocks(values, "auth");
  try {
    alive();
    const abortSignal = AbortSignal.any([stalled.signal, AbortSignal.timeout(limitMs)]);
    const stream = await engine.pull(name, {
      abortSignal,
      ...(auth === undefined
        ? {}
        : {
            authconfig: {
              username: optionText(auth, "username"),
              password: optionText(auth, "password"),
              serveraddress: optionText(auth, "server_address"),
            },
          }),
    });
    await new Promise<void>((resolve, reject) => {
      engine.modem.followProgress(
        stream,
        (error) => {
          if (error) reject(error);
          else resolve();
        },
        alive,
      );
    });
  } catch (thrown) {
    const reason: unknown = stalled.signal.aborted ? stalled.signal.reason : thrown;
    throw pullError(name, errorText(reason), thrown);
  } finally {
    clearTimeout(patience);
  }
}

/** A registry may be back soon, so a failed pull counts as a failure that the restart policy may try again. */
const pullError = (name: string, text: string, cause?: unknown): AppError =>
  new AppError("image", `Failed to pull \`${name}\`: ${text}`, {
    cause,
    fields: { recoverable: true },
  });
