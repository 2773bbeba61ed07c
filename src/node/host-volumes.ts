import { stat } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { AppError, errorText } from "../lib/errors.ts";
import type { ClientHostVolume } from "../model/node.ts";
import { placeHostVolumes } from "./core/host-volumes.ts";
import type { HostVolumeBind, HostVolumeBinds, VolumeQuestion } from "./core/host-volumes.ts";

export type { HostVolumeBind, HostVolumeBinds, VolumeQuestion };

/** A `host_volume` block of the client configuration. */
export interface HostVolumeConfig {
  readonly path: string;
  readonly readOnly: boolean;
}

/** The volumes that a node offers, as its record shows them. Throws when a path is not there: the agent must not start. */
export async function readHostVolumes(
  config: Readonly<Record<string, HostVolumeConfig>>,
): Promise<Readonly<Record<string, ClientHostVolume>>> {
  const offered: [string, ClientHostVolume][] = [];
  for (const [name, { path, readOnly }] of Object.entries(config).sort(byName)) {
    const fault = await pathFault(path);
    if (fault !== undefined)
      throw new AppError("invalid", `host_volume ${JSON.stringify(name)}: ${fault}`);
    offered.push([name, { Name: name, Path: path, ReadOnly: readOnly, ID: "" }]);
  }
  return Object.fromEntries(offered);
}

/**
 * The bind mounts of one task. A directory may have gone since the agent started, and an engine would make an empty
 * one in its place: so it is looked at before each start.
 */
export async function resolveHostVolumes(question: VolumeQuestion): Promise<HostVolumeBinds> {
  const placed = placeHostVolumes(question);
  if (!placed.ok) return placed;
  const faults = await Promise.all(placed.binds.map(({ source }) => pathFault(source)));
  const errors = faults.flatMap((fault) => (fault === undefined ? [] : [`host volume: ${fault}`]));
  return errors.length > 0 ? { ok: false, errors } : placed;
}

async function pathFault(path: string): Promise<string | undefined> {
  if (path === "") return "Missing path in host_volume config";
  if (!isAbsolute(path)) return `path ${JSON.stringify(path)} is not absolute`;
  try {
    await stat(path);
    return undefined;
  } catch (thrown) {
    return errorText(thrown);
  }
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : 1;
