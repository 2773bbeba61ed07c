import { allocationId, type AllocationId } from "../../model/ids.ts";
import type { GroupNetworkSpec, ObservedTask, TaskOwner, TaskSpec } from "../port.ts";

/** What a container carries so that a restarted agent finds its own again, and only its own. */
const prefix = "io.nomad-ts.";
export const ownLabels = {
  cluster: `${prefix}cluster`,
  node: `${prefix}node`,
  allocation: `${prefix}allocation`,
  task: `${prefix}task`,
  specHash: `${prefix}spec-hash`,
  attempt: `${prefix}attempt`,
  tty: `${prefix}tty`,
  network: `${prefix}network`,
} as const;
const published = "com.hashicorp.nomad.";

export function labelsOf(
  spec: TaskSpec,
  options: {
    readonly own: { readonly [name: string]: string };
    readonly tty: boolean;
    readonly extra: readonly string[];
  },
): { [name: string]: string } {
  const known: { readonly [name: string]: string } = {
    job_id: spec.jobId,
    job_name: spec.jobId,
    task_group_name: spec.group,
    task_name: spec.key.task,
    namespace: spec.namespace,
    node_id: spec.owner.nodeId,
  };
  const extra = Object.entries(known).filter(([name]) =>
    options.extra.some((glob) => matchesGlob(name, glob)),
  );
  return {
    ...options.own,
    ...Object.fromEntries(extra.map(([name, value]) => [`${published}${name}`, value])),
    [`${published}alloc_id`]: spec.key.allocationId,
    [ownLabels.cluster]: spec.owner.cluster,
    [ownLabels.node]: spec.owner.nodeId,
    [ownLabels.allocation]: spec.key.allocationId,
    [ownLabels.task]: spec.key.task,
    [ownLabels.specHash]: spec.specHash,
    [ownLabels.attempt]: String(spec.attempt),
    ...(options.tty ? { [ownLabels.tty]: "true" } : {}),
  };
}

/** Of the container that holds a group's network. */
export const networkLabels = (spec: GroupNetworkSpec): { [name: string]: string } => ({
  [`${published}alloc_id`]: spec.allocationId,
  [ownLabels.cluster]: spec.owner.cluster,
  [ownLabels.node]: spec.owner.nodeId,
  [ownLabels.allocation]: spec.allocationId,
  [ownLabels.network]: "true",
});

const matchesGlob = (text: string, glob: string): boolean =>
  new RegExp(`^${glob.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*")}$`).test(text);

export const ownerFilter = (owner: TaskOwner): { readonly label: string[] } => ({
  label: [`${ownLabels.cluster}=${owner.cluster}`, `${ownLabels.node}=${owner.nodeId}`],
});

export const isOwnedBy = (labels: { readonly [name: string]: string }, owner: TaskOwner): boolean =>
  labels[ownLabels.cluster] === owner.cluster && labels[ownLabels.node] === owner.nodeId;

/** Whose network a container holds. */
export function networkOwner(labels: {
  readonly [name: string]: string;
}): AllocationId | undefined {
  const id = labels[ownLabels.allocation];
  return id !== undefined && labels[ownLabels.network] === "true" ? allocationId(id) : undefined;
}

/** Who a container is, or undefined when it is none of ours. */
export function identityOf(labels: {
  readonly [name: string]: string;
}): Pick<ObservedTask, "key" | "specHash" | "attempt"> | undefined {
  const allocation = labels[ownLabels.allocation];
  const task = labels[ownLabels.task];
  if (allocation === undefined || task === undefined) return undefined;
  return {
    key: { allocationId: allocationId(allocation), task },
    specHash: labels[ownLabels.specHash] ?? "",
    attempt: Number(labels[ownLabels.attempt] ?? 0),
  };
}
