import type { NodeId } from "../../../model/ids.ts";
import type { Spread } from "../../../model/job.ts";
import type { Node } from "../../../model/node.ts";
import { resolveTarget } from "./targets.ts";

/** How many allocations of a group lie where, kept up while its placements go on. */
export class SpreadCounter {
  readonly #spreads: readonly Spread[];
  readonly #node: (id: NodeId) => Node | undefined;
  readonly #counts: Map<string, number>[];

  constructor(
    spreads: readonly Spread[],
    node: (id: NodeId) => Node | undefined,
    present: Iterable<NodeId>,
  ) {
    this.#spreads = spreads;
    this.#node = node;
    this.#counts = spreads.map(() => new Map<string, number>());
    for (const id of present) this.change(id, 1);
  }

  change(id: NodeId, by: 1 | -1): void {
    const node = this.#node(id);
    if (!node) return;
    for (const [at, spread] of this.#spreads.entries()) {
      const value = resolveTarget(spread.Attribute, node);
      const counts = this.#counts[at];
      if (value !== undefined && counts) counts.set(value, (counts.get(value) ?? 0) + by);
    }
  }

  /** -1 (crowded) to 1 (wanted) for one more on this node; undefined without spreads. */
  score(node: Node, total: number): number | undefined {
    if (this.#spreads.length === 0) return undefined;
    const weights = this.#spreads.reduce((sum, spread) => sum + spread.Weight, 0);
    let score = 0;
    for (const [at, spread] of this.#spreads.entries()) {
      const counts = this.#counts[at] ?? new Map<string, number>();
      const weight = weights > 0 ? spread.Weight / weights : 0;
      score += oneScore(spread, resolveTarget(spread.Attribute, node), counts, total) * weight;
    }
    return score;
  }
}

function oneScore(
  spread: Spread,
  value: string | undefined,
  counts: ReadonlyMap<string, number>,
  total: number,
): number {
  if (value === undefined) return -1;
  const targets = spread.SpreadTarget ?? [];
  if (targets.length === 0) return evenScore(value, counts);
  const named = targets.find((target) => target.Value === value);
  const rest = 100 - targets.reduce((sum, target) => sum + target.Percent, 0);
  const percent = named ? named.Percent : rest;
  const desired = (percent / 100) * total;
  if (desired <= 0) return -1;
  return (desired - ((counts.get(value) ?? 0) + 1)) / desired;
}

/** Without targets all values should hold equally many. */
function evenScore(value: string, counts: ReadonlyMap<string, number>): number {
  const present = [...counts.values()].filter((count) => count > 0);
  if (present.length === 0) return 0;
  const least = Math.min(...present);
  const most = Math.max(...present);
  const mine = counts.get(value) ?? 0;
  if (mine < least) return mine === 0 ? 1 : (least - mine) / least;
  if (mine !== least) return (least - mine) / least;
  return least === most ? -1 : (most - least) / least;
}
