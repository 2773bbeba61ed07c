import type { Job, NetworkResource, Resources, Task, TaskGroup } from "../../../model/job.ts";

/**
 * Does going from one version of a group to another need new containers? Everything that is not named here can be
 * taken over by the running allocation: counts, services, checks, constraints, kill timeout, log rotation, update
 * and reschedule policies.
 */
export function needsNewAllocation(before: Job, after: Job, group: string): boolean {
  const old = before.TaskGroups.find((g) => g.Name === group);
  const now = after.TaskGroups.find((g) => g.Name === group);
  if (!old || !now) return true;
  if (
    before.Type !== after.Type ||
    before.Namespace !== after.Namespace ||
    before.NodePool !== after.NodePool
  )
    return true;
  if (!same(mergedMeta(before, old), mergedMeta(after, now))) return true;
  if (!same(placementWishes(before, old), placementWishes(after, now))) return true;
  if (!same(groupShape(old), groupShape(now))) return true;
  if (old.Tasks.length !== now.Tasks.length) return true;
  return now.Tasks.some((task) => {
    const was = old.Tasks.find((t) => t.Name === task.Name);
    return !was || !same(taskShape(was), taskShape(task));
  });
}

/** Tasks see job and group meta in their environment, so an edit of either needs a new one. */
const mergedMeta = (job: Job, group: TaskGroup): unknown => ({ ...job.Meta, ...group.Meta });

/** Affinities and spreads only act when something is placed, so a new wish needs a new placement. */
const placementWishes = (job: Job, group: TaskGroup): unknown => ({
  affinities: [
    ...(job.Affinities ?? []),
    ...(group.Affinities ?? []),
    ...group.Tasks.flatMap((task) => task.Affinities ?? []),
  ],
  spreads: [...(job.Spreads ?? []), ...(group.Spreads ?? [])],
});

function groupShape(group: TaskGroup): unknown {
  return {
    networks: (group.Networks ?? []).map(networkShape),
    disk: group.EphemeralDisk,
    volumes: group.Volumes ?? {},
    consul: group.Consul,
    maxRun: group.MaxRunDuration,
    connect: (group.Services ?? []).map((service) => service.Connect).filter((c) => c !== null),
  };
}

function taskShape(task: Task): unknown {
  return {
    driver: task.Driver,
    user: task.User,
    config: task.Config ?? {},
    env: task.Env ?? {},
    artifacts: task.Artifacts ?? [],
    templates: task.Templates ?? [],
    vault: task.Vault,
    consul: task.Consul,
    secrets: task.Secrets ?? [],
    meta: task.Meta ?? {},
    dispatch: task.DispatchPayload,
    lifecycle: task.Lifecycle,
    leader: task.Leader,
    kind: task.Kind,
    csi: task.CSIPluginConfig,
    identity: task.Identity,
    identities: task.Identities ?? [],
    mounts: task.VolumeMounts ?? [],
    logsDisabled: task.LogConfig.Disabled,
    schedule: task.Schedule,
    resources: resourceShape(task.Resources),
  };
}

const resourceShape = (resources: Resources): unknown => ({
  cpu: resources.CPU,
  cores: resources.Cores,
  memory: resources.MemoryMB,
  memoryMax: resources.MemoryMaxMB,
  secrets: resources.SecretsMB,
  numa: resources.NUMA,
  devices: resources.Devices ?? [],
  networks: (resources.Networks ?? []).map(networkShape),
});

/** Values of dynamic ports belong to one allocation, not to the wish. */
const networkShape = (network: NetworkResource): unknown => ({
  mode: network.Mode,
  hostname: network.Hostname,
  mbits: network.MBits,
  dns: network.DNS,
  cni: network.CNI,
  ports: [
    ...(network.ReservedPorts ?? []).map((port) => ({ ...port, dynamic: false })),
    ...(network.DynamicPorts ?? []).map((port) => ({ ...port, Value: 0, dynamic: true })),
  ].toSorted((a, b) => (a.Label < b.Label ? -1 : a.Label > b.Label ? 1 : a.Value - b.Value)),
});

const same = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);

/** Text that is equal for equal content: keys sorted, null and missing alike. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return inner;
    const entries = Object.entries(inner)
      .filter(([, v]) => v !== null && v !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return Object.fromEntries(entries);
  });
}
