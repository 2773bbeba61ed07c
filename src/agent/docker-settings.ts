import { cpus } from "node:os";
import {
  defaultDockerConfig,
  type DockerPluginConfig,
  readDockerPlugin,
} from "../drivers/docker.ts";
import { parseDuration } from "../lib/duration.ts";
import type { Json, JsonObject } from "../lib/json.ts";
import { mhzOf } from "../node/machine.ts";
import type { Settings } from "./settings.ts";

export interface DockerSettings {
  readonly config: DockerPluginConfig;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** `plugin "docker"`, then the older `client.options`, then the environment of the agent. */
export function dockerSettings(settings: Settings, isDev: boolean): DockerSettings {
  const options = settings.map("client.options");
  const written = inBlocks(settings.block("plugin", "docker"), "config");
  const { config, errors, ignored } = readDockerPlugin(isObject(written) ? written : {}, (option) =>
    settings.placeOf(`plugin.docker.config.${option}`),
  );
  const endpoint = inBlocks(written, "endpoint") ?? options["docker.endpoint"];
  const caps = inBlocks(written, "allow_caps") ? undefined : options["docker.caps.allowlist"];
  return {
    config: {
      ...config,
      ...fallbackEndpoint(endpoint ?? process.env["DOCKER_HOST"]),
      ...(caps === undefined ? {} : { allowCaps: caps.split(",").map((one) => one.trim()) }),
      authConfig: config.authConfig || (options["docker.auth.config"] ?? ""),
      allowPrivileged: config.allowPrivileged || options["docker.privileged.enabled"] === "true",
      volumesEnabled:
        config.volumesEnabled || options["docker.volumes.enabled"] === "true" || isDev,
      selinuxLabel: config.selinuxLabel || (options["docker.volumes.selinuxlabel"] ?? ""),
      ...olderClearing(options, config),
      totalComputeMhz: settings.number("client.cpu_total_compute") || machineMhz(),
    },
    errors,
    warnings:
      ignored.length === 0
        ? []
        : [`plugin "docker": these options are not acted on yet: ${ignored.join(", ")}`],
  };
}

/** Looks into nested blocks; a block that HCL made a list of one counts as itself. */
export function inBlocks(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  const one = (json: Json | undefined): Json | undefined => (Array.isArray(json) ? json[0] : json);
  const found = path.reduce<Json | undefined>((outer, key) => {
    const block = one(outer);
    return isObject(block) ? block[key] : undefined;
  }, value);
  return Array.isArray(found) && found.length === 1 && isObject(found[0]) ? found[0] : found;
}

/** `docker.cleanup.*` of older configurations can only switch off, or set the delay, where the plugin's own block did not. */
function olderClearing(
  options: { readonly [name: string]: string },
  { imageKeptUnusedMs, removesContainers }: DockerPluginConfig,
): Pick<DockerPluginConfig, "imageKeptUnusedMs" | "removesContainers"> {
  const delay = parseDuration(options["docker.cleanup.image.delay"] ?? "");
  const isStandard = imageKeptUnusedMs === defaultDockerConfig.imageKeptUnusedMs;
  const keptMs = isStandard && delay !== undefined ? delay / 1e6 : imageKeptUnusedMs;
  return {
    imageKeptUnusedMs: options["docker.cleanup.image"] === "false" ? undefined : keptMs,
    removesContainers:
      removesContainers !== false && options["docker.cleanup.container"] !== "false",
  };
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const fallbackEndpoint = (endpoint: Json | undefined): { readonly endpoint?: string } =>
  typeof endpoint === "string" && endpoint !== "" ? { endpoint } : {};

/** What all cores make together; a hard limit on a task is a share of it. */
const machineMhz = (): number => cpus().reduce((sum, core) => sum + mhzOf(core), 0);
