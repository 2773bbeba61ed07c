import type Docker from "dockerode";
import type { Clock } from "../lib/clock.ts";
import type { Diagnostic } from "../lib/diagnostic.ts";
import type { Failpoint } from "../lib/failpoint.ts";
import type { JsonObject } from "../lib/json.ts";
import { Limiter } from "../lib/limiter.ts";
import type { Logger } from "../lib/logger.ts";
import type { JsonMap } from "../model/job.ts";
import type { TaskUsage } from "../model/task-usage.ts";
import { decodeOptions, optionText } from "./core/option-table.ts";
import { type Engine, openEngine } from "./docker/engine.ts";
import { engineStartedMs } from "./docker/engine-start.ts";
import { execInContainer } from "./docker/exec.ts";
import { fingerprintEngine } from "./docker/fingerprint.ts";
import { createGroupNetworks } from "./docker/group-network.ts";
import { createImages, imageName, type Images } from "./docker/images.ts";
import { removeImage } from "./docker/image-removal.ts";
import { networkOwner, ownerFilter } from "./docker/labels.ts";
import { observedTask } from "./docker/observe.ts";
import {
  defaultDockerConfig,
  type DockerPlugin,
  type DockerPluginConfig,
  dockerOptions,
} from "./docker/options.ts";
import { readOutput } from "./docker/output.ts";
import { policyFaults } from "./docker/policy.ts";
import { refusal } from "./docker/refusal.ts";
import { inspectContainer, removeContainer } from "./docker/inspect.ts";
import { startContainer } from "./docker/start.ts";
import { stopContainer } from "./docker/stop.ts";
import { usageOf } from "./docker/usage.ts";
import { watchEngine } from "./docker/watch.ts";
import type { ImageListener, ObservedTask, TaskDriver, TaskOwner } from "./port.ts";

export { readDockerPlugin } from "./docker/plugin-options.ts";
export { defaultDockerConfig, type DockerPluginConfig } from "./docker/options.ts";

export interface DockerDriverOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly config: DockerPluginConfig;
  readonly failpoint?: Failpoint;
}

/** How many containers one listing looks at in detail at the same time. */
const listConcurrency = 8;

/** Runs tasks as containers of one Docker Engine. Keeps no truth of its own: labels say what belongs to whom. */
export function createDockerDriver(options: DockerDriverOptions): TaskDriver {
  const { clock } = options;
  const plugin: DockerPlugin = { ...defaultDockerConfig, ...options.config };
  const log = options.log.child("docker");
  const doubters = new Set<() => void>();
  const engine = openEngine(clock, plugin.endpoint, plugin.callTimeoutMs, {
    lost: () => {
      for (const doubted of doubters) doubted();
    },
    ...(options.failpoint && { failpoint: options.failpoint }),
  });
  const listeners = new Set<ImageListener>();
  const images = createImages(clock, engine, plugin, (name, isHere) => {
    const told = [...listeners].map((bringing) => bringing(name, isHere));
    return (id) => {
      for (const ended of told) ended(id);
    };
  });
  const cgroupVersion = rememberedCgroupVersion(engine);
  const readings = new Map<string, Docker.ContainerStats>();
  let wasSeen = false;
  return {
    name: "docker",
    isolation: "image",
    validate: (config) => decode(config, plugin).diagnostics,
    async fingerprint(signal) {
      const found = await fingerprintEngine(engine, plugin, { wasSeen, signal });
      wasSeen ||= found.detected;
      return found;
    },
    async list(owner, signal) {
      const tasks = await listTasks(engine, owner, signal);
      // What has ended and is kept to be looked at is nobody's task any more.
      return plugin.removesContainers ? tasks : tasks.filter(({ state }) => state !== "exited");
    },
    async inspect(handle, signal) {
      const info = await inspectContainer(engine, handle, signal);
      if (info === undefined) return undefined;
      const seen = observedTask(info);
      if (seen?.state !== "exited") return seen;
      return observedTask(info, await engineStartedMs(engine, signal));
    },
    ...imageMembers({ engine, images, plugin, listeners }),
    async start(spec, notice, signal) {
      const tools = { clock, engine, images, plugin, cgroupVersion };
      const values = acceptedOptions(spec.config, plugin);
      return await startContainer(tools, { spec, values, notice, signal });
    },
    stop: (handle, stopOptions, abort) => stopContainer(engine, handle, { ...stopOptions, abort }),
    async signal(handle, signalName, signal) {
      await engine.ask(
        { place: "docker-signal", what: `send ${signalName}`, signal },
        (abortSignal) =>
          engine.docker.getContainer(handle).kill({ signal: signalName, abortSignal }),
      );
    },
    async remove(handle, signal) {
      readings.delete(handle);
      const isKept = !plugin.removesContainers && (await hasEnded(engine, handle, signal));
      if (!isKept) await removeContainer(engine, handle, signal);
    },
    exec: (handle, request, signal) =>
      execInContainer({ clock, log, engine }, handle, request, signal),
    // Their image belongs to no task, so it is none of those that go when no task uses them.
    networks: createGroupNetworks({ engine, images: createImages(clock, engine, plugin), plugin }),
    output: (handle, cursor, signal) => readOutput(clock, engine, { handle, cursor, signal }),
    stats: (handle, signal) => readUsage(engine, readings, handle, signal),
    watch(owner, changed, doubted = () => undefined) {
      doubters.add(doubted);
      const watch = watchEngine(clock, log, engine, { owner, changed });
      return {
        close() {
          doubters.delete(doubted);
          watch.close();
        },
      };
    },
  };
}

