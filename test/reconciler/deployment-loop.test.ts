import { afterEach, expect, test } from "vitest";
import { newEvaluation } from "../../src/model/build.ts";
import { allocationId, evaluationId, jobId } from "../../src/model/ids.ts";
import type { Job, ReschedulePolicy, UpdateStrategy } from "../../src/model/job.ts";
import { startLeaderWorld } from "../support/leader-world.ts";
import type { LeaderWorld } from "../support/leader-world.ts";
import {
  buildGroup,
  buildJob,
  buildNetwork,
  buildPort,
  buildResources,
  buildTask,
  buildUpdate,
} from "../support/build-job.ts";

const worlds: LeaderWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});
async function startWorld(nodes = 1): Promise<LeaderWorld> {
  const world = await startLeaderWorld(nodes);
  worlds.push(world);
  return world;
}
async function rounds(world: LeaderWorld, count: number): Promise<void> {
  for (let round = 0; round < count; round++) await world.clients();
}
const caravan = (
  count: number,
  release: string,
  update: Partial<UpdateStrategy> = {},
  reschedule: ReschedulePolicy | null = null,
): Job =>
  buildJob({
    ID: jobId("caravan"),
    TaskGroups: [
      buildGroup({
        Name: "wagons",
        Count: count,
        Update: buildUpdate(update),
        ReschedulePolicy: reschedule,
        Tasks: [buildTask({ Env: { RELEASE: release } })],
      }),
    ],
  });
const retry: ReschedulePolicy = {
  Attempts: 0,
  Interval: 0,
  Delay: 5e9,
  DelayFunction: "constant",
  MaxDelay: 60e9,
  Unlimited: true,
};
const deployments = (world: LeaderWorld): string[] =>
  [...world.store.deployments.values()].map((d) => `v${d.JobVersion} ${d.StatusDescription}`);
const breaksV1 = (a: { readonly JobVersion: number }): "fail" | "run" =>
  a.JobVersion === 1 ? "fail" : "run";

test("a canary waits for promotion, then the rest follows", async () => {
  const world = await startWorld();
  await world.register(caravan(3, "one", { Canary: 1 }));
  await rounds(world, 3);
  await world.register(caravan(3, "two", { Canary: 1 }));
  await rounds(world, 5);
  expect(deployments(world)).toEqual([
    "v0 Deployment completed successfully",
    "v1 Deployment is running but requires manual promotion",
  ]);
  const running = [...world.store.deployments.values()].at(-1);
  if (!running) throw new Error("no deployment");
  await world.store.write("deployment.promote", {
    deploymentId: running.ID,
    groups: null,
    evaluations: [
      newEvaluation({
        id: evaluationId("promotion"),
        job: caravan(3, "two"),
        trigger: "deployment-watcher",
        nowNs: world.clock.nowNs(),
        overrides: { DeploymentID: running.ID },
      }),
    ],
  });
  await rounds(world, 8);
  expect(world.history()).toEqual([
    "job-register complete Place=3",
    "deployment-watcher complete Ignore=3",
    "job-register complete Ignore=3,Canary=1",
    "deployment-watcher complete Ignore=4",
    "deployment-watcher complete Ignore=2,Stop=1,DestructiveUpdate=1",
    "deployment-watcher complete Ignore=2,DestructiveUpdate=1",
    "deployment-watcher complete Ignore=3",
  ]);
  expect(world.live()).toEqual([0, 1, 2].map((at) => `caravan.wagons[${at}] v1`));
  expect(deployments(world).at(-1)).toBe("v1 Deployment completed successfully");
});

test("canaries are promoted by the server when the job asks for it", async () => {
  const world = await startWorld();
  const update = { Canary: 2, AutoPromote: true, AutoRevert: true };
  await world.register(caravan(2, "one", update));
  await rounds(world, 3);
  await world.register(caravan(2, "two", update));
  await rounds(world, 6);
  expect(deployments(world).at(-1)).toBe("v1 Deployment completed successfully");
  expect(world.live()).toEqual(["caravan.wagons[0] v1", "caravan.wagons[1] v1"]);
  const old = [...world.store.allocations.values()].filter((a) => a.JobVersion === 0);
  expect(old.map((a) => a.DesiredDescription)).toEqual([
    "alloc not needed due to job update",
    "alloc not needed due to job update",
  ]);
});

test("a failure that may not be rescheduled fails the deployment and leaves the old ones alone", async () => {
  const world = await startWorld();
  world.behave = breaksV1;
  await world.register(caravan(2, "one"));
  await rounds(world, 3);
  await world.register(caravan(2, "two"));
  await rounds(world, 6);
  expect(deployments(world).at(-1)).toBe("v1 Failed due to unhealthy allocations");
  expect(world.live()).toEqual(["caravan.wagons[1] v0"]);
  expect(world.history()).toEqual([
    "job-register complete Place=2",
    "deployment-watcher complete Ignore=2",
    "job-register complete Ignore=1,DestructiveUpdate=1",
    "deployment-watcher complete Ignore=2",
  ]);
});

