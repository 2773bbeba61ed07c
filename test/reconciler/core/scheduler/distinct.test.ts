import { expect, test } from "vitest";
import type { Constraint } from "../../../../src/model/job.ts";
import { distinctRules } from "../../../../src/reconciler/core/scheduler/distinct.ts";
import { evaluateOnce } from "../../../support/cluster-world.ts";
import { buildGroup, buildJob } from "../../../support/build-job.ts";
import { buildNode } from "../../../support/build-node.ts";

const rule = (Operand: string, LTarget = "", RTarget = ""): Constraint => ({
  LTarget,
  Operand,
  RTarget,
});
const racks = ["r1", "r1", "r2"].map((rack, at) => buildNode(`node-${at}`, { Meta: { rack } }));

test("a rule of the job counts all groups, one of a group only its own", () => {
  const group = buildGroup({ Constraints: [rule("distinct_hosts")] });
  const other = buildGroup({ Name: "api" });
  const job = buildJob({ TaskGroups: [group, other] });
  expect(distinctRules(job, group).hosts).toEqual(["web"]);
  expect(distinctRules(job, other).hosts).toEqual([]);
  const both = { ...job, Constraints: [rule("distinct_hosts")] };
  expect(distinctRules(both, other).hosts).toEqual(["web", "api"]);
});

test("a property value holds one allocation, or as many as the rule says", () => {
  const place = (limit: string) => {
    const constraint = rule("distinct_property", "${meta.rack}", limit);
    const job = buildJob({ Constraints: [constraint], TaskGroups: [buildGroup({ Count: 5 })] });
    return evaluateOnce(job, { nodes: racks });
  };
  const rackOf = (id: string): string => racks.find((n) => n.ID === id)?.Meta?.["rack"] ?? "";
  expect(
    place("")
      .plan.place.map((a) => rackOf(a.NodeID))
      .toSorted(),
  ).toEqual(["r1", "r2"]);
  expect(
    place("2")
      .plan.place.map((a) => rackOf(a.NodeID))
      .toSorted(),
  ).toEqual(["r1", "r1", "r2", "r2"]);
  expect(place("").failed["web"]?.ConstraintFiltered).toEqual({
    "distinct_property: ${meta.rack}=r1 used by 1 allocs": 2,
    "distinct_property: ${meta.rack}=r2 used by 1 allocs": 1,
  });
});

test("a node without the property is refused", () => {
  const job = buildJob({ Constraints: [rule("distinct_property", "${meta.rack}")] });
  expect(evaluateOnce(job, { nodes: [buildNode()] }).failed["web"]?.ConstraintFiltered).toEqual({
    'missing property "${meta.rack}"': 1,
  });
});