function imageMembers({
  engine,
  images,
  plugin,
  listeners,
}: {
  readonly engine: Engine;
  readonly images: Images;
  readonly plugin: DockerPlugin;
  readonly listeners: Set<ImageListener>;
}): Required<Pick<TaskDriver, "prepare" | "images" | "strays">> {
  return {
    async prepare({ key, config }, notice, signal) {
      const values = acceptedOptions(config, plugin);
      // An archive comes with the task's own folder, which is not filled yet.
      if (optionText(values, "load") !== "") return;
      const directories = { local: "" };
      await images.resolve({ directories, values, preparing: key, notice, signal });
    },
    images: {
      keptUnusedMs: plugin.imageKeptUnusedMs,
      nameOf(config) {
        const { values } = decode(config, plugin);
        return optionText(values, "image") === "" ? undefined : imageName(values);
      },
      watch(bringing) {
        listeners.add(bringing);
        return { close: () => listeners.delete(bringing) };
      },
      find: (name, signal) => images.find(name, signal),
      remove: (image, signal) => removeImage(engine, image, signal),
    },
    strays: plugin.strays,
  };
}

async function readUsage(
  engine: Engine,
  readings: Map<string, Docker.ContainerStats>,
  handle: string,
  signal: AbortSignal,
): Promise<TaskUsage | undefined> {
  const reading = await engine.askUnless(
    [404, 409],
    { place: "docker-stats", what: "read usage", signal },
    (abortSignal) => {
      const query = { stream: false as const, "one-shot": true, abortSignal };
      return engine.docker.getContainer(handle).stats(query);
    },
  );
  // An engine answers for a stopped container with empty numbers.
  if (reading === undefined || reading.read.startsWith("0001-")) {
    readings.delete(handle);
    return undefined;
  }
  const usage = usageOf(reading, readings.get(handle));
  readings.set(handle, reading);
  return usage;
}

async function hasEnded(engine: Engine, handle: string, signal: AbortSignal): Promise<boolean> {
  const info = await inspectContainer(engine, handle, signal);
  return info === undefined || observedTask(info)?.state === "exited";
}

function decode(
  config: JsonMap,
  plugin: DockerPlugin,
): { readonly values: JsonObject; readonly diagnostics: readonly Diagnostic[] } {
  const { values, diagnostics } = decodeOptions(config, dockerOptions);
  return { values, diagnostics: [...diagnostics, ...policyFaults(values, plugin)] };
}

function acceptedOptions(config: JsonMap, plugin: DockerPlugin): JsonObject {
  const { values, diagnostics } = decode(config, plugin);
  const faults = diagnostics.filter(({ severity }) => severity === "error");
  if (faults.length === 0) return values;
  const text = faults.map(({ summary, detail }) =>
    detail === "" ? summary : `${summary}: ${detail}`,
  );
  throw refusal(text.join("; "));
}

async function listTasks(
  engine: Engine,
  owner: TaskOwner,
  signal: AbortSignal,
): Promise<readonly ObservedTask[]> {
  const found = await engine.ask(
    { place: "docker-list", what: "list containers", signal },
    (abortSignal) =>
      engine.docker.listContainers({ all: true, filters: ownerFilter(owner), abortSignal }),
  );
  const tasks = found.filter(({ Labels }) => networkOwner(Labels) === undefined);
  const limiter = new Limiter(listConcurrency);
  const infos = await Promise.all(
    tasks.map(({ Id }) => limiter.run(() => inspectContainer(engine, Id, signal))),
  );
  return infos.flatMap((info) => (info === undefined ? [] : (observedTask(info) ?? [])));
}

function rememberedCgroupVersion(engine: Engine): (signal: AbortSignal) => Promise<string> {
  let version: string | undefined;
  return async (signal) => {
    if (version !== undefined) return version;
    const info: unknown = await engine.ask(
      { place: "docker-info", what: "ask for its state", signal },
      () => engine.docker.info(),
    );
    version = (info as { readonly CgroupVersion?: string }).CgroupVersion ?? "1";
    return version;
  };
}
