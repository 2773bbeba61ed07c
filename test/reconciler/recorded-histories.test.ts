/** The histories of evaluations that the reference was recorded with, told by the scenario of the same name. */
import { afterEach, expect, test } from "vitest";
import { newEvaluation } from "../../src/model/build.ts";
import { evaluationId, jobId, nodeId } from "../../src/model/ids.ts";
import type { Job, TaskGroup } from "../../src/model/job.ts";
import { nodeEvaluations } from "../../src/reconciler/node-evaluations.ts";
import { startLeaderWorld } from "../support/leader-world.ts";
import type { LeaderWorld } from "../support/leader-world.ts";
import { buildGroup, buildJob, buildTask } from "../support/build-job.ts";

const worlds: LeaderWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});
async function startWorld(nodes = 1): Promise<LeaderWorld> {
  const world = await startLeaderWorld(nodes);
  worlds.push(world);
  return world;
}
async function rounds(world: LeaderWorld, count = 4): Promise<void> {
  for (let round = 0; round < count; round++) await world.clients();
}
const jobOf = (over: Partial<Job>, group: Partial<TaskGroup> = {}): Job =>
  buildJob({ TaskGroups: [buildGroup(group)], ...over });
const deregister = async (world: LeaderWorld, job: Job, purge = false): Promise<void> => {
  await world.store.write("job.deregister", {
    key: { namespace: "default", id: job.ID },
    purge,
    submitTime: 0,
    noShutdownDelay: false,
    evaluation: newEvaluation({
      id: evaluationId(world.random.uuid()),
      job,
      trigger: "job-deregister",
      nowNs: world.clock.nowNs(),
    }),
  });
  await world.clock.advance(10);
};

test("batch-complete: finished work is not repeated, a changed job runs again", async () => {
  const world = await startWorld();
  world.behave = () => "finish";
  const mill = (release: string): Job =>
    jobOf(
      { ID: jobId("mill"), Type: "batch" },
      { Count: 2, Update: null, Tasks: [buildTask({ Env: { RELEASE: release } })] },
    );
  await world.register(mill("one"));
  await rounds(world);
  await world.evaluate(mill("one"), "job-register");
  await rounds(world);
  await world.register(mill("two"));
  await rounds(world);
  expect(world.history()).toEqual([
    "job-register complete Place=2",
    "job-register complete Ignore=2",
    "job-register complete Ignore=2,Place=2",
  ]);
  expect(world.store.deployments.size).toBe(0);
});

test("system-job: it runs, is updated and stopped", async () => {
  const world = await startWorld();
  const beacon = (release: string): Job =>
    jobOf(
      { ID: jobId("beacon"), Type: "system" },
      { Tasks: [buildTask({ Env: { RELEASE: release } })] },
    );
  await world.register(beacon("one"));
  await rounds(world);
  await world.register(beacon("two"));
  await rounds(world);
  await deregister(world, beacon("two"));
  await rounds(world);
  expect(world.history()).toEqual([
    "job-register complete Place=1",
    "deployment-watcher complete Ignore=1,Place=1",
    "job-register complete Place=1,DestructiveUpdate=1",
    "deployment-watcher complete Ignore=1,Place=1",
    "job-deregister complete Stop=1",
  ]);
  expect([...world.store.deployments.values()].map((d) => d.Status)).toEqual([
    "successful",
    "successful",
  ]);
});

test("stop-and-purge: a purged job stops as well, and its name can come back", async () => {
  const world = await startWorld();
  const job = jobOf({});
  await world.register(job);
  await rounds(world);
  await deregister(world, job, true);
  expect(world.live()).toEqual([]);
  await rounds(world, 1);
  await world.register(job);
  await rounds(world);
  expect(world.live()).toEqual(["shop.web[0] v0"]);
  const last = [...world.store.allocations.values()].at(-1);
  expect(last?.PreviousAllocation).toBeNull();
});

