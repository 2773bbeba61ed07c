import { afterEach, expect, test } from "vitest";
import { nodeId } from "../../src/model/ids.ts";
import { startLeaderWorld } from "../support/leader-world.ts";
import type { LeaderWorld } from "../support/leader-world.ts";
import { buildGroup, buildJob } from "../support/build-job.ts";

const worlds: LeaderWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});
async function startWorld(nodes: number): Promise<LeaderWorld> {
  const world = await startLeaderWorld(nodes);
  worlds.push(world);
  return world;
}
const twoHosts = buildJob({
  Constraints: [{ LTarget: "", Operand: "distinct_hosts", RTarget: "true" }],
  TaskGroups: [buildGroup({ Count: 2 })],
});

test("a silent node goes down after 20 seconds and its work moves, and exactly count remains when it returns", async () => {
  const world = await startWorld(3);
  await world.register(twoHosts);
  for (let round = 0; round < 4; round++) await world.clients();
  const victim = [...world.store.allocations.values()][0]?.NodeID;
  if (!victim) throw new Error("nothing placed");
  world.silent.add(victim);
  for (let round = 0; round < 12; round++) await world.clients();
  expect(world.store.nodes.get(victim)?.Status).toBe("ready");
  for (let round = 0; round < 8; round++) await world.clients();
  expect(world.store.nodes.get(victim)).toMatchObject({ Status: "down" });
  expect(world.live()).toEqual(["shop.web[0] v0", "shop.web[1] v0"]);
  const lost = [...world.store.allocations.values()].find((a) => a.NodeID === victim);
  expect(lost).toMatchObject({
    ClientStatus: "lost",
    DesiredStatus: "stop",
    DesiredDescription: "alloc is lost since its node is down",
  });
  world.silent.delete(victim);
  for (let round = 0; round < 4; round++) await world.clients();
  expect(world.store.nodes.get(victim)?.Status).toBe("ready");
  expect(world.live()).toHaveLength(2);
});

test("a new leader gives nodes that it has never heard of five minutes", async () => {
  const world = await startWorld(1);
  world.heartbeats.forget(nodeId("node-1"));
  world.store.setLeader(false);
  await world.clock.advance(1);
  world.store.setLeader(true);
  await world.clock.advance(299_000);
  expect(world.store.nodes.get("node-1")?.Status).toBe("ready");
  await world.clock.advance(2_000);
  expect(world.store.nodes.get("node-1")?.Status).toBe("down");
});

test("a system job follows the nodes", async () => {
  const world = await startWorld(2);
  await world.register(buildJob({ Type: "system" }));
  expect(world.store.allocations.size).toBe(2);
  world.silent.add("node-2");
  for (let round = 0; round < 20; round++) await world.clients();
  const onTwo = () =>
    [...world.store.allocations.values()].filter(
      (a) => a.NodeID === "node-2" && a.DesiredStatus === "run",
    );
  expect(onTwo()).toHaveLength(0);
  world.silent.delete("node-2");
  for (let round = 0; round < 3; round++) await world.clients();
  expect(onTwo()).toHaveLength(1);
});
