import { formatInstant } from "../../src/lib/instant.ts";
import { afterEach, expect, test } from "vitest";
import { nodeId } from "../../src/model/ids.ts";
import { startLeaderWorld } from "../support/leader-world.ts";
import type { LeaderWorld } from "../support/leader-world.ts";
import { buildGroup, buildJob } from "../support/build-job.ts";

const worlds: LeaderWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});
const drain = (world: LeaderWorld, deadlineNs: number) =>
  world.store.write("node.drain", {
    nodeId: nodeId("node-1"),
    strategy: {
      Deadline: deadlineNs,
      IgnoreSystemJobs: false,
      ForceDeadline: formatInstant(world.clock.nowNs() + deadlineNs),
      StartedAt: null,
    },
    markEligible: false,
    at: formatInstant(world.clock.nowNs()),
    meta: null,
    event: null,
    evaluations: [],
  });

test("a drained node is emptied a few at a time and its work serves elsewhere", async () => {
  const world = await startLeaderWorld(2);
  worlds.push(world);
  await world.register(buildJob({ TaskGroups: [buildGroup({ Count: 4, Update: null })] }));
  for (let round = 0; round < 4; round++) await world.clients();
  let fewest = 4;
  world.store.afterWrite = () => {
    const serving = [...world.store.allocations.values()].filter(
      (a) => a.DesiredStatus === "run" && a.ClientStatus === "running",
    );
    fewest = Math.min(fewest, serving.length);
  };
  await drain(world, 3600e9);
  for (let round = 0; round < 10; round++) await world.clients();
  expect(world.store.nodes.get("node-1")).toMatchObject({
    DrainStrategy: null,
    SchedulingEligibility: "ineligible",
  });
  expect(fewest).toBe(3);
  const running = [...world.store.allocations.values()].filter((a) => a.DesiredStatus === "run");
  expect(running.map((a) => a.NodeID)).toEqual(["node-2", "node-2", "node-2", "node-2"]);
});

test("the deadline stops what has nowhere to go, and the drain ends", async () => {
  const world = await startLeaderWorld(1);
  worlds.push(world);
  await world.register(buildJob({ TaskGroups: [buildGroup({ Count: 2, Update: null })] }));
  for (let round = 0; round < 3; round++) await world.clients();
  await drain(world, 3e9);
  for (let round = 0; round < 6; round++) await world.clients();
  expect(world.live()).toEqual([]);
  expect(world.store.nodes.get("node-1")?.DrainStrategy).toBeNull();
  expect(world.history().at(-1)).toBe("queued-allocs blocked");
});
