import type { NodeScoreMeta } from "../../../model/allocation.ts";
import type { Affinity, Job, TaskGroup } from "../../../model/job.ts";
import type { Node } from "../../../model/node.ts";
import { nodeSatisfies } from "./constraints.ts";
import type { RegexpSearch } from "./constraints.ts";
import { nodeCapacity } from "./demand.ts";
import type { Amount } from "./demand.ts";

/** Everything a score is made of, for one node that has room. */
export interface RankInput {
  readonly node: Node;
  /** What would be taken with the new allocation on it, once all that has to stop is gone. */
  readonly used: Amount;
  readonly algorithm: "binpack" | "spread";
  /** System jobs take every node, so nothing but the packing is scored. */
  readonly packingOnly: boolean;
  /** Other allocations of the same group on the node. */
  readonly collisions: number;
  readonly count: number;
  readonly isPenalty: boolean;
  readonly affinity: number;
  /** undefined: no device of the group has an affinity. */
  readonly deviceAffinity?: number | undefined;
  /** undefined: the group has no spread. */
  readonly spread: number | undefined;
}

/** The final score is the mean of those parts that say anything. */
export function rankNode(input: RankInput): NodeScoreMeta {
  const packing = packingScore(input.node, input.used, input.algorithm);
  const scores: { [scorer: string]: number } = { binpack: packing };
  const counted = [packing];
  if (input.deviceAffinity !== undefined) {
    scores["devices"] = input.deviceAffinity;
    counted.push(input.deviceAffinity);
  }
  if (!input.packingOnly) {
    const antiAffinity =
      input.collisions > 0 && input.count > 0 ? -(input.collisions + 1) / input.count : 0;
    const penalty = input.isPenalty ? -1 : 0;
    scores["job-anti-affinity"] = antiAffinity;
    scores["node-reschedule-penalty"] = penalty;
    scores["node-affinity"] = input.affinity;
    if (antiAffinity !== 0) counted.push(antiAffinity);
    if (penalty !== 0) counted.push(penalty);
    if (input.affinity !== 0) counted.push(input.affinity);
    if (input.spread !== undefined) {
      scores["allocation-spread"] = input.spread;
      counted.push(input.spread);
    }
  }
  const sum = counted.reduce((total, score) => total + score, 0);
  return { NodeID: input.node.ID, Scores: scores, NormScore: sum / counted.length };
}

/** The published best-fit-v3 curve, scaled to 0..1; `spread` is its mirror. */
export function packingScore(node: Node, used: Amount, algorithm: "binpack" | "spread"): number {
  const capacity = nodeCapacity(node);
  const free = (taken: number, of: number): number => (of > 0 ? 1 - taken / of : 0);
  const total = 10 ** free(used.cpu, capacity.cpu) + 10 ** free(used.memory, capacity.memory);
  const score = algorithm === "binpack" ? 20 - total : total - 2;
  return Math.min(18, Math.max(0, score)) / 18;
}

/** Weights of the affinities that the node meets, over all weights. */
export function affinityScore(
  affinities: readonly Affinity[],
  node: Node,
  search: RegexpSearch,
): number {
  const all = affinities.reduce((total, affinity) => total + Math.abs(affinity.Weight), 0);
  if (all === 0) return 0;
  const met = affinities
    .filter((affinity) => nodeSatisfies(affinity, node, search))
    .reduce((total, affinity) => total + affinity.Weight, 0);
  return met / all;
}

export const mergedAffinities = (job: Job, group: TaskGroup): Affinity[] => [
  ...(job.Affinities ?? []),
  ...(group.Affinities ?? []),
  ...group.Tasks.flatMap((task) => task.Affinities ?? []),
];
