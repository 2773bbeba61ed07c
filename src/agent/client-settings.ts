import { readArtifactSettings, defaultArtifactSettings } from "../node/artifacts.ts";
import type { ArtifactSettings } from "../node/artifacts.ts";
import { readHostVolumes } from "../node/host-volumes.ts";
import type { HostVolumeConfig, OfferedVolumes } from "../node/host-volumes.ts";
import type { CollectionSettings } from "../reconciler/node-agent.ts";
import { defaultNvidiaConfig, type NvidiaConfig } from "../node/nvidia.ts";
import { parseIdSet } from "../lib/id-set.ts";
import { deviceSettings } from "./device-settings.ts";
import type { Settings } from "./settings.ts";

/** What a node offers and allows, read once and refused as a whole when something in it is wrong. */
export interface ClientSettings {
  readonly hostVolumes: OfferedVolumes["volumes"];
  readonly artifacts: ArtifactSettings;
  readonly collection: CollectionSettings;
  readonly cores: CoreSettings;
  readonly nvidia: NvidiaConfig;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

export interface CoreSettings {
  /** Undefined: all that are not reserved. */
  readonly reservable: readonly number[] | undefined;
  readonly reserved: readonly number[];
}

/** The blocks of `client` that look at the machine or have rules of their own; a server alone reads none of them. */
export function clientSettings(settings: Settings, isDev = false): ClientSettings {
  const collection = collectionSettings(settings, isDev);
  if (!settings.flag("client.enabled"))
    return {
      hostVolumes: {},
      artifacts: defaultArtifactSettings,
      collection,
      cores: { reservable: undefined, reserved: [] },
      nvidia: defaultNvidiaConfig,
      errors: [],
      warnings: [],
    };
  const offered = readHostVolumes(hostVolumeBlocks(settings));
  const artifacts = artifactSettings(settings);
  const cores = coreSettings(settings);
  const devices = deviceSettings(settings);
  return {
    hostVolumes: offered.volumes,
    artifacts: artifacts.ok ? artifacts.settings : defaultArtifactSettings,
    collection,
    cores: cores.settings,
    nvidia: devices.nvidia,
    warnings: [
      ...(settings.number("client.gc_parallel_destroys") > 0
        ? []
        : ["client.gc_parallel_destroys must be at least 1, so 1 is used"]),
      ...devices.warnings,
    ],
    errors: [
      ...cores.errors,
      ...devices.errors,
      ...offered.errors,
      ...(artifacts.ok ? [] : artifacts.errors.map((error) => `client.artifact: ${error}`)),
    ],
  };
}

function coreSettings(settings: Settings): {
  readonly settings: CoreSettings;
  readonly errors: readonly string[];
} {
  const errors: string[] = [];
  const read = (key: string): readonly number[] => {
    const text = settings.text(key);
    const cores = parseIdSet(text);
    if (!cores) errors.push(`${key}: "${text}" is no set of core ids such as 0-3,7`);
    return cores ?? [];
  };
  const reservable = read("client.reservable_cores");
  return {
    settings: {
      reservable: reservable.length > 0 ? reservable : undefined,
      reserved: read("client.reserved.cores"),
    },
    errors,
  };
}

/** A dev agent keeps its files as long as there is room. */
function collectionSettings(settings: Settings, isDev: boolean): CollectionSettings {
  const or = (key: string, inDev: number, read: (name: string) => number): number =>
    isDev && !settings.has(`client.${key}`) ? inDev : read(`client.${key}`);
  return {
    intervalMs: Math.max(
      1_000,
      or("gc_interval", 600_000, (name) => settings.milliseconds(name)),
    ),
    diskPercent: or("gc_disk_usage_threshold", 99, (name) => settings.number(name)),
    inodePercent: or("gc_inode_usage_threshold", 99, (name) => settings.number(name)),
    maxAllocations: settings.number("client.gc_max_allocs"),
    parallelDestroys: Math.max(1, settings.number("client.gc_parallel_destroys")),
  };
}

function hostVolumeBlocks(settings: Settings): Readonly<Record<string, HostVolumeConfig>> {
  const names = Object.keys(settings.map("client.host_volume"));
  return Object.fromEntries(
    names.map((name) => {
      const { path, read_only: readOnly } = settings.block("client.host_volume", name) ?? {};
      return [name, { path: typeof path === "string" ? path : "", readOnly: readOnly === true }];
    }),
  );
}

function artifactSettings(settings: Settings): ReturnType<typeof readArtifactSettings> {
  const key = (name: string): string => `client.artifact.${name}`;
  return readArtifactSettings({
    httpReadTimeoutMs: settings.milliseconds(key("http_read_timeout")),
    httpMaxSize: settings.text(key("http_max_size")),
    gitTimeoutMs: settings.milliseconds(key("git_timeout")),
    decompressionFileCountLimit: settings.number(key("decompression_file_count_limit")),
    decompressionSizeLimit: settings.text(key("decompression_size_limit")),
    allowedNetworks: settings.list(key("allowed_networks")),
  });
}
