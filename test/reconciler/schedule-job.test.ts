import { afterEach, expect, test } from "vitest";
import { jobId } from "../../src/model/ids.ts";
import { dryRun } from "../../src/reconciler/schedule-job.ts";
import { startLeaderWorld } from "../support/leader-world.ts";
import type { LeaderWorld } from "../support/leader-world.ts";
import { buildGroup, buildJob, buildTask, buildUpdate } from "../support/build-job.ts";

const worlds: LeaderWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});

test("a dry run says what registering would do and writes nothing", async () => {
  const world = await startLeaderWorld();
  worlds.push(world);
  const of = (count: number, release: string) =>
    buildJob({
      TaskGroups: [
        buildGroup({
          Count: count,
          Update: buildUpdate({ MaxParallel: 1 }),
          Tasks: [buildTask({ Env: { RELEASE: release } })],
        }),
      ],
    });
  await world.register(of(3, "one"));
  for (let round = 0; round < 4; round++) await world.clients();
  const before = world.store.written.length;
  const run = (job: ReturnType<typeof of>) => {
    const deps = { read: world.store.read, random: world.random, search: () => undefined };
    const result = dryRun(deps, job, world.clock.nowNs());
    return {
      ...result.annotations.DesiredTGUpdates["web"],
      failed: Object.keys(result.failedGroups),
    };
  };
  expect(run(of(3, "one"))).toMatchObject({ Ignore: 3, Place: 0, InPlaceUpdate: 0, failed: [] });
  expect(run(of(3, "two"))).toMatchObject({ Ignore: 2, DestructiveUpdate: 1 });
  expect(run(of(5, "one"))).toMatchObject({ InPlaceUpdate: 3, Place: 2 });
  expect(run(of(1, "one"))).toMatchObject({ InPlaceUpdate: 1, Stop: 2 });
  expect(run({ ...of(2, "one"), ID: jobId("other"), Datacenters: ["mars"] })).toMatchObject({
    Place: 2,
    failed: ["web"],
  });
  expect(world.store.written).toHaveLength(before);
});
