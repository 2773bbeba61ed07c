import { expect, test } from "vitest";
import { nodeId } from "../../../../src/model/ids.ts";
import { SpreadCounter } from "../../../../src/reconciler/core/scheduler/spread.ts";
import { buildNode } from "../../../support/build-node.ts";

const nodes = [
  buildNode("a"),
  buildNode("b", { Datacenter: "dc2" }),
  buildNode("c", { Datacenter: "dc3" }),
];
const [a, b, c] = nodes;
const find = (id: string) => nodes.find((node) => node.ID === id);
const dc = { Attribute: "${node.datacenter}", Weight: 100 };

test("targets score as recorded", () => {
  const targets = [
    { Value: "dc1", Percent: 70 },
    { Value: "dc2", Percent: 30 },
  ];
  const counter = new SpreadCounter([{ ...dc, SpreadTarget: targets }], find, []);
  if (!a || !b || !c) throw new Error("three nodes");
  expect(counter.score(a, 2)).toBeCloseTo(0.28571428571428564, 12);
  counter.change(nodeId("a"), 1);
  expect(counter.score(a, 2)).toBeCloseTo(-0.42857142857142866, 12);
  expect(counter.score(c, 2)).toBe(-1);
});

test("without targets the emptier value is wanted", () => {
  const counter = new SpreadCounter([{ ...dc, SpreadTarget: null }], find, [
    nodeId("a"),
    nodeId("a"),
    nodeId("b"),
  ]);
  if (!a || !b || !c) throw new Error("three nodes");
  expect(counter.score(a, 4)).toBe(-1);
  expect(counter.score(b, 4)).toBe(1);
  expect(counter.score(c, 4)).toBe(1);
});

test("no spread, no score", () => {
  expect(a && new SpreadCounter([], find, []).score(a, 1)).toBeUndefined();
});