test("a failure with auto_revert goes back to the stable version, once", async () => {
  const world = await startWorld();
  world.behave = breaksV1;
  await world.register(caravan(2, "one", { AutoRevert: true }));
  await rounds(world, 3);
  await world.register(caravan(2, "two", { AutoRevert: true }));
  await rounds(world, 10);
  expect(deployments(world)).toEqual([
    "v0 Deployment completed successfully",
    "v1 Failed due to unhealthy allocations - rolling back to job version 0",
    "v2 Deployment completed successfully",
  ]);
  expect(world.live()).toEqual(["caravan.wagons[0] v2", "caravan.wagons[1] v2"]);
});

test("when the version gone back to fails as well, there is no going back and forth", async () => {
  const world = await startWorld();
  world.behave = breaksV1;
  await world.register(caravan(2, "one", { AutoRevert: true }));
  await rounds(world, 3);
  world.behave = (a) => (a.JobVersion >= 1 ? "fail" : "run");
  await world.register(caravan(2, "two", { AutoRevert: true }));
  await rounds(world, 12);
  expect(deployments(world).at(-1)).toBe(
    "v2 Failed due to unhealthy allocations - not rolling back to stable job version 0 as current job has same specification",
  );
  expect(world.store.jobs.get("default\ncaravan")).toHaveLength(3);
});

test("one that may be rescheduled goes on until the progress deadline", async () => {
  const world = await startWorld();
  world.behave = breaksV1;
  const update = { AutoRevert: true, ProgressDeadline: 9e9 };
  await world.register(caravan(2, "one", update, { ...retry, Delay: 30e9 }));
  await rounds(world, 3);
  await world.register(caravan(2, "two", update, { ...retry, Delay: 30e9 }));
  await rounds(world, 14);
  expect(world.history().slice(2)).toEqual([
    "job-register complete Ignore=1,DestructiveUpdate=1",
    "alloc-failure complete Ignore=2",
    "deployment-watcher complete Ignore=2,RescheduleLater=1",
    "alloc-reschedule pending",
    "deployment-watcher complete InPlaceUpdate=1,DestructiveUpdate=1",
    "deployment-watcher complete Ignore=2",
  ]);
  expect(deployments(world).slice(1)).toEqual([
    "v1 Failed due to progress deadline - rolling back to job version 0",
    "v2 Deployment completed successfully",
  ]);
});

test("a failed service allocation is tried again after its delay, with a tracker", async () => {
  const world = await startWorld();
  world.behave = () => "fail";
  await world.register(caravan(1, "one", { ProgressDeadline: 600e9 }, retry));
  await rounds(world, 3);
  expect(world.history()).toEqual([
    "job-register complete Place=1",
    "alloc-failure complete Ignore=1",
    "deployment-watcher complete Ignore=1,RescheduleLater=1",
    "alloc-reschedule pending",
  ]);
  await rounds(world, 5);
  expect(world.history().slice(3, 6)).toEqual([
    "alloc-reschedule complete Place=1,Stop=1",
    "alloc-failure complete Ignore=1",
    "deployment-watcher complete Ignore=1,RescheduleLater=1",
  ]);
  const [first, second] = world.store.allocations.values();
  expect(first).toMatchObject({ DesiredStatus: "stop", NextAllocation: second?.ID });
  expect(second).toMatchObject({
    PreviousAllocation: first?.ID,
    RescheduleTracker: {
      LastReschedule: "ok",
      Events: [{ PrevAllocID: first?.ID, PrevNodeID: "node-1", Delay: 5e9 }],
    },
  });
  expect(second?.Metrics?.ScoreMetaData?.[0]?.NormScore).toBeCloseTo(-0.49433304191827765, 12);
});

test("a paused deployment stands still", async () => {
  const world = await startWorld();
  await world.register(caravan(3, "one"));
  await rounds(world, 3);
  await world.register(caravan(3, "two"));
  const running = [...world.store.deployments.values()].at(-1);
  if (!running) throw new Error("no deployment");
  await world.store.write("deployment.status", {
    update: {
      deploymentId: running.ID,
      status: "paused",
      statusDescription: "Deployment is paused",
    },
    job: null,
    markStable: false,
    evaluations: [],
  });
  await rounds(world, 5);
  expect(world.live().filter((name) => name.endsWith("v1"))).toHaveLength(1);
  expect(deployments(world).at(-1)).toBe("v1 Deployment is paused");
});

const unprepared = (a: { readonly JobVersion: number }): "unprepared" | "run" =>
  a.JobVersion === 1 ? "unprepared" : "run";

