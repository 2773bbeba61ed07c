import { expect, test } from "vitest";
import { failedPlacementTitle, metricLines, scoreTable } from "../../../src/cli/core/metrics.ts";
import { nodeId } from "../../../src/model/ids.ts";

test("says why nodes were refused, in a fixed order", () => {
  expect(
    metricLines(
      {
        NodesEvaluated: 3,
        NodesAvailable: { dc1: 3, dc2: 0 },
        ClassFiltered: { big: 1 },
        ConstraintFiltered: { "b = c": 1, "a = b": 2 },
        NodesExhausted: 1,
        ClassExhausted: { small: 1 },
        DimensionExhausted: { memory: 1 },
        QuotaExhausted: ["cpu"],
      },
      "  ",
    ),
  ).toEqual([
    '  * No nodes are available in datacenter "dc2"',
    '  * Class "big": 1 nodes excluded by filter',
    '  * Constraint "a = b": 2 nodes excluded by filter',
    '  * Constraint "b = c": 1 nodes excluded by filter',
    "  * Resources exhausted on 1 nodes",
    '  * Class "small" exhausted on 1 nodes',
    '  * Dimension "memory" exhausted on 1 nodes',
    '  * Quota limit hit "cpu"',
  ]);
  expect(metricLines({}, "")).toEqual(["* No nodes were eligible for evaluation"]);
});

test("counts failures and shows scores by scorer", () => {
  expect(failedPlacementTitle("g", {})).toBe('Task Group "g" (failed to place 1 allocation):');
  expect(failedPlacementTitle("g", { CoalescedFailures: 1 })).toContain("2 allocations");
  const scores = { binpack: 0.0933, "job-anti-affinity": 0 };
  expect(
    scoreTable(
      { ScoreMetaData: [{ NodeID: nodeId("n1"), Scores: scores, NormScore: 0.0933 }] },
      (id) => id,
    ),
  ).toBe("Node  binpack  job-anti-affinity  final score\nn1    0.0933   0                  0.0933");
});
