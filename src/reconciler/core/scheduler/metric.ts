import type { AllocationMetric, NodeScoreMeta } from "../../../model/allocation.ts";
import { emptyMetric } from "../../../model/build.ts";
import type { TaskGroup } from "../../../model/job.ts";
import type { Node } from "../../../model/node.ts";
import type { Candidates } from "./feasible.ts";

const keptScores = 5;

/** Collects why nodes were refused while one placement looks for a node. */
export class MetricBuilder {
  readonly #candidates: Candidates;
  readonly #pool: string;
  #evaluated = 0;
  #filtered = 0;
  #exhausted = 0;
  readonly #constraints = new Map<string, number>();
  readonly #dimensions = new Map<string, number>();
  readonly #classFiltered = new Map<string, number>();
  readonly #classExhausted = new Map<string, number>();
  readonly #scores: NodeScoreMeta[] = [];

  constructor(candidates: Candidates, pool: string) {
    this.#candidates = candidates;
    this.#pool = pool;
  }

  evaluate(): void {
    this.#evaluated += 1;
  }

  filter(node: Node, reason: string): void {
    this.#filtered += 1;
    increment(this.#constraints, reason);
    if (node.NodeClass !== "") increment(this.#classFiltered, node.NodeClass);
  }

  exhaust(node: Node, dimension: string): void {
    this.#exhausted += 1;
    increment(this.#dimensions, dimension);
    if (node.NodeClass !== "") increment(this.#classExhausted, node.NodeClass);
  }

  score(score: NodeScoreMeta): void {
    // Kept in order and short: a large job scores many nodes for each of its placements.
    const isBehind = (other: NodeScoreMeta): boolean =>
      other.NormScore === score.NormScore
        ? other.NodeID > score.NodeID
        : other.NormScore < score.NormScore;
    const at = this.#scores.findIndex(isBehind);
    this.#scores.splice(at < 0 ? this.#scores.length : at, 0, score);
    if (this.#scores.length > keptScores) this.#scores.pop();
  }

  /** `failed`: the group that found no node, whose wishes explain what was exhausted. */
  build(failed?: TaskGroup): AllocationMetric {
    const perDatacenter = this.#candidates.perDatacenter;
    const best = this.#scores;
    return {
      ...emptyMetric,
      NodesEvaluated: this.#evaluated,
      NodesFiltered: this.#filtered,
      NodesInPool: this.#candidates.inPool,
      NodePool: this.#pool,
      NodesAvailable: perDatacenter,
      ClassFiltered: table(this.#classFiltered),
      ConstraintFiltered: table(this.#constraints),
      NodesExhausted: this.#exhausted,
      ClassExhausted: table(this.#classExhausted),
      DimensionExhausted: table(this.#dimensions),
      ResourcesExhausted: failed && this.#exhausted > 0 ? this.#wishes(failed) : null,
      ScoreMetaData: best.length > 0 ? [...best] : null,
    };
  }

  /** What each task asked of the dimensions that ran out. */
  #wishes(group: TaskGroup): NonNullable<AllocationMetric["ResourcesExhausted"]> {
    const when = (dimension: string, amount: number): number =>
      this.#dimensions.has(dimension) ? amount : 0;
    return Object.fromEntries(
      group.Tasks.map(({ Name, Resources }) => [
        Name,
        {
          CPU: when("cpu", Resources.CPU),
          Cores: when("cores", Resources.Cores),
          MemoryMB: when("memory", Resources.MemoryMB),
          MemoryMaxMB: when("memory", Resources.MemoryMaxMB),
          DiskMB: when("disk", Resources.DiskMB),
          IOPS: 0,
          SecretsMB: when("memory", Resources.SecretsMB),
        },
      ]),
    );
  }
}

const increment = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

const table = (counts: ReadonlyMap<string, number>): { readonly [key: string]: number } | null =>
  counts.size === 0
    ? null
    : Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
