import { afterEach, expect, test } from "vitest";
import { nodeId } from "../../src/model/ids.ts";
import type { AllocationId } from "../../src/model/ids.ts";
import { startLeaderWorld } from "../support/leader-world.ts";
import type { LeaderWorld } from "../support/leader-world.ts";
import { buildGroup, buildJob } from "../support/build-job.ts";
import { buildNode } from "../support/build-node.ts";

const worlds: LeaderWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});
async function startWorld(nodes = 1): Promise<LeaderWorld> {
  const world = await startLeaderWorld(nodes);
  worlds.push(world);
  return world;
}
const report = (id: AllocationId, clientStatus: "running" | "failed" = "running") => ({
  id,
  clientStatus,
  clientDescription: "",
  taskStates: {},
  networkStatus: null,
  health: null,
});

test("reports within 50 ms become one command and each caller hears of it", async () => {
  const world = await startWorld();
  await world.register(buildJob({ TaskGroups: [buildGroup({ Count: 2 })] }));
  const [a, b] = [...world.store.allocations.keys()] as AllocationId[];
  if (!a || !b) throw new Error("two allocations");
  const before = world.store.written.length;
  const both = [
    world.source.report(nodeId("node-1"), [report(a)]),
    world.source.report(nodeId("node-1"), [report(b)]),
  ];
  await world.clock.advance(49);
  expect(world.store.written).toHaveLength(before);
  await world.clock.advance(1);
  await Promise.all(both);
  expect(world.store.written.slice(before).map((w) => w.type)).toEqual(["allocation.report"]);
});

test("a write that fails is told to the node", async () => {
  const world = await startWorld();
  await world.register(buildJob());
  const [a] = [...world.store.allocations.keys()] as AllocationId[];
  if (!a) throw new Error("one allocation");
  world.store.beforeWrite = (type) => {
    if (type === "allocation.report") throw new Error("disk full");
  };
  const refused = expect(world.source.report(nodeId("node-1"), [report(a)])).rejects.toThrow(
    "disk full",
  );
  await world.clock.advance(60);
  await refused;
});

test("without a reschedule policy a failure makes no evaluation of its own", async () => {
  const world = await startWorld();
  await world.register(buildJob({ TaskGroups: [buildGroup({ Update: null })] }));
  const [a] = [...world.store.allocations.keys()] as AllocationId[];
  if (!a) throw new Error("one allocation");
  const done = world.source.report(nodeId("node-1"), [report(a, "failed")]);
  await world.clock.advance(60);
  await done;
  expect(world.history()).toEqual(["job-register complete Place=1"]);
});

test("a node sees its allocations with their jobs, and hears of the servers' changes only", async () => {
  const world = await startWorld(2);
  const heard: string[] = [];
  world.source.watch(nodeId("node-1"), (ids) => heard.push(...ids));
  await world.register(buildJob({ Type: "system" }));
  const [mine] = await world.source.allocations(nodeId("node-1"));
  expect(mine).toMatchObject({ allocation: { NodeID: "node-1" }, job: { ID: "shop" } });
  if (!mine) throw new Error("nothing for node-1");
  expect(heard).toEqual([mine.allocation.ID]);
  const done = world.source.report(nodeId("node-1"), [report(mine.allocation.ID)]);
  await world.clock.advance(60);
  await done;
  expect(heard).toHaveLength(1);
  expect(await world.source.allocation(mine.allocation.ID)).toMatchObject({
    allocation: { ClientStatus: "running" },
  });
});

test("a heartbeat of an unknown node is refused so that it registers again", async () => {
  const world = await startWorld();
  await expect(world.source.heartbeat(nodeId("stranger"))).rejects.toMatchObject({
    code: "not-found",
  });
  expect(await world.source.heartbeat(nodeId("node-1"))).toEqual({ ttlMs: 10_000 });
});

test("a node that registers as initializing counts as ready, and system jobs come to it", async () => {
  const world = await startWorld(1);
  await world.register(buildJob({ Type: "system" }));
  await world.source.registerNode(buildNode("node-9", { Status: "initializing" }));
  await world.clock.advance(10);
  expect(world.store.nodes.get("node-9")?.Status).toBe("ready");
  expect([...world.store.allocations.values()].map((a) => a.NodeID)).toContain("node-9");
});
