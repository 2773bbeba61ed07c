import { expect, test } from "vitest";
import {
  isUniqueTarget,
  resolveTarget,
} from "../../../../src/reconciler/core/scheduler/targets.ts";
import { buildNode } from "../../../support/build-node.ts";

test("targets name parts of the node, everything else is itself", () => {
  const node = buildNode("n", { NodeClass: "big", Meta: { rack: "r1" } });
  const values = [
    "${node.unique.id}",
    "${node.datacenter}",
    "${node.class}",
    "${attr.kernel.name}",
    "${meta.rack}",
    "linux",
  ];
  expect(values.map((value) => resolveTarget(value, node))).toEqual([
    "n",
    "dc1",
    "big",
    "linux",
    "r1",
    "linux",
  ]);
});

test("what a node does not have stays unresolved", () => {
  const node = buildNode();
  for (const value of ["${attr.nope}", "${meta.nope}", "${node.nope}", "${attr.constructor}"])
    expect(resolveTarget(value, node)).toBeUndefined();
});

test("unique targets are known by their name", () => {
  expect(isUniqueTarget("${attr.unique.hostname}")).toBe(true);
  expect(isUniqueTarget("${attr.kernel.name}")).toBe(false);
});
