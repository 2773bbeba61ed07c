import type {
  AllocatedResources,
  Allocation,
  AllocationMetric,
  NodeScoreMeta,
} from "../../../model/allocation.ts";
import type { NodeId } from "../../../model/ids.ts";
import type { Job, TaskGroup } from "../../../model/job.ts";
import type { Node } from "../../../model/node.ts";
import type { SchedulerConfiguration } from "../../../model/scheduler-config.ts";
import type { Placement } from "../cluster/types.ts";
import type { RegexpSearch } from "./constraints.ts";
import { distinctJudge, distinctRules } from "./distinct.ts";
import type { DistinctRules } from "./distinct.ts";
import type { Draft } from "./draft.ts";
import { candidatesFor, isInReach, judgeFor } from "./feasible.ts";
import type { Candidates, Judge } from "./feasible.ts";
import { fitGroup } from "./fit.ts";
import { MetricBuilder } from "./metric.ts";
import { affinityScore, mergedAffinities, rankNode } from "./rank.ts";
import { SpreadCounter } from "./spread.ts";

/** The cluster as the scheduler sees it. All functions are pure reads of one moment. */
export interface Cluster {
  readonly nodes: readonly Node[];
  readonly node: (id: NodeId) => Node | undefined;
  readonly config: SchedulerConfiguration;
  readonly search: RegexpSearch;
  /** Chance in [0, 1), seeded by the caller. */
  readonly fraction: () => number;
}
export type PlaceResult =
  | {
      readonly node: Node;
      readonly resources: AllocatedResources;
      readonly metric: AllocationMetric;
    }
  | { readonly failed: AllocationMetric };

/** Nodes with a bad score that are passed over while better ones may follow. */
const maxSkipped = 3;

/** Finds nodes for the placements of one group; keeps what does not change from one placement to the next. */
export class GroupPlacer {
  readonly #cluster: Cluster;
  readonly #draft: Draft;
  readonly #job: Job;
  readonly #group: TaskGroup;
  readonly #candidates: Candidates;
  readonly #judge: Judge;
  readonly #spread: SpreadCounter;
  readonly #order: readonly Node[];
  readonly #limit: number;
  readonly #distinct: DistinctRules;
  readonly #byId: ReadonlyMap<NodeId, Node>;
  readonly #affinities: ReturnType<typeof mergedAffinities>;
  #cursor = 0;

