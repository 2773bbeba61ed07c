import { cpus } from "node:os";
import { type Clock, sleep } from "../../lib/clock.ts";
import { AppError, errorText } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";
import type { DriverNotice, ObservedTask, TaskSpec } from "../port.ts";
import { containerConfig, containerName } from "./container-config.ts";
import { checkDeviceRuntime } from "./device-runtime.ts";
import { type Engine, statusOf } from "./engine.ts";
import type { Images } from "./images.ts";
import { isOwnedBy } from "./labels.ts";
import { bindsOf, mountsOf } from "./mounts.ts";
import { nameFiles } from "./name-files.ts";
import { inspectContainer, removeContainer } from "./inspect.ts";
import { observedTask } from "./observe.ts";
import type { DockerPlugin } from "./options.ts";
import { refusal } from "./refusal.ts";
import { securityOptions } from "./security.ts";

export interface StartTools {
  readonly clock: Clock;
  readonly engine: Engine;
  readonly images: Images;
  readonly plugin: DockerPlugin;
  readonly cgroupVersion: (signal: AbortSignal) => Promise<string>;
}
export interface StartRequest {
  readonly spec: TaskSpec;
  readonly values: JsonObject;
  readonly notice: (notice: DriverNotice) => void;
  readonly signal: AbortSignal;
}
type Taken =
  | { readonly kind: "adopted"; readonly task: ObservedTask }
  | { readonly kind: "created"; readonly id: string }
  | { readonly kind: "cleared" };

const failedStart = "Failed to start container";

/**
 * One container per task, named after it, so the engine itself refuses a second one. The walk is create, start; only
 * when the name is taken does it look at who has it.
 */
export async function startContainer(
  tools: StartTools,
  request: StartRequest,
): Promise<ObservedTask> {
  const { clock, plugin, images } = tools;
  const { signal, values } = request;
  let last = refusal(`${failedStart}: no attempt is allowed`);
  for (let attempt = 0; attempt < Math.max(1, plugin.containerExistsAttempts); attempt++) {
    if (attempt > 0) await sleep(clock, Math.min(2_000, 50 * 2 ** attempt), signal);
    try {
      return await runContainer(tools, request, await createContainer(tools, request));
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      last = thrown;
      if (statusOf(thrown) === 409) {
        const taken = await settleConflict(tools, request);
        if (taken.kind === "adopted") return taken.task;
        if (taken.kind === "created") return await runContainer(tools, request, taken.id);
      } else if (isMissingImage(thrown)) images.forget(values);
      else if (!isPassing(thrown)) throw thrown;
    }
  }
  throw last;
}

const isMissingImage = (error: AppError): boolean =>
  statusOf(error) === 404 && /no such image/i.test(error.message);

const isPassing = (error: AppError): boolean =>
  error.code === "driver" &&
  statusOf(error) === 500 &&
  /Client\.Timeout|EOF|context deadline/i.test(error.message);

async function createContainer(tools: StartTools, request: StartRequest): Promise<string> {
  const { engine, images, plugin } = tools;
  const { spec, values, signal } = request;
  await checkDeviceRuntime(engine, spec, plugin, signal);
  const [imageId, cgroupVersion, binds, names, mounts, security] = await Promise.all([
    images.resolve({ ...request, directories: spec.directories, starting: spec.key }),
    tools.cgroupVersion(signal),
    bindsOf(spec, values, plugin),
    nameFiles(engine, spec, values, signal),
    mountsOf(spec, values, plugin),
    securityOptions(values),
  ]);
  const config = containerConfig(spec, values, {
    plugin,
    imageId,
    cgroupVersion,
    binds: [...binds, ...names],
    mounts,
    securityOptions: security,
    processors: cpus().length,
  });
  const made = await engine.ask(
    { place: "docker-create", what: failedStart, signal },
    (abortSignal) => engine.docker.createContainer({ ...config, abortSignal }),
  );
  return made.id;
}

async function runContainer(
  { clock, engine }: StartTools,
  { spec, signal }: StartRequest,
  id: string,
): Promise<ObservedTask> {
  const container = engine.docker.getContainer(id);
  try {
    await engine.askUnless(
      [304],
      { place: "docker-start", what: failedStart, signal },
      (abortSignal) => container.start({ abortSignal }),
    );
  } catch (thrown) {
    // Without an answer the engine may well have started it: what is unknown is looked at again, not removed.
    if (statusOf(thrown) === undefined) throw thrown;
    await removeContainer(engine, id, signal);
    throw startError(thrown);
  }
  return {
    key: spec.key,
    handle: id,
    specHash: spec.specHash,
    attempt: spec.attempt,
    state: "running",
    startedAt: new Date(clock.nowMs()).toISOString(),
    finishedAt: null,
    exit: null,
  };
}

/** A missing command stays missing; the engine's own trouble may pass. The status is left out: nothing is in the way. */
function startError(thrown: unknown): AppError {
  const text = errorText(thrown);
  const isHopeless =
    (statusOf(thrown) ?? 500) < 500 ||
    /executable file not found|no such file or directory|not a directory|permission denied/i.test(
      text,
    );
  return new AppError("driver", text, { cause: thrown, fields: { recoverable: !isHopeless } });
}

/** The name is taken: by this very start, by an older one of ours, or by somebody else. */
async function settleConflict({ engine }: StartTools, request: StartRequest): Promise<Taken> {
  const { spec, signal } = request;
  const name = containerName(spec.key);
  const info = await inspectContainer(engine, name, signal);
  if (info === undefined) return { kind: "cleared" };
  const task = observedTask(info);
  const isOurs =
    task !== undefined &&
    isOwnedBy(info.Config.Labels, spec.owner) &&
    task.key.allocationId === spec.key.allocationId &&
    task.key.task === spec.key.task;
  if (!isOurs)
    throw refusal(
      `a container named ${name} that is not ours stands in the way: remove it with \`docker rm -f ${name}\``,
    );
  if (task.specHash === spec.specHash && task.attempt === spec.attempt)
    return task.state === "created"
      ? { kind: "created", id: task.handle }
      : { kind: "adopted", task };
  await removeContainer(engine, task.handle, signal);
  return { kind: "cleared" };
}
