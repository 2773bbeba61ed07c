import { expect, test } from "vitest";
import {
  affinityScore,
  mergedAffinities,
  packingScore,
  rankNode,
} from "../../../../src/reconciler/core/scheduler/rank.ts";
import { buildGroup, buildJob } from "../../../support/build-job.ts";
import { buildNode } from "../../../support/build-node.ts";

const node = buildNode();
const plain = {
  node,
  used: { cpu: 20, memory: 16, disk: 300 },
  algorithm: "binpack" as const,
  packingOnly: false,
  collisions: 0,
  count: 2,
  isPenalty: false,
  affinity: 0,
  spread: undefined,
};

test("scores are the recorded ones", () => {
  expect(rankNode(plain).NormScore).toBeCloseTo(0.011333916163444653, 12);
  expect(packingScore(node, { cpu: 40, memory: 32, disk: 0 }, "binpack")).toBeCloseTo(
    0.02255049436452852,
    12,
  );
  const crowded = rankNode({ ...plain, used: { cpu: 40, memory: 32, disk: 0 }, collisions: 1 });
  expect(crowded.Scores).toMatchObject({
    "job-anti-affinity": -1,
    "node-reschedule-penalty": 0,
    "node-affinity": 0,
  });
  expect(crowded.NormScore).toBeCloseTo(-0.48872475281773575, 12);
  const failed = rankNode({
    ...plain,
    used: { cpu: 40, memory: 32, disk: 0 },
    collisions: 1,
    isPenalty: true,
  });
  expect(failed.NormScore).toBeCloseTo(-0.6591498352118238, 12);
  const spread = rankNode({ ...plain, affinity: 1, spread: 0.28571428571428564 });
  expect(spread.NormScore).toBeCloseTo(0.4323494006259101, 12);
});

test("system jobs score the packing alone", () => {
  expect(Object.keys(rankNode({ ...plain, packingOnly: true, collisions: 5 }).Scores)).toEqual([
    "binpack",
  ]);
});

test("spread is the mirror of binpack and both stay within 0 and 1", () => {
  const full = { cpu: 4000, memory: 4096, disk: 0 };
  expect([packingScore(node, full, "binpack"), packingScore(node, full, "spread")]).toEqual([1, 0]);
});

test("affinities weigh what is met over all weights", () => {
  const linux = { LTarget: "${attr.kernel.name}", Operand: "=", RTarget: "linux", Weight: 60 };
  const plan9 = { ...linux, RTarget: "plan9", Weight: -40 };
  const all = mergedAffinities(
    buildJob({ Affinities: [linux] }),
    buildGroup({ Affinities: [plan9] }),
  );
  expect(affinityScore(all, node, () => undefined)).toBe(0.6);
  expect(affinityScore([], node, () => undefined)).toBe(0);
});

test("devices that affinities ask for count as a part of their own", () => {
  const scored = rankNode({ ...plain, deviceAffinity: 0.5 });
  expect(scored.Scores["devices"]).toBe(0.5);
  const { NormScore: before } = rankNode(plain);
  expect(scored.NormScore).toBeCloseTo((before + 0.5) / 2, 12);
});
