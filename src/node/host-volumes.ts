import { statSync } from "node:fs";
import { stat } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { errorText } from "../lib/errors.ts";
import type { ClientHostVolume } from "../model/node.ts";
import { placeHostVolumes } from "./core/host-volumes.ts";
import type { HostVolumeBinds, VolumeQuestion } from "./core/host-volumes.ts";

export type { HostVolumeBinds, VolumeQuestion };

/** A `host_volume` block of the client configuration. */
export interface HostVolumeConfig {
  readonly path: string;
  readonly readOnly: boolean;
}

export interface OfferedVolumes {
  readonly volumes: Readonly<Record<string, ClientHostVolume>>;
  /** Each with the volume's name; with any of them the agent must not start. */
  readonly errors: readonly string[];
}

/** The volumes that a node offers, as its record shows them. Read once, before anything starts. */
export function readHostVolumes(
  config: Readonly<Record<string, HostVolumeConfig>>,
): OfferedVolumes {
  const errors: string[] = [];
  const volumes = Object.entries(config)
    .sort(byName)
    .map(([name, { path, readOnly }]): [string, ClientHostVolume] => {
      const fault = wordFault(path) ?? absence(path);
      if (fault !== undefined) errors.push(`host_volume ${JSON.stringify(name)}: ${fault}`);
      return [name, { Name: name, Path: path, ReadOnly: readOnly, ID: "" }];
    });
  return { volumes: Object.fromEntries(volumes), errors };
}

function absence(path: string): string | undefined {
  try {
    statSync(path);
    return undefined;
  } catch (thrown) {
    return errorText(thrown);
  }
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

function wordFault(path: string): string | undefined {
  if (path === "") return "Missing path in host_volume config";
  return isAbsolute(path) ? undefined : `path ${JSON.stringify(path)} is not absolute`;
}

async function pathFault(path: string): Promise<string | undefined> {
  try {
    await stat(path);
    return undefined;
  } catch (thrown) {
    return errorText(thrown);
  }
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : 1;