test("node-drain: what migrates waits for room, and comes back with a deployment of its own", async () => {
  const world = await startWorld();
  await world.register(jobOf({ ID: jobId("meadow") }, { Name: "grass" }));
  await rounds(world);
  const id = nodeId("node-1");
  await world.store.write("node.eligibility", {
    nodeId: id,
    eligibility: "ineligible",
    event: null,
    evaluations: [],
  });
  const deps = { read: world.store.read, random: world.random };
  const drain = nodeEvaluations(
    deps,
    { ID: id, ModifyIndex: 1 },
    "node-drain",
    world.clock.nowNs(),
  );
  await world.store.write("allocation.transition", {
    transitions: [...world.store.allocations.values()].map((a) => ({
      allocationId: a.ID,
      transition: { Migrate: true },
    })),
    evaluations: drain,
  });
  await rounds(world);
  expect(world.history().slice(2)).toEqual([
    "node-drain complete Migrate=1",
    "queued-allocs blocked",
  ]);
  const [first] = world.store.allocations.values();
  expect(first).toMatchObject({
    DesiredDescription: "alloc is being migrated",
    ClientStatus: "complete",
  });
  expect([...world.store.deployments.values()].map((d) => [d.JobVersion, d.Status])).toEqual([
    [0, "successful"],
    [0, "running"],
  ]);
  await world.store.write("node.eligibility", {
    nodeId: id,
    eligibility: "eligible",
    event: null,
    evaluations: [],
  });
  await rounds(world);
  expect(world.history().slice(2)).toEqual([
    "node-drain complete Migrate=1",
    "queued-allocs complete Place=1",
    "deployment-watcher complete Ignore=1",
  ]);
  expect(world.live()).toEqual(["meadow.grass[0] v0"]);
});

test("constraint-unsatisfied: a changed job cancels the evaluation that waited for the old one", async () => {
  const world = await startWorld();
  const plan9 = { LTarget: "${attr.kernel.name}", Operand: "=", RTarget: "plan9" };
  await world.register(jobOf({ Constraints: [plan9] }, { Count: 2 }));
  const [, blocked] = world.store.evaluations.values();
  expect(blocked).toMatchObject({
    Status: "blocked",
    ClassEligibility: { "class-a": false },
    FailedTGAllocs: {
      web: {
        NodesEvaluated: 1,
        NodesFiltered: 1,
        ConstraintFiltered: { "${attr.kernel.name} = plan9": 1 },
        CoalescedFailures: 1,
      },
    },
  });
  await world.register(jobOf({}, { Count: 2 }));
  await rounds(world);
  expect(world.history()).toEqual([
    "job-register complete Place=2",
    "queued-allocs canceled",
    "job-register complete Place=2",
    "deployment-watcher complete Ignore=2",
  ]);
  const newest = [...world.store.evaluations.values()][2];
  expect(world.store.evaluations.get(blocked?.ID ?? "")?.StatusDescription).toBe(
    `evaluation "${newest?.ID}" successful`,
  );
  expect([...world.store.deployments.values()].map((d) => d.StatusDescription)).toEqual([
    "Cancelled due to newer version of job",
    "Deployment completed successfully",
  ]);
});

test("stop-during-deployment: the deployment is cancelled", async () => {
  const world = await startWorld();
  const job = jobOf({});
  await world.register(job);
  await deregister(world, job);
  await rounds(world);
  expect(world.history()).toEqual([
    "job-register complete Place=1",
    "job-deregister complete Stop=1",
  ]);
  expect([...world.store.deployments.values()][0]?.StatusDescription).toBe(
    "Cancelled because job is stopped",
  );
});

test("update-inplace-destructive: a service tag stays in place, meta and cpu do not", async () => {
  const world = await startWorld();
  const harbor = (over: Partial<Job>, cpu = 20): Job => {
    const task = buildTask();
    return jobOf(
      { ID: jobId("harbor"), ...over },
      { Name: "piers", Count: 2, Tasks: [{ ...task, Resources: { ...task.Resources, CPU: cpu } }] },
    );
  };
  await world.register(harbor({}));
  await rounds(world);
  await world.register(harbor({ Priority: 51 }));
  await rounds(world);
  await world.register(harbor({ Priority: 51, Meta: { a: "b" } }));
  await rounds(world, 8);
  await world.register(harbor({ Priority: 51, Meta: { a: "b" } }, 30));
  await rounds(world, 8);
  await world.evaluate(harbor({ Priority: 51, Meta: { a: "b" } }, 30), "job-register");
  expect(world.history()).toEqual([
    "job-register complete Place=2",
    "deployment-watcher complete Ignore=2",
    "job-register complete InPlaceUpdate=2",
    "deployment-watcher complete Ignore=2",
    "job-register complete Ignore=1,DestructiveUpdate=1",
    "deployment-watcher complete Ignore=1,DestructiveUpdate=1",
    "deployment-watcher complete Ignore=2",
    "job-register complete Ignore=1,DestructiveUpdate=1",
    "deployment-watcher complete Ignore=1,DestructiveUpdate=1",
    "deployment-watcher complete Ignore=2",
    "job-register complete Ignore=2",
  ]);
});