test("a version that no node can prepare fails its deployment at once, and the old allocations stay", async () => {
  const world = await startWorld();
  await world.register(caravan(3, "one", {}, retry));
  await rounds(world, 8);
  const before = [...world.store.allocations.keys()];
  world.behave = unprepared;
  await world.register(caravan(3, "two", {}, retry));
  await rounds(world, 12);
  expect(deployments(world).at(-1)).toBe("v1 Failed due to unhealthy allocations");
  expect(world.live()).toEqual([
    "caravan.wagons[0] v0",
    "caravan.wagons[1] v0",
    "caravan.wagons[2] v0",
  ]);
  const kept = before.map((id) => world.store.read.allocation(allocationId(id)));
  expect(kept.map((one) => [one?.DesiredStatus, one?.ClientStatus, one?.NextAllocation])).toEqual(
    before.map(() => ["run", "running", null]),
  );
  world.behave = () => "run";
  await world.register(caravan(3, "three", {}, retry));
  await rounds(world, 12);
  expect(deployments(world).at(-1)).toBe("v2 Deployment completed successfully");
  expect(world.live()).toEqual([
    "caravan.wagons[0] v2",
    "caravan.wagons[1] v2",
    "caravan.wagons[2] v2",
  ]);
});

test("with auto_revert the one that was kept joins the version that is gone back to, untouched", async () => {
  const world = await startWorld();
  await world.register(caravan(2, "one", { AutoRevert: true }));
  await rounds(world, 6);
  const before = [...world.store.allocations.keys()].toSorted();
  world.behave = unprepared;
  await world.register(caravan(2, "two", { AutoRevert: true }));
  await rounds(world, 12);
  expect(deployments(world).slice(1)).toEqual([
    "v1 Failed due to unhealthy allocations - rolling back to job version 0",
    "v2 Deployment completed successfully",
  ]);
  expect(world.live()).toEqual(["caravan.wagons[0] v2", "caravan.wagons[1] v2"]);
  const running = [...world.store.allocations.values()].filter((a) => a.ClientStatus === "running");
  expect(running.map((a) => a.ID).toSorted()).toEqual(before);
});

test("a stopped job wants nothing again that a node has kept", async () => {
  const world = await startWorld();
  await world.register(caravan(1, "one"));
  await rounds(world, 4);
  world.behave = unprepared;
  await world.register(caravan(1, "two"));
  await rounds(world, 1);
  await world.register({ ...caravan(1, "two"), Stop: true });
  await rounds(world, 6);
  expect(world.live()).toEqual([]);
});

test("a stopped job does not want a failed successor either, for which a node keeps the old one", async () => {
  const world = await startWorld();
  await world.register(caravan(1, "one", { MaxParallel: 0 }));
  await rounds(world, 4);
  world.behave = unprepared;
  const next = caravan(1, "two", { MaxParallel: 0 });
  await world.register(next);
  await rounds(world, 2);
  const wanted = (): unknown[] =>
    [...world.store.allocations.values()].map((a) => [
      a.JobVersion,
      a.ClientStatus,
      a.DesiredStatus,
    ]);
  expect(wanted()).toEqual([
    [0, "running", "stop"],
    [1, "failed", "run"],
  ]);
  await world.register({ ...next, Stop: true });
  expect(wanted()).toEqual([
    [0, "running", "stop"],
    [1, "failed", "stop"],
  ]);
});

test("what was kept is wanted again when the version after the one that hung cannot start either", async () => {
  const world = await startWorld();
  await world.register(caravan(1, "one"));
  await rounds(world, 4);
  const late = (a: { readonly JobVersion: number }) =>
    a.JobVersion === 1 ? "wait" : ("unprepared" as const);
  world.behave = (a) => (a.JobVersion === 0 ? "run" : late(a));
  await world.register(caravan(1, "two"));
  await rounds(world, 2);
  await world.register(caravan(1, "three"));
  await rounds(world, 6);
  expect(deployments(world).at(-1)).toBe("v2 Failed due to unhealthy allocations");
  expect(world.live()).toEqual(["caravan.wagons[0] v0"]);
});

test.each(["wait", "unprepared"] as const)(
  "a third version follows a second one that is stuck (%s) into the place of the first, port, cores and all",
  async (state) => {
    const world = await startWorld();
    const whole = (release: string): Job => {
      const [group] = caravan(1, release, { MaxParallel: state === "wait" ? 1 : 0 }).TaskGroups;
      const door = buildPort({ Label: "door", Value: 80, HostNetwork: "" });
      const Resources = buildResources({ CPU: 0, Cores: 4, MemoryMB: 4000 });
      const Tasks = [buildTask({ Env: { RELEASE: release }, Resources })];
      const Networks = [buildNetwork({ ReservedPorts: [door] })];
      return { ...caravan(1, release), TaskGroups: [{ ...buildGroup(group), Tasks, Networks }] };
    };
    await world.register(whole("one"));
    await rounds(world, 4);
    world.behave = (a) => (a.JobVersion === 1 ? state : "run");
    await world.register(whole("two"));
    await rounds(world, 2);
    await world.register(whole("three"));
    const [first, second, third] = world.store.allocations.values();
    expect([first?.ClientStatus, second?.DesiredStatus]).toEqual(["running", "stop"]);
    expect([third?.JobVersion, third?.PreviousAllocation]).toEqual([2, second?.ID]);
    await rounds(world, 4);
    expect(world.live()).toEqual(["caravan.wagons[0] v2"]);
    expect(world.history().filter((one) => one.includes("blocked"))).toEqual([]);
  },
);