  constructor(
    cluster: Cluster,
    draft: Draft,
    of: { readonly job: Job; readonly group: TaskGroup },
    present: readonly Allocation[],
  ) {
    this.#cluster = cluster;
    this.#draft = draft;
    this.#job = of.job;
    this.#group = of.group;
    this.#candidates = candidatesFor(of.job, cluster.nodes);
    this.#judge = judgeFor(of.job, of.group, cluster.search);
    this.#affinities = mergedAffinities(of.job, of.group);
    this.#distinct = distinctRules(of.job, of.group);
    this.#byId = new Map(this.#candidates.nodes.map((node) => [node.ID, node]));
    const spreads = [...(of.group.Spreads ?? []), ...(of.job.Spreads ?? [])];
    this.#spread = new SpreadCounter(
      spreads,
      cluster.node,
      present.map((allocation) => allocation.NodeID),
    );
    this.#order = shuffled(this.#candidates.nodes, cluster.fraction);
    this.#limit = optionLimit({
      job: of.job,
      count: of.group.Count,
      nodes: this.#order.length,
      isPicky: spreads.length > 0 || this.#affinities.length > 0,
    });
  }

  get judge(): Judge {
    return this.#judge;
  }

  /** Nodes on which the group could run, whatever else is on them. */
  feasibleNodes(): Node[] {
    return this.#candidates.nodes.filter((node) => this.#judge.refuse(node) === undefined);
  }

  /** Why none of the nodes in reach fits; undefined when one does, or when there are none. */
  noNodeFits(): AllocationMetric | undefined {
    const metric = new MetricBuilder(this.#candidates, "");
    for (const node of this.#candidates.nodes) {
      const refusal = this.#judge.refuse(node);
      if (refusal === undefined) return undefined;
      metric.evaluate();
      metric.filter(node, refusal);
    }
    return this.#candidates.nodes.length === 0 ? undefined : metric.build(this.#group);
  }

  /** May an allocation that is there already stay there under this version of the job? */
  canStay(id: NodeId): boolean {
    const node = this.#cluster.node(id);
    return node === undefined || (isInReach(this.#job, node) && this.#judge.meetsConstraints(node));
  }

  left(node: NodeId): void {
    this.#spread.change(node, -1);
  }

  place(placement: Placement): PlaceResult {
    const isSystem = placement.onNode !== undefined;
    const metric = new MetricBuilder(this.#candidates, isSystem ? "" : this.#job.NodePool);
    let best: { readonly option: Option; readonly score: NodeScoreMeta } | undefined;
    let found = 0;
    let skipped = 0;
    const crowded = isSystem
      ? () => undefined
      : distinctJudge(this.#distinct, this.#job, this.#draft, this.#cluster.nodes);
    for (const node of this.#walk(placement)) {
      metric.evaluate();
      const refusal = this.#judge.refuse(node, placement.name) ?? crowded(node);
      if (refusal !== undefined) metric.filter(node, refusal);
      const option = refusal === undefined ? this.#consider(node, placement, metric) : undefined;
      if (!option) continue;
      if (!best || option.score.NormScore > best.score.NormScore)
        best = { option, score: option.score };
      if (option.score.NormScore <= 0 && skipped < maxSkipped) skipped += 1;
      else found += 1;
      if (found >= this.#limit) break;
    }
    if (!best) return { failed: metric.build(this.#group) };
    this.#spread.change(best.option.node.ID, 1);
    return {
      node: best.option.node,
      resources: best.option.resources,
      metric: metric.build(),
    };
  }

  /** Goes on where the last placement stopped, so that a large job does not ask full nodes again and again. */
  *#walk(placement: Placement): Generator<Node> {
    if (placement.onNode !== undefined) {
      const node = this.#byId.get(placement.onNode);
      if (node) yield node;
      return;
    }
    const sticky = this.#group.EphemeralDisk?.Sticky === true ? placement.previous : undefined;
    const home = sticky && this.#byId.get(sticky.NodeID);
    if (home) yield home;
    const start = this.#cursor;
    for (let step = 0; step < this.#order.length; step += 1) {
      const at = (start + step) % this.#order.length;
      this.#cursor = (at + 1) % this.#order.length;
      const node = this.#order[at];
      if (node && node !== home) yield node;
    }
  }

  #consider(node: Node, placement: Placement, metric: MetricBuilder): Option | undefined {
    const usage = this.#draft.usage(node.ID);
    const previous = placement.previous?.NodeID === node.ID ? placement.previous.ID : undefined;
    const fit = fitGroup({
      group: this.#group,
      node,
      usage,
      previous,
      fraction: this.#cluster.fraction,
      memoryOversubscription: this.#cluster.config.MemoryOversubscriptionEnabled,
      search: this.#cluster.search,
    });
    if ("exhausted" in fit) {
      metric.exhaust(node, fit.exhausted);
      return undefined;
    }
    const score = rankNode({
      node,
      used: fit.packed,
      algorithm: this.#cluster.config.SchedulerAlgorithm,
      packingOnly: placement.onNode !== undefined,
      collisions: usage.countOfGroup(this.#key()),
      count: this.#group.Count,
      isPenalty: failedHere(placement, node),
      affinity: affinityScore(this.#affinities, node, this.#cluster.search),
      spread: this.#spread.score(node, this.#group.Count),
      deviceAffinity: fit.deviceAffinity,
    });
    metric.score(score);
    return { node, resources: fit.resources, score };
  }

  #key(): { readonly namespace: string; readonly jobId: string; readonly group: string } {
    return { namespace: this.#job.Namespace, jobId: this.#job.ID, group: this.#group.Name };
  }
}

interface Option {
  readonly node: Node;
  readonly resources: AllocatedResources;
  readonly score: NodeScoreMeta;
}

const failedHere = (placement: Placement, node: Node): boolean =>
  placement.previous?.ClientStatus === "failed" && placement.previous.NodeID === node.ID;

/** Enough good options are as good as all of them; affinities and spreads need a wider look. */
function optionLimit(of: {
  readonly job: Job;
  readonly count: number;
  readonly nodes: number;
  readonly isPicky: boolean;
}): number {
  if (of.isPicky) return Math.max(100, of.count);
  if (of.job.Type === "batch") return 2;
  return Math.max(2, Math.ceil(Math.log2(Math.max(1, of.nodes))));
}

function shuffled(nodes: readonly Node[], fraction: () => number): Node[] {
  const order = nodes.toSorted((a, b) => (a.ID < b.ID ? -1 : 1));
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(fraction() * (at + 1));
    const [a, b] = [order[at], order[other]];
    if (a && b) {
      order[at] = b;
      order[other] = a;
    }
  }
  return order;
}
