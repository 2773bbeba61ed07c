import type { AllocationMetric } from "../../model/allocation.ts";
import { formatList } from "./table.ts";
import { byText, sortedEntries, threeDigits } from "./values.ts";

export type Metrics = Partial<AllocationMetric>;

/** Why nodes were refused, one line a reason. Maps are sorted so that two runs agree. */
export function metricLines(metrics: Metrics, prefix: string): readonly string[] {
  const counted = (
    map: { readonly [name: string]: number } | null | undefined,
    line: (name: string, count: number) => string,
  ): readonly string[] => sortedEntries(map).map(([name, count]) => line(name, count));
  return [
    ...((metrics.NodesEvaluated ?? 0) === 0 ? ["No nodes were eligible for evaluation"] : []),
    ...sortedEntries(metrics.NodesAvailable)
      .filter(([, count]) => count === 0)
      .map(([datacenter]) => `No nodes are available in datacenter "${datacenter}"`),
    ...counted(
      metrics.ClassFiltered,
      (name, n) => `Class "${name}": ${n} nodes excluded by filter`,
    ),
    ...counted(
      metrics.ConstraintFiltered,
      (name, n) => `Constraint "${name}": ${n} nodes excluded by filter`,
    ),
    ...((metrics.NodesExhausted ?? 0) > 0
      ? [`Resources exhausted on ${metrics.NodesExhausted ?? 0} nodes`]
      : []),
    ...counted(metrics.ClassExhausted, (name, n) => `Class "${name}" exhausted on ${n} nodes`),
    ...counted(
      metrics.DimensionExhausted,
      (name, n) => `Dimension "${name}" exhausted on ${n} nodes`,
    ),
    ...(metrics.QuotaExhausted ?? []).map((dimension) => `Quota limit hit "${dimension}"`),
  ].map((line) => `${prefix}* ${line}`);
}

/** How the nodes that could have been chosen were scored. */
export function scoreTable(metrics: Metrics, shorten: (id: string) => string): string {
  const scored = metrics.ScoreMetaData ?? [];
  if (scored.length === 0) return "";
  const names = [...new Set(scored.flatMap((node) => Object.keys(node.Scores)))].sort(byText);
  return formatList([
    ["Node", ...names, "final score"],
    ...scored.map((node) => [
      shorten(node.NodeID),
      ...names.map((name) => threeDigits(node.Scores[name] ?? 0)),
      threeDigits(node.NormScore),
    ]),
  ]);
}

/** `Task Group "g" (failed to place 2 allocations):` */
export function failedPlacementTitle(group: string, metrics: Metrics): string {
  const count = (metrics.CoalescedFailures ?? 0) + 1;
  return `Task Group "${group}" (failed to place ${count} allocation${count > 1 ? "s" : ""}):`;
}
