import { expect, test } from "vitest";
import { nodeId } from "../../../../src/model/ids.ts";
import { MetricBuilder } from "../../../../src/reconciler/core/scheduler/metric.ts";
import { buildGroup, buildResources, buildTask } from "../../../support/build-job.ts";
import { buildNode } from "../../../support/build-node.ts";

test("a metric says what was refused and why", () => {
  const node = buildNode("n", { NodeClass: "big" });
  const metric = new MetricBuilder(
    { nodes: [node], inPool: 2, perDatacenter: { dc1: 2 } },
    "default",
  );
  metric.evaluate();
  metric.filter(node, "missing drivers");
  metric.evaluate();
  metric.exhaust(node, "memory");
  const group = buildGroup({
    Tasks: [buildTask({ Resources: buildResources({ MemoryMB: 2500 }) })],
  });
  expect(metric.build(group)).toMatchObject({
    NodesEvaluated: 2,
    NodesFiltered: 1,
    NodesInPool: 2,
    NodePool: "default",
    NodesAvailable: { dc1: 2 },
    ClassFiltered: { big: 1 },
    ConstraintFiltered: { "missing drivers": 1 },
    NodesExhausted: 1,
    ClassExhausted: { big: 1 },
    DimensionExhausted: { memory: 1 },
    ResourcesExhausted: { main: { CPU: 0, MemoryMB: 2500 } },
    ScoreMetaData: null,
  });
});

test("without candidates the metric stays empty", () => {
  const metric = new MetricBuilder({ nodes: [], inPool: 0, perDatacenter: {} }, "default");
  expect(metric.build(buildGroup())).toMatchObject({
    NodesAvailable: {},
    ResourcesExhausted: null,
  });
});

test("the five best scores are kept, best first", () => {
  const metric = new MetricBuilder({ nodes: [], inPool: 0, perDatacenter: {} }, "default");
  for (const NormScore of [0.1, 0.5, 0.3, 0.2, 0.6, 0.4])
    metric.score({ NodeID: nodeId(`n${NormScore}`), Scores: {}, NormScore });
  expect(metric.build().ScoreMetaData?.map((s) => s.NormScore)).toEqual([0.6, 0.5, 0.4, 0.3, 0.2]);
});
