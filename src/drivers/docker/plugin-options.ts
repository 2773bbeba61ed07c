import type { Diagnostic } from "../../lib/diagnostic.ts";
import type { JsonObject } from "../../lib/json.ts";
import type { JsonMap } from "../../model/job.ts";
import {
  decodeOptions,
  optionFlag,
  optionMap,
  optionNumber,
  optionText,
  optionTexts,
  type OptionTable,
  type PlaceOf,
} from "../core/option-table.ts";
import { defaultDockerConfig, type DockerPluginConfig } from "./options.ts";

const text = { kind: "text" } as const;
const bool = { kind: "bool" } as const;
const int = { kind: "int" } as const;
const texts = { kind: "texts" } as const;
const duration = { kind: "duration" } as const;

/** Every published option of `plugin "docker" { config { } }`. */
const table: OptionTable = {
  endpoint: text,
  auth: { kind: "block", fields: { config: text, helper: text } },
  tls: { kind: "block", fields: { cert: text, key: text, ca: text } },
  allow_privileged: bool,
  allow_caps: texts,
  allow_runtimes: texts,
  nvidia_runtime: text,
  allowed_modes: { kind: "block", fields: { pid: texts, ipc: texts, userns: texts, uts: texts } },
  gc: {
    kind: "block",
    fields: {
      image: bool,
      image_delay: duration,
      container: bool,
      dangling_containers: {
        kind: "block",
        fields: { enabled: bool, period: duration, creation_grace: duration, dry_run: bool },
      },
    },
  },
  volumes: { kind: "block", fields: { enabled: bool, selinuxlabel: text } },
  infra_image: text,
  infra_image_pull_timeout: duration,
  image_pull_timeout: duration,
  pull_activity_timeout: duration,
  container_exists_attempts: int,
  oom_score_adj: int,
  pids_limit: int,
  extra_labels: texts,
  logging: { kind: "block", fields: { type: text, config: { kind: "map" } } },
  disable_log_collection: bool,
};
const later = new Set(["tls", "oom_score_adj", "disable_log_collection"]);

export interface DockerPluginRead {
  readonly config: DockerPluginConfig;
  readonly errors: readonly string[];
  /** Options that were written and are not acted on yet. */
  readonly ignored: readonly string[];
}

const root = 'plugin "docker" config';

/** The plugin's block of the agent's configuration, over the published defaults; `placeOf` knows where a line of it stands. */
export function readDockerPlugin(
  written: JsonMap,
  placeOf: PlaceOf = () => ({}),
): DockerPluginRead {
  const { values, diagnostics } = decodeOptions(written, table, root, (option) =>
    placeOf(option.slice(root.length + 1)),
  );
  const standard = defaultDockerConfig;
  const [auth, volumes, modes, logging] = ["auth", "volumes", "allowed_modes", "logging"].map(
    (name) => inner(values, name),
  );
  const list = (name: string, fallback: readonly string[]): readonly string[] =>
    values[name] === undefined ? fallback : optionTexts(values, name);
  const milliseconds = (name: string, fallbackMs: number): number => {
    const ns = optionNumber(values, name);
    return ns === undefined ? fallbackMs : ns / 1e6;
  };
  const config: DockerPluginConfig = {
    endpoint: optionText(values, "endpoint") || standard.endpoint,
    allowPrivileged: optionFlag(values, "allow_privileged"),
    allowCaps: list("allow_caps", standard.allowCaps),
    allowRuntimes: list("allow_runtimes", standard.allowRuntimes),
    allowedModes: {
      pid: optionTexts(modes ?? {}, "pid"),
      ipc: optionTexts(modes ?? {}, "ipc"),
      userns: optionTexts(modes ?? {}, "userns"),
      uts: optionTexts(modes ?? {}, "uts"),
    },
    volumesEnabled: optionFlag(volumes ?? {}, "enabled"),
    selinuxLabel: optionText(volumes ?? {}, "selinuxlabel"),
    imagePullTimeoutMs: milliseconds("image_pull_timeout", standard.imagePullTimeoutMs),
    pullActivityTimeoutMs: milliseconds("pull_activity_timeout", standard.pullActivityTimeoutMs),
    containerExistsAttempts:
      optionNumber(values, "container_exists_attempts") ?? standard.containerExistsAttempts,
    pidsLimit: optionNumber(values, "pids_limit") ?? standard.pidsLimit,
    extraLabels: optionTexts(values, "extra_labels"),
    logging:
      logging === undefined
        ? standard.logging
        : {
            type: optionText(logging, "type") || standard.logging.type,
            config: optionMap(logging, "config"),
          },
    authConfig: optionText(auth ?? {}, "config"),
    infraImage: optionText(values, "infra_image"),
    nvidiaRuntime: optionText(values, "nvidia_runtime") || standard.nvidiaRuntime,
    infraImagePullTimeoutMs: milliseconds(
      "infra_image_pull_timeout",
      standard.infraImagePullTimeoutMs,
    ),
    ...clearingOf(inner(values, "gc") ?? {}),
  };
  return {
    config,
    errors: diagnostics
      .filter(({ severity }) => severity === "error")
      .map((fault) => placeText(fault) + faultText(fault)),
    ignored: [
      ...Object.keys(values).filter((name) => later.has(name)),
      ...(optionText(auth ?? {}, "helper") === "" ? [] : ["auth.helper"]),
    ],
  };
}

function clearingOf(
  gc: JsonObject,
): Pick<DockerPluginConfig, "imageKeptUnusedMs" | "removesContainers" | "strays"> {
  const standard = defaultDockerConfig;
  const dangling = inner(gc, "dangling_containers") ?? {};
  const milliseconds = (from: JsonObject, name: string): number | undefined => {
    const ns = optionNumber(from, name);
    return ns === undefined ? undefined : ns / 1e6;
  };
  const delayMs = milliseconds(gc, "image_delay") ?? standard.imageKeptUnusedMs;
  return {
    imageKeptUnusedMs: gc["image"] === false ? undefined : delayMs,
    removesContainers: gc["container"] !== false,
    strays: {
      isEnabled: dangling["enabled"] !== false,
      periodMs: milliseconds(dangling, "period"),
      graceMs: milliseconds(dangling, "creation_grace"),
      isDryRun: optionFlag(dangling, "dry_run"),
    },
  };
}

const placeText = ({ file, start }: Diagnostic): string =>
  file === undefined ? "" : `${file}${start ? `:${start.line},${start.column}` : ""}: `;
const faultText = ({ summary, detail }: Diagnostic): string =>
  detail === "" ? summary : `${summary}: ${detail}`;

function inner(values: JsonObject, name: string): JsonObject | undefined {
  const value = values[name];
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}
