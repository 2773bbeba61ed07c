import { afterEach, expect, test } from "vitest";
import { newEvaluation } from "../../src/model/build.ts";
import { evaluationId, jobId } from "../../src/model/ids.ts";
import type { Job } from "../../src/model/job.ts";
import { startLeaderWorld } from "../support/leader-world.ts";
import type { LeaderWorld } from "../support/leader-world.ts";
import { buildGroup, buildJob, buildTask, buildUpdate } from "../support/build-job.ts";

const worlds: LeaderWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});
async function startWorld(nodes = 1): Promise<LeaderWorld> {
  const world = await startLeaderWorld(nodes);
  worlds.push(world);
  return world;
}

const web = (count: number, command: string, maxParallel = 2): Job =>
  buildJob({
    TaskGroups: [
      buildGroup({
        Count: count,
        Update: buildUpdate({ MaxParallel: maxParallel }),
        Tasks: [buildTask({ Config: { command } })],
      }),
    ],
  });

test("a registered service is placed and its deployment succeeds", async () => {
  const world = await startWorld();
  await world.register(web(2, "a"));
  expect(world.live()).toEqual(["shop.web[0] v0", "shop.web[1] v0"]);
  const [first] = world.store.evaluations.values();
  expect(first).toMatchObject({
    Status: "complete",
    QueuedAllocations: { web: 0 },
    PlanAnnotations: { DesiredTGUpdates: { web: { Place: 2, Ignore: 0 } } },
  });
  await world.clients();
  await world.clock.advance(2_000);
  const [deployment] = world.store.deployments.values();
  expect(deployment).toMatchObject({
    Status: "successful",
    StatusDescription: "Deployment completed successfully",
  });
  expect(world.store.read.job({ namespace: "default", id: jobId("shop") })?.Stable).toBe(true);
  expect([...world.store.evaluations.values()].map((e) => e.TriggeredBy)).toEqual([
    "job-register",
    "deployment-watcher",
  ]);
});

test("a rolling update goes in batches and never has fewer healthy ones than it promised", async () => {
  const world = await startWorld(2);
  await world.register(web(6, "a"));
  for (let round = 0; round < 5; round++) await world.clients();
  let fewest = 6;
  world.store.afterWrite = () => {
    const healthy = [...world.store.allocations.values()].filter(
      (a) =>
        a.DesiredStatus === "run" &&
        a.ClientStatus === "running" &&
        a.DeploymentStatus?.Healthy === true,
    );
    fewest = Math.min(fewest, healthy.length);
  };
  await world.register(web(6, "b"));
  for (let round = 0; round < 12; round++) await world.clients();
  expect(fewest).toBe(4);
  expect(world.live()).toEqual([0, 1, 2, 3, 4, 5].map((at) => `shop.web[${at}] v1`));
  expect([...world.store.deployments.values()].map((d) => d.Status)).toEqual([
    "successful",
    "successful",
  ]);
  const annotations = [...world.store.evaluations.values()].map(
    (e) => e.PlanAnnotations?.DesiredTGUpdates["web"],
  );
  expect(annotations.map((a) => a?.DestructiveUpdate)).toEqual([0, 0, 2, 2, 2, 0]);
  expect(annotations.map((a) => a?.Ignore)).toEqual([0, 6, 4, 4, 4, 6]);
});

test("a count change keeps what runs and stops the highest names", async () => {
  const world = await startWorld();
  await world.register(web(3, "a"));
  await world.clients();
  await world.register(web(1, "a"));
  expect(world.live()).toEqual(["shop.web[0] v1"]);
  await world.clients();
  await world.register(web(2, "a"));
  expect(world.live()).toEqual(["shop.web[0] v2", "shop.web[1] v2"]);
});

test("a job without room waits and is placed when room comes up", async () => {
  const world = await startWorld();
  const big = (id: string): Job => ({
    ...web(1, "a"),
    ID: jobId(id),
    TaskGroups: [
      buildGroup({
        Tasks: [buildTask({ Resources: { ...buildTask().Resources, MemoryMB: 2500 } })],
      }),
    ],
  });
  await world.register(big("first"));
  await world.clients();
  await world.register(big("second"));
  const blocked = [...world.store.evaluations.values()].find((e) => e.Status === "blocked");
  expect(blocked).toMatchObject({
    JobID: "second",
    TriggeredBy: "queued-allocs",
    StatusDescription: "created to place remaining allocations",
    ClassEligibility: { "class-a": true },
    FailedTGAllocs: {
      web: { NodesEvaluated: 1, NodesExhausted: 1, DimensionExhausted: { memory: 1 } },
    },
  });
  await world.store.write("job.deregister", {
    key: { namespace: "default", id: jobId("first") },
    purge: false,
    submitTime: 0,
    noShutdownDelay: false,
    evaluation: newEvaluation({
      id: evaluationId("stop"),
      job: big("first"),
      trigger: "job-deregister",
      nowNs: world.clock.nowNs(),
    }),
  });
  await world.clock.advance(10);
  expect(world.live()).toEqual([]);
  await world.clients();
  expect(world.live()).toEqual(["second.web[0] v0"]);
  expect(world.store.evaluations.get(blocked?.ID ?? "")).toMatchObject({ Status: "complete" });
});
