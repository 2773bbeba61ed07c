import type { TaskGroup, VolumeMount, VolumeRequest } from "../../model/job.ts";
import type { ClientHostVolume } from "../../model/node.ts";

/** A directory of this machine as a task sees it. */
export interface HostVolumeBind {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly propagation: "rprivate" | "rslave" | "rshared";
  /** `z`, `Z` or "". */
  readonly selinuxLabel: string;
}
export type HostVolumeBinds =
  | { readonly ok: true; readonly binds: readonly HostVolumeBind[] }
  /** All that is wrong. */
  | { readonly ok: false; readonly errors: readonly string[] };
export interface VolumeQuestion {
  readonly volumes: TaskGroup["Volumes"];
  readonly mounts: readonly VolumeMount[] | null;
  /** What this node offers, by name. */
  readonly offered: Readonly<Record<string, ClientHostVolume>>;
  /** The number in the allocation's name, for volumes that are wanted once for each. */
  readonly allocationIndex: number;
}

const propagations: Readonly<Record<string, HostVolumeBind["propagation"]>> = {
  "": "rprivate",
  private: "rprivate",
  "host-to-task": "rslave",
  bidirectional: "rshared",
};

/**
 * What a task's `volume_mount` blocks mean on this node. A volume is read-only as soon as the node's configuration,
 * the group's `volume` or the mount says so: nobody can take back what another one forbids.
 */
export function placeHostVolumes(question: VolumeQuestion): HostVolumeBinds {
  const answers = (question.mounts ?? []).map((mount) => placeMount(mount, question));
  const errors = answers.flatMap((answer) => (typeof answer === "string" ? [answer] : []));
  if (errors.length > 0) return { ok: false, errors };
  return {
    ok: true,
    binds: answers.flatMap((answer) => (typeof answer === "string" ? [] : [answer])),
  };
}

function placeMount(mount: VolumeMount, question: VolumeQuestion): HostVolumeBind | string {
  const { volumes, offered, allocationIndex } = question;
  const quoted = JSON.stringify(mount.Volume);
  const request = ownEntry(volumes ?? {}, mount.Volume);
  if (request === undefined) return `the group has no volume ${quoted}`;
  if (request.Type !== "host")
    return `volume ${quoted} is of type ${JSON.stringify(request.Type)}, which this node does not support yet`;
  const name = sourceOf(request, allocationIndex);
  const volume = ownEntry(offered, name);
  if (volume === undefined)
    return `missing host volume ${JSON.stringify(name)} (for volume ${quoted}): the client configuration of this node has no host_volume of that name`;
  const propagation = ownEntry(propagations, mount.PropagationMode);
  if (propagation === undefined)
    return `volume ${quoted} has an invalid propagation mode ${JSON.stringify(mount.PropagationMode)}`;
  if (!isTarget(mount.Destination))
    return `volume ${quoted} has the destination ${JSON.stringify(mount.Destination)}, which is no absolute path inside the task`;
  return {
    source: volume.Path,
    target: mount.Destination,
    readOnly: volume.ReadOnly || request.ReadOnly || mount.ReadOnly,
    propagation,
    selinuxLabel: mount.SELinuxLabel,
  };
}

const sourceOf = ({ Source, PerAlloc }: VolumeRequest, index: number): string =>
  PerAlloc ? `${Source}[${index}]` : Source;

const isTarget = (path: string): boolean =>
  path.startsWith("/") &&
  !path.includes("\0") &&
  !path.split("/").includes("..") &&
  path.split("/").some((part) => part !== "" && part !== ".");

const ownEntry = <T>(map: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(map, name) ? map[name] : undefined;
