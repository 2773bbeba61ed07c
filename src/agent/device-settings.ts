import { parseDuration } from "../lib/duration.ts";
import type { Json, JsonObject } from "../lib/json.ts";
import { defaultNvidiaConfig, type NvidiaConfig } from "../node/nvidia.ts";
import { inBlocks } from "./docker-settings.ts";
import type { Settings } from "./settings.ts";

export interface DeviceSettings {
  readonly nvidia: NvidiaConfig;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** The plugin's own name, its program's, and the one that its page shows. */
const names = ["nvidia-gpu", "nomad-device-nvidia", "nvidia"] as const;
const known = ["enabled", "ignored_gpu_ids", "fingerprint_period", "mps"];
const shortestPeriodMs = 1_000;

/** `plugin "nvidia-gpu" { config { } }`; without it GPUs are looked for all the same. */
export function deviceSettings(settings: Settings): DeviceSettings {
  const written = names.flatMap((name) => {
    const block = settings.block("plugin", name);
    return block === undefined ? [] : [{ name, config: objectOf(inBlocks(block, "config")) }];
  });
  const [first, second] = written;
  if (!first) return { nvidia: defaultNvidiaConfig, errors: [], warnings: [] };
  const { config, faults, warnings } = readConfig(first.config);
  const at = (text: string): string => `plugin ${JSON.stringify(first.name)} config: ${text}`;
  return {
    nvidia: config,
    errors: [
      ...faults.map(at),
      ...(second ? [at(`the plugin is configured again as ${JSON.stringify(second.name)}`)] : []),
    ],
    warnings: warnings.map(at),
  };
}

function readConfig(written: JsonObject): {
  readonly config: NvidiaConfig;
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
} {
  const faults: string[] = [];
  for (const key of Object.keys(written))
    if (!known.includes(key)) faults.push(`unknown option ${JSON.stringify(key)}`);
  const { enabled = true, ignored_gpu_ids: ids = [], fingerprint_period: period } = written;
  if (typeof enabled !== "boolean") faults.push("enabled must be true or false");
  const ignored = Array.isArray(ids)
    ? ids.filter((id): id is string => typeof id === "string")
    : [];
  if (!Array.isArray(ids) || ignored.length !== ids.length)
    faults.push("ignored_gpu_ids must be a list of texts");
  const ns = typeof period === "string" ? parseDuration(period) : undefined;
  if (period !== undefined && ns === undefined)
    faults.push(`failed to parse fingerprint period ${JSON.stringify(period)}`);
  return {
    config: {
      enabled: enabled !== false,
      ignoredGpuIds: ignored,
      fingerprintPeriodMs:
        ns === undefined
          ? defaultNvidiaConfig.fingerprintPeriodMs
          : Math.max(shortestPeriodMs, ns / 1e6),
    },
    faults,
    warnings: written["mps"] === undefined ? [] : ["mps is not acted on: GPUs are never shared"],
  };
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
