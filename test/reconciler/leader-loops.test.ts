import { afterEach, expect, test } from "vitest";
import { AppError } from "../../src/lib/errors.ts";
import { startLeaderWorld } from "../support/leader-world.ts";
import type { LeaderWorld } from "../support/leader-world.ts";
import { buildGroup, buildJob } from "../support/build-job.ts";

const worlds: LeaderWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});
async function startWorld(nodes = 1): Promise<LeaderWorld> {
  const world = await startLeaderWorld(nodes);
  worlds.push(world);
  return world;
}

test("only a leader plans, and it takes up what waited meanwhile", async () => {
  const world = await startWorld();
  world.store.setLeader(false);
  await world.clock.advance(1);
  await world.register(buildJob());
  expect(world.store.allocations.size).toBe(0);
  world.store.setLeader(true);
  await world.clock.advance(10);
  expect(world.live()).toEqual(["shop.web[0] v0"]);
});

test("nothing is placed twice when a plan is lost and when a leader changes in between", async () => {
  const world = await startWorld(2);
  let failures = 2;
  world.store.beforeWrite = (type) => {
    if (type !== "plan.apply" || failures === 0) return;
    failures -= 1;
    throw new AppError("timeout", "nobody knows");
  };
  await world.register(buildJob({ TaskGroups: [buildGroup({ Count: 3 })] }));
  world.store.setLeader(false);
  await world.clock.advance(1);
  world.store.setLeader(true);
  await world.clock.advance(5_000);
  expect(world.live()).toEqual(["shop.web[0] v0", "shop.web[1] v0", "shop.web[2] v0"]);
});

test("an evaluation that keeps failing is given up, followed up, and does not hold up others", async () => {
  const world = await startWorld();
  world.store.beforeWrite = (type) => {
    if (type === "plan.apply") throw new Error("refused");
  };
  await world.register(buildJob());
  for (let second = 0; second < 20; second++) await world.clients(940);
  expect(world.history()).toEqual(["job-register failed", "failed-follow-up pending"]);
  world.store.beforeWrite = undefined;
  for (let second = 0; second < 60; second++) await world.clients(940);
  expect(world.history()[1]).toBe("failed-follow-up complete Place=1");
  expect(world.live()).toEqual(["shop.web[0] v0"]);
});

test("evaluating again changes nothing", async () => {
  const world = await startWorld(3);
  const job = buildJob({ TaskGroups: [buildGroup({ Count: 4 })] });
  await world.register(job);
  for (let round = 0; round < 4; round++) await world.clients();
  const before = world.store.written.length;
  await world.evaluate(job, "job-register");
  expect(world.store.written.slice(before).map((w) => w.type)).toEqual([
    "evaluation.upsert",
    "evaluation.upsert",
  ]);
  expect(world.history().at(-1)).toBe("job-register complete Ignore=4");
});
