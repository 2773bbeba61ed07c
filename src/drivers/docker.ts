import type Docker from "dockerode";
import type { Clock } from "../lib/clock.ts";
import type { JsonObject } from "../lib/json.ts";
import type { Logger } from "../lib/logger.ts";
import { decodeOptions } from "./core/option-table.ts";
import { containerConfig, containerName, refusal } from "./docker/container-config.ts";
import {
  ask,
  askUnless,
  callSignal,
  callTimeoutMs,
  engineError,
  openEngine,
  statusOf,
} from "./docker/engine.ts";
import { fingerprintEngine } from "./docker/fingerprint.ts";
import { createImages, type Images } from "./docker/images.ts";
import { isOwnedBy, ownerFilter } from "./docker/labels.ts";
import { observedTask } from "./docker/observe.ts";
import { type DockerPluginConfig, dockerOptions } from "./docker/options.ts";
import { readOutput } from "./docker/output.ts";
import { usageOf } from "./docker/usage.ts";
import { watchEngine } from "./docker/watch.ts";
import type { ObservedTask, StopOptions, TaskDriver, TaskOwner, TaskSpec } from "./port.ts";

export { defaultDockerConfig, type DockerPluginConfig } from "./docker/options.ts";

export interface DockerDriverOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly config: DockerPluginConfig;
}

/** Runs tasks as containers of one Docker Engine. */
export function createDockerDriver(options: DockerDriverOptions): TaskDriver {
  const { clock, config } = options;
  const log = options.log.child("docker");
  const engine = openEngine(config.endpoint);
  const tasks = new DockerTasks(engine, createImages(clock, engine, config), clock, config);
  const readings = new Map<string, Docker.ContainerStats>();
  return {
    name: "docker",
    isolation: "image",
    validate: (taskConfig) => decodeOptions(taskConfig, dockerOptions).diagnostics,
    fingerprint: (signal) => fingerprintEngine(engine, config, signal),
    list: (owner, signal) => tasks.list(owner, signal),
    inspect: (handle, signal) => tasks.inspect(handle, signal),
    start: (spec, notice, signal) => tasks.start(spec, notice, signal),
    stop: (handle, stopOptions, signal) => tasks.stop(handle, stopOptions, signal),
    async signal(handle, signalName, signal) {
      await ask(`send ${signalName}`, () =>
        engine.getContainer(handle).kill({ signal: signalName, abortSignal: callSignal(signal) }),
      );
    },
    async remove(handle, signal) {
      readings.delete(handle);
      await askUnless([404, 409], "remove a container", () =>
        engine
          .getContainer(handle)
          .remove({ force: true, v: true, abortSignal: callSignal(signal) }),
      );
    },
    output: (handle, cursor, signal) => readOutput(engine, handle, cursor, signal),
    async stats(handle, signal) {
      const query = { stream: false as const, "one-shot": true, abortSignal: callSignal(signal) };
      const reading = await askUnless([404, 409], "read usage", () =>
        engine.getContainer(handle).stats(query),
      );
      if (reading === undefined || reading.read.startsWith("0001-")) return undefined;
      const usage = usageOf(reading, readings.get(handle));
      readings.set(handle, reading);
      return usage;
    },
    watch: (owner, changed) => watchEngine(clock, log, engine, { owner, changed }),
  };
}

class DockerTasks {
  readonly #engine: Docker;
  readonly #images: Images;
  readonly #clock: Clock;
  readonly #config: DockerPluginConfig;

  constructor(engine: Docker, images: Images, clock: Clock, config: DockerPluginConfig) {
    this.#engine = engine;
    this.#images = images;
    this.#clock = clock;
    this.#config = config;
  }

