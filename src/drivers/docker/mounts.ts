import { isAbsolute, resolve } from "node:path";
import type Docker from "dockerode";
import type { JsonObject } from "../../lib/json.ts";
import {
  optionBlocks,
  optionFlag,
  optionMap,
  optionNumber,
  optionText,
  optionTexts,
} from "../core/option-table.ts";
import type { TaskSpec } from "../port.ts";
import type { DockerPlugin } from "./options.ts";
import { containedPath } from "./paths.ts";
import { refusal } from "./refusal.ts";

/** The task's own directories first, its logs read-only, then what it asks for in `volumes`. */
export async function bindsOf(
  spec: TaskSpec,
  values: JsonObject,
  plugin: DockerPlugin,
): Promise<string[]> {
  const { directories } = spec;
  const own = [
    `${directories.shared}:/alloc`,
    `${directories.local}:/local`,
    `${directories.secrets}:/secrets`,
  ].map((bind) => withLabel(bind, plugin));
  const asked = await Promise.all(
    optionTexts(values, "volumes").map((volume) => volumeBind(spec, values, plugin, volume)),
  );
  return [...own, `${directories.logs}:/alloc/logs:ro`, ...asked];
}

const withLabel = (bind: string, { selinuxLabel }: DockerPlugin): string =>
  selinuxLabel === "" ? bind : `${bind}:${selinuxLabel}`;

async function volumeBind(
  spec: TaskSpec,
  values: JsonObject,
  plugin: DockerPlugin,
  volume: string,
): Promise<string> {
  const [source = "", target = "", mode] = volume.split(":");
  // A volume driver gets the source as it is: the name means something to that driver only.
  const hasDriver = optionText(values, "volume_driver") !== "";
  const from = hasDriver ? source : await hostPath(spec, source, plugin);
  const bind = `${from}:${target}`;
  return mode === undefined ? withLabel(bind, plugin) : `${bind}:${mode}`;
}

/** Inside the allocation's directory, links followed, anything may be mounted; outside only with consent. */
async function hostPath(spec: TaskSpec, source: string, plugin: DockerPlugin): Promise<string> {
  const path = isAbsolute(source) ? source : resolve(spec.directories.task, source);
  const inside = await containedPath(spec.directories.allocation, path);
  if (inside !== undefined) return inside;
  if (plugin.volumesEnabled) return path;
  throw refusal(`volumes are not enabled; cannot mount host path "${source}"`);
}

export async function mountsOf(
  spec: TaskSpec,
  values: JsonObject,
  plugin: DockerPlugin,
): Promise<Docker.MountSettings[]> {
  const asked = [...optionBlocks(values, "mount"), ...optionBlocks(values, "mounts")];
  const own = spec.mounts.map((mount): Docker.MountSettings => ({
    Type: "bind",
    Source: mount.source,
    Target: mount.target,
    ReadOnly: mount.readOnly,
    BindOptions: { Propagation: mount.propagation },
  }));
  const mounts = await Promise.all(asked.map((mount) => mountOf(spec, mount, plugin)));
  return [...own, ...mounts];
}

async function mountOf(
  spec: TaskSpec,
  mount: JsonObject,
  plugin: DockerPlugin,
): Promise<Docker.MountSettings> {
  const common = { Target: optionText(mount, "target"), ReadOnly: optionFlag(mount, "readonly") };
  const source = optionText(mount, "source");
  const type = optionText(mount, "type");
  switch (type) {
    case "bind": {
      const propagation = optionText(optionBlocks(mount, "bind_options")[0] ?? {}, "propagation");
      // The engine checks the word; the type lists the few that it knows.
      const Propagation = propagation as Docker.MountPropagation;
      return {
        Type: "bind",
        Source: await hostPath(spec, source, plugin),
        ...common,
        ...(propagation === "" ? {} : { BindOptions: { Propagation } }),
      };
    }
    case "tmpfs": {
      const options = optionBlocks(mount, "tmpfs_options")[0] ?? {};
      const [size, mode] = [optionNumber(options, "size"), optionNumber(options, "mode")];
      return {
        Type: "tmpfs",
        Source: "",
        ...common,
        TmpfsOptions: { SizeBytes: size ?? 0, Mode: mode ?? 0 },
      };
    }
    case "volume":
    case "":
      return { Type: "volume", Source: source, ...common, ...volumeOptions(mount) };
    default:
      throw new Error(`assertion failed: ${type} is no mount type`);
  }
}

function volumeOptions(mount: JsonObject): Partial<Docker.MountSettings> {
  const [options] = optionBlocks(mount, "volume_options");
  if (options === undefined) return {};
  const [driver = {}] = optionBlocks(options, "driver_config");
  return {
    VolumeOptions: {
      NoCopy: optionFlag(options, "no_copy"),
      Labels: { ...optionMap(options, "labels") },
      DriverConfig: {
        Name: optionText(driver, "name"),
        Options: { ...optionMap(driver, "options") },
      },
    },
  };
}
