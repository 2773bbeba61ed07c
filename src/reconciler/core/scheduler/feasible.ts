import type { Constraint, Job, TaskGroup } from "../../../model/job.ts";
import type { ClientHostVolume, Node } from "../../../model/node.ts";
import { constraintText, nodeSatisfies } from "./constraints.ts";
import type { RegexpSearch } from "./constraints.ts";
import { hasDevices } from "./devices.ts";
import { hostAddresses } from "./ports.ts";
import { isUniqueTarget } from "./targets.ts";

/** The nodes that an evaluation may consider at all, before any constraint. */
export interface Candidates {
  readonly nodes: readonly Node[];
  readonly inPool: number;
  readonly perDatacenter: { readonly [datacenter: string]: number };
}

/** Ready, open for work, in the job's pool and in one of its datacenters. */
export function candidatesFor(job: Job, nodes: readonly Node[]): Candidates {
  const isWanted = datacenterTest(job.Datacenters);
  const inPool = nodes.filter(
    (node) => canTakeWork(node) && (job.NodePool === "all" || node.NodePool === job.NodePool),
  );
  const wanted = inPool.filter((node) => isWanted(node.Datacenter));
  // A datacenter that is asked for by its name and has no node is worth saying: it may be a typing mistake.
  const named = job.Datacenters.filter((name) => !name.includes("*"));
  const perDatacenter: { [datacenter: string]: number } = Object.fromEntries(
    named.map((name) => [name, 0]),
  );
  for (const node of wanted)
    perDatacenter[node.Datacenter] = (perDatacenter[node.Datacenter] ?? 0) + 1;
  return { nodes: wanted, inPool: inPool.length, perDatacenter };
}

export const canTakeWork = (node: Node): boolean =>
  node.Status === "ready" &&
  node.SchedulingEligibility === "eligible" &&
  node.DrainStrategy === null;

/** In the job's pool and in one of its datacenters, open for work or not. */
export const isInReach = (job: Job, node: Node): boolean =>
  (job.NodePool === "all" || node.NodePool === job.NodePool) &&
  datacenterTest(job.Datacenters)(node.Datacenter);

export interface Judge {
  /**
   * undefined: feasible. Otherwise why not, as the metrics name it. `name` is that of the allocation, which may have
   * volumes of its own.
   */
  refuse(node: Node, name?: string): string | undefined;
  /** The constraints alone: what runs already is not moved because a driver is unwell. */
  meetsConstraints(node: Node): boolean;
  /** Verdicts by computed class, for evaluations that wait for a node of a class. */
  eligibility(): { readonly [computedClass: string]: boolean };
  readonly isEscaped: boolean;
}

/**
 * Judges nodes for one group, whatever room they have. Nodes of one computed class are equal in all that is not
 * unique, so only the first of a class is judged in full.
 */
export function judgeFor(job: Job, group: TaskGroup, search: RegexpSearch): Judge {
  const constraints = mergedConstraints(job, group);
  const shared = constraints.filter((c) => !isUnique(c));
  const unique = constraints.filter(isUnique);
  const classes = new Map<string, boolean>();
  const inFull = (node: Node, list: readonly Constraint[]): string | undefined => {
    const broken = list.find((constraint) => !nodeSatisfies(constraint, node, search));
    return broken ? constraintText(broken) : undefined;
  };
  return {
    isEscaped: unique.length > 0,
    eligibility: () => Object.fromEntries([...classes].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    meetsConstraints: (node) => inFull(node, constraints) === undefined,
    refuse(node, name) {
      const known = node.ComputedClass === "" ? undefined : classes.get(node.ComputedClass);
      if (known === false) return "computed class ineligible";
      if (known === undefined) {
        const refusal = inFull(node, shared);
        if (node.ComputedClass !== "") classes.set(node.ComputedClass, refusal === undefined);
        if (refusal !== undefined) return refusal;
      }
      // A driver may fall ill on one node of a class, so its health is asked of each.
      const driver = missingDriver(group, node);
      if (driver !== undefined) return driver;
      return (
        inFull(node, unique) ??
        missingVolume(group, node, name) ??
        (hasDevices(group, node, search) ? undefined : "missing devices") ??
        missingNetwork(group, node)
      );
    },
  };
}

const mergedConstraints = (job: Job, group: TaskGroup): Constraint[] => [
  ...(job.Constraints ?? []),
  ...(group.Constraints ?? []),
  ...group.Tasks.flatMap((task) => task.Constraints ?? []),
];

const isUnique = (constraint: Constraint): boolean =>
  isUniqueTarget(constraint.LTarget) || isUniqueTarget(constraint.RTarget);

function missingDriver(group: TaskGroup, node: Node): string | undefined {
  const isMissing = group.Tasks.some((task) => {
    const driver = node.Drivers[task.Driver];
    return driver?.Detected !== true || !driver.Healthy;
  });
  return isMissing ? "missing drivers" : undefined;
}

function missingVolume(group: TaskGroup, node: Node, name: string | undefined): string | undefined {
  for (const volume of Object.values(group.Volumes ?? {})) {
    // Storage plugins are fingerprinted by no node yet, so nothing can satisfy them.
    if (volume.Type !== "host") return "missing CSI plugins";
    const found = offered(node, volume.PerAlloc ? volume.Source + indexOf(name) : volume.Source);
    if (!found || (found.ReadOnly && !volume.ReadOnly)) return "missing compatible host volumes";
  }
  return undefined;
}

const offered = (node: Node, name: string): ClientHostVolume | undefined =>
  node.HostVolumes !== null && Object.hasOwn(node.HostVolumes, name)
    ? node.HostVolumes[name]
    : undefined;

/** `[2]` of `shop.web[2]`: part of the names of volumes that each allocation has for itself. */
const indexOf = (name = ""): string => /\[\d+\]$/.exec(name)?.[0] ?? "";

function missingNetwork(group: TaskGroup, node: Node): string | undefined {
  for (const network of group.Networks ?? []) {
    for (const port of [...(network.ReservedPorts ?? []), ...(network.DynamicPorts ?? [])]) {
      if (hostAddresses(node, port.HostNetwork).length > 0) continue;
      const name = port.HostNetwork === "" ? "default" : port.HostNetwork;
      return name === "default"
        ? "missing network"
        : `missing host network "${name}" for port "${port.Label}"`;
    }
  }
  return undefined;
}

/** Datacenters may be globs: `*`, `dc*`, `us-?`. */
function datacenterTest(patterns: readonly string[]): (datacenter: string) => boolean {
  return (datacenter) => patterns.some((pattern) => globMatches(pattern, datacenter));
}

/** `*` is any text, `?` any character; linear in the text for each star. */
export function globMatches(pattern: string, text: string): boolean {
  let [at, from] = [0, 0];
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (from < pattern.length && (pattern[from] === "?" || pattern[from] === text[at])) {
      at += 1;
      from += 1;
    } else if (pattern[from] === "*") {
      star = from;
      resume = at;
      from += 1;
    } else if (star >= 0) {
      from = star + 1;
      resume += 1;
      at = resume;
    } else return false;
  }
  while (pattern[from] === "*") from += 1;
  return from === pattern.length;
}