  async list(owner: TaskOwner, signal: AbortSignal): Promise<readonly ObservedTask[]> {
    const found = await ask("list containers", () =>
      this.#engine.listContainers({
        all: true,
        filters: ownerFilter(owner),
        abortSignal: callSignal(signal),
      }),
    );
    const tasks = await Promise.all(found.map((container) => this.inspect(container.Id, signal)));
    return tasks.filter((task) => task !== undefined);
  }

  async inspect(handle: string, signal: AbortSignal): Promise<ObservedTask | undefined> {
    const info = await askUnless([404], "inspect a container", () =>
      this.#engine.getContainer(handle).inspect({ abortSignal: callSignal(signal) }),
    );
    return info === undefined ? undefined : observedTask(info);
  }

  async start(
    spec: TaskSpec,
    notice: Parameters<TaskDriver["start"]>[1],
    signal: AbortSignal,
  ): Promise<ObservedTask> {
    const values = this.#optionsOf(spec);
    const imageId = await this.#images.resolve(values, notice, signal);
    const config = containerConfig(spec, values, { imageId, plugin: this.#config });
    const made = await this.#create(config, spec, signal);
    if (made.adopted !== undefined) return made.adopted;
    await this.#run(made.container, signal);
    return {
      key: spec.key,
      handle: made.container.id,
      specHash: spec.specHash,
      attempt: spec.attempt,
      state: "running",
      startedAt: new Date(this.#clock.nowMs()).toISOString(),
      finishedAt: null,
      exit: null,
    };
  }

  #optionsOf(spec: TaskSpec): JsonObject {
    const { values, diagnostics } = decodeOptions(spec.config, dockerOptions);
    if (diagnostics.length === 0) return values;
    throw refusal(
      diagnostics
        .map((one) => `${one.summary}${one.detail === "" ? "" : `: ${one.detail}`}`)
        .join("; "),
    );
  }

  async #create(
    config: Docker.ContainerCreateOptions,
    spec: TaskSpec,
    signal: AbortSignal,
  ): Promise<
    | { readonly container: Docker.Container; readonly adopted?: undefined }
    | { readonly adopted: ObservedTask }
  > {
    for (let tries = 0; ; tries++) {
      try {
        const container = await this.#engine.createContainer({
          ...config,
          abortSignal: callSignal(signal),
        });
        return { container };
      } catch (thrown) {
        if (statusOf(thrown) !== 409 || tries >= 3)
          throw engineError("Failed to start container", thrown);
        const taken = await this.#resolveConflict(spec, signal);
        if (taken !== undefined) return taken;
      }
    }
  }

  /** The name is taken: by this very start, by an older one of ours, or by somebody else. */
  async #resolveConflict(
    spec: TaskSpec,
    signal: AbortSignal,
  ): Promise<
    { readonly container: Docker.Container } | { readonly adopted: ObservedTask } | undefined
  > {
    const name = containerName(spec.key);
    const info = await askUnless([404], "inspect a container", () =>
      this.#engine.getContainer(name).inspect({ abortSignal: callSignal(signal) }),
    );
    if (info === undefined) return undefined;
    const observed = observedTask(info);
    const isOurs =
      observed !== undefined &&
      isOwnedBy(info.Config.Labels, spec.owner) &&
      observed.key.allocationId === spec.key.allocationId;
    if (!isOurs)
      throw refusal(
        `a container named ${name} that is not ours stands in the way: remove it with \`docker rm -f ${name}\``,
      );
    const container = this.#engine.getContainer(info.Id);
    if (observed.specHash === spec.specHash && observed.attempt === spec.attempt) {
      if (observed.state !== "created") return { adopted: observed };
      return { container };
    }
    await askUnless([404, 409], "remove a container", () =>
      container.remove({ force: true, v: true, abortSignal: callSignal(signal) }),
    );
    return undefined;
  }

  async #run(container: Docker.Container, signal: AbortSignal): Promise<void> {
    try {
      await container.start({ abortSignal: callSignal(signal) });
    } catch (thrown) {
      if (statusOf(thrown) === 304) return;
      const error = engineError("Failed to start container", thrown);
      // Without an answer the engine may well have started it: what is unknown is looked at again, not removed.
      if (error.code === "driver")
        await askUnless([404, 409], "remove a container", () =>
          container.remove({ force: true, v: true, abortSignal: callSignal(signal) }),
        );
      throw error;
    }
  }

  async stop(handle: string, options: StopOptions, signal: AbortSignal): Promise<void> {
    const container = this.#engine.getContainer(handle);
    const seconds = Math.ceil(options.timeoutMs / 1000);
    if (options.signal !== "" && !(await this.#signalAndWait(container, options, signal))) {
      await askUnless([304, 404, 409], "stop a container", () =>
        container.stop({ t: 0, abortSignal: callSignal(signal) }),
      );
      return;
    }
    if (options.signal !== "") return;
    await askUnless([304, 404, 409], "stop a container", () =>
      container.stop({
        t: seconds,
        abortSignal: callSignal(signal, options.timeoutMs + callTimeoutMs),
      }),
    );
  }

  /** True when the task ended within its time. */
  async #signalAndWait(
    container: Docker.Container,
    options: StopOptions,
    signal: AbortSignal,
  ): Promise<boolean> {
    const sent = await askUnless([404, 409], `send ${options.signal}`, async () => {
      await container.kill({ signal: options.signal, abortSignal: callSignal(signal) });
      return true;
    });
    if (sent === undefined) return true;
    const patience = AbortSignal.timeout(options.timeoutMs);
    try {
      await container.wait({ abortSignal: AbortSignal.any([signal, patience]) });
      return true;
    } catch (thrown) {
      if (patience.aborted) return false;
      if (statusOf(thrown) === 404) return true;
      throw engineError("Failed to start container", thrown);
    }
  }
}
