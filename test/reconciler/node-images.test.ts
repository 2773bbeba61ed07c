import { afterEach, beforeEach, expect, test } from "vitest";
import { AppError } from "../../src/lib/errors.ts";
import { allocationId } from "../../src/model/ids.ts";
import type { NodeAgent } from "../../src/reconciler/node-agent.ts";
import type { DesiredAllocation } from "../../src/reconciler/ports.ts";
import { NodeBench, wantedBy } from "../support/node-bench.ts";
import {
  scriptedGroup,
  scriptedJob,
  scriptedTask,
  testAllocationId as id,
} from "../support/scripted-job.ts";

let b: NodeBench;
beforeEach(() => {
  b = new NodeBench();
});
afterEach(() => b.dispose());

const next = allocationId("55555555-5555-4555-a555-555555555555");
const third = allocationId("77777777-5555-4555-a555-555555555555");
const minute = 60_000;

function wanted(
  agent: NodeAgent,
  Version: number,
  overrides: Parameters<typeof wantedBy>[2] = {},
): DesiredAllocation {
  const task = scriptedTask({ Config: { image: `app:${Version}` } });
  const job = scriptedJob({ Version, TaskGroups: [scriptedGroup({ Tasks: [task] })] });
  return wantedBy(agent, job, overrides);
}
const stopped = (desired: DesiredAllocation): DesiredAllocation => ({
  ...desired,
  allocation: { ...desired.allocation, DesiredStatus: "stop" },
});

const followed = (desired: DesiredAllocation): DesiredAllocation => ({
  ...desired,
  allocation: { ...desired.allocation, DesiredStatus: "stop", NextAllocation: third },
});

/** Runs version 1 and replaces it by version 2 in its place. */
async function replace(): Promise<NodeAgent> {
  const agent = await b.start();
  const old = wanted(agent, 1);
  b.source.put(old);
  await b.statusIs("running");
  b.source.put(wanted(agent, 2, { ID: next, PreviousAllocation: id }));
  b.source.put(stopped(old));
  await b.until("the pull", () => b.engine.images.pulls.includes("app:2"));
  return agent;
}
const nextRuns = (): Promise<void> =>
  b.until("successor", () => b.source.last(next)?.clientStatus === "running", 500);

test("an allocation goes on until the image of its successor is here", async () => {
  let open = (): void => undefined;
  b.engine.images.gate = new Promise((resolve) => {
    open = resolve;
  });
  await replace();
  await b.pass(2 * minute);
  expect(b.engine.calls).toEqual(["start main#0"]);
  const states = b.source.last(next)?.taskStates["main"];
  expect(states?.Events.map(({ Type }) => Type)).toContain("Driver");
  open();
  await nextRuns();
  expect(b.engine.calls).toEqual(["start main#0", "stop main#0", "remove main#0", "start main#0"]);
  expect(b.engine.images.pulls).toEqual(["app:2"]);
});

const missing = (recoverable: boolean): AppError =>
  new AppError("image", "Failed to pull `app:2`", { fields: { recoverable } });
const successor = (): { readonly status: string | undefined; readonly events: string[] } => {
  const report = b.source.last(next);
  const events = report?.taskStates["main"]?.Events.map(({ Type }) => Type) ?? [];
  return { status: report?.clientStatus, events };
};

test("an image that comes late is waited for, however long", async () => {
  b.engine.images.gate = new Promise(() => undefined);
  await replace();
  for (let passed = 0; passed < 30; passed++) await b.pass(minute);
  expect(b.engine.calls).toEqual(["start main#0"]);
  expect(successor().status).not.toBe("failed");
});

test("an image that is there at the second try replaces the predecessor then", async () => {
  b.engine.images.pullError = missing(true);
  await replace();
  await b.until("the first failure", () => successor().events.includes("Driver Failure"));
  expect(successor().events).toContain("Restarting");
  b.engine.images.pullError = undefined;
  await nextRuns();
  expect(b.engine.calls).toEqual(["start main#0", "stop main#0", "remove main#0", "start main#1"]);
  expect(b.engine.images.pulls).toEqual(["app:2", "app:2"]);
});

test("a successor whose image cannot be had fails by its restart policy, and the predecessor goes on", async () => {
  b.engine.images.pullError = missing(true);
  await replace();
  await b.until("the failure", () => successor().status === "failed", 500);
  expect(b.engine.images.pulls).toEqual(["app:2", "app:2", "app:2"]);
  expect(successor().events.slice(-2)).toEqual(["Driver Failure", "Not Restarting"]);
  await b.pass(2 * minute);
  expect(b.engine.running()).toEqual(["main#0"]);
  expect(b.logLines.join("\n")).toContain("cannot bring the image before the start");
});

test("an image that cannot exist fails the successor at once", async () => {
  b.engine.images.pullError = missing(false);
  await replace();
  await b.until("the failure", () => successor().status === "failed");
  expect(b.engine.images.pulls).toEqual(["app:2"]);
  expect(b.engine.calls).toEqual(["start main#0"]);
});

test("a predecessor that the servers do not want again goes five minutes after the failure", async () => {
  b.engine.images.pullError = missing(false);
  await replace();
  await b.until("the failure", () => successor().status === "failed");
  await b.pass(4 * minute);
  expect(b.engine.running()).toEqual(["main#0"]);
  await b.until("stopped", () => b.engine.calls.includes("stop main#0"), 10_000);
});

test("a predecessor that the servers want again stays, and its next stop waits for nothing", async () => {
  b.engine.images.pullError = missing(false);
  await replace();
  await b.until("the failure", () => successor().status === "failed");
  const old = b.source.desired.get(id) as DesiredAllocation;
  const DesiredStatus = "run";
  b.source.put({ ...old, allocation: { ...old.allocation, DesiredStatus } });
  for (let passed = 0; passed < 10; passed++) await b.pass(minute);
  expect(b.engine.calls).toEqual(["start main#0"]);
  b.source.put(stopped(b.source.desired.get(id) as DesiredAllocation));
  await b.until("stopped", () => b.engine.calls.includes("stop main#0"));
});

test("who follows a successor that never started follows the one that still has the place", async () => {
  b.engine.images.pullError = missing(false);
  const agent = await replace();
  await b.until("the failure", () => successor().status === "failed");
  b.engine.images.pullError = undefined;
  b.source.put(stopped(b.source.desired.get(next) as DesiredAllocation));
  b.source.put(wanted(agent, 3, { ID: third, PreviousAllocation: next }));
  await b.until("third", () => b.source.last(third)?.clientStatus === "running", 500);
  expect(b.engine.calls).toEqual(["start main#0", "stop main#0", "remove main#0", "start main#0"]);
});

test("who follows a successor that was called off waits for the one that still has the place", async () => {
  b.engine.images.gate = new Promise(() => undefined);
  const agent = await replace();
  b.engine.images.here.add("app:3");
  let open = (): void => undefined;
  b.engine.stopGate = new Promise((resolve) => {
    open = resolve;
  });
  b.source.put(stopped(b.source.desired.get(next) as DesiredAllocation));
  b.source.put(wanted(agent, 3, { ID: third, PreviousAllocation: next }));
  await b.until("stopping", () => b.engine.calls.includes("stop main#0"), 500);
  await b.pass(minute);
  expect(b.engine.calls).toEqual(["start main#0", "stop main#0"]);
  open();
  await b.until("third", () => b.source.last(third)?.clientStatus === "running", 500);
});

test.each(["is still brought", "waits for its next attempt"])(
  "a third version over a second one whose image %s leaves the first one running until its own image is here",
  async (state) => {
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const isFailing = state === "waits for its next attempt";
    if (isFailing) b.engine.images.pullError = missing(true);
    else b.engine.images.gate = gate;
    const agent = await replace();
    if (isFailing) await b.until("a failure", () => successor().events.includes("Restarting"));
    b.engine.images.gate = gate;
    b.engine.images.pullError = undefined;
    b.source.put(followed(b.source.desired.get(next) as DesiredAllocation));
    b.source.put(wanted(agent, 3, { ID: third, PreviousAllocation: next }));
    await b.until("the pull", () => b.engine.images.pulls.includes("app:3"));
    for (let passed = 0; passed < 10; passed++) await b.pass(minute);
    expect(b.engine.calls).toEqual(["start main#0"]);
    expect(successor().status).toBe("complete");
    open();
    await b.until("third", () => b.source.last(third)?.clientStatus === "running", 500);
    expect(b.engine.calls).toEqual([
      "start main#0",
      "stop main#0",
      "remove main#0",
      "start main#0",
    ]);
    expect(b.source.last(next)?.taskStates["main"]?.StartedAt).toBeNull();
  },
);

test("a successor that failed keeps its predecessor no longer than the servers want it", async () => {
  b.engine.images.pullError = missing(false);
  await replace();
  await b.until("the failure", () => successor().status === "failed");
  await b.pass(minute);
  expect(b.engine.running()).toEqual(["main#0"]);
  b.source.put(stopped(b.source.desired.get(next) as DesiredAllocation));
  await b.until("stopped", () => b.engine.running().length === 0);
});

test.each(["failed", "pending"])(
  "an agent that ends everything keeps nothing for a %s successor",
  async (status) => {
    if (status === "failed") b.engine.images.pullError = missing(false);
    else b.engine.images.gate = new Promise(() => undefined);
    const agent = await replace();
    await b.until("the successor", () => successor().status === status);
    const startMs = b.clock.monotonicMs();
    const state = { isDone: false };
    const ended = async (): Promise<void> => {
      await b.stop(agent, { destroyAll: true });
      state.isDone = true;
    };
    const done = ended();
    await b.until("the end", () => state.isDone);
    await done;
    expect(b.engine.running()).toEqual([]);
    expect(b.clock.monotonicMs() - startMs).toBeLessThan(30_000);
  },
);

test("a node that lost its memory keeps a predecessor all the same", async () => {
  b.engine.images.gate = new Promise(() => undefined);
  await b.stop(await replace());
  b.forgetMemory();
  for (const ID of [id, next]) {
    const desired = b.source.desired.get(ID);
    const TaskStates = b.source.last(ID)?.taskStates ?? null;
    if (desired) b.source.put({ ...desired, allocation: { ...desired.allocation, TaskStates } });
  }
  await b.start();
  for (let passed = 0; passed < 5; passed++) await b.pass(minute);
  expect(b.engine.calls).toEqual(["start main#0"]);
  expect(b.engine.running()).toEqual(["main#0"]);
});

test("an engine that does not answer has said nothing of the image", async () => {
  b.engine.images.pullError = new AppError("driver-unreachable", "no answer");
  await replace();
  await b.pass(minute);
  expect(successor()).toEqual({ status: "pending", events: ["Received", ...downloads()] });
  b.engine.images.pullError = undefined;
  await nextRuns();
});
const downloads = (): string[] => successor().events.filter((type) => type === "Driver");

test("a successor that is paused tries no further; its predecessor goes on", async () => {
  b.engine.images.pullError = missing(true);
  const agent = await replace();
  await b.until("the first failure", () => successor().events.includes("Restarting"));
  agent.pause(next, "main", true);
  await b.pass(10 * minute);
  expect(b.engine.images.pulls).toEqual(["app:2"]);
  expect(b.engine.running()).toEqual(["main#0"]);
  b.engine.images.pullError = undefined;
  agent.pause(next, "main", false);
  await nextRuns();
});

test("a successor that is not wanted any more gives its pull up, and the stop goes on", async () => {
  b.engine.images.gate = new Promise(() => undefined);
  await replace();
  const desired = b.source.desired.get(next);
  if (desired) b.source.put(stopped(desired));
  b.source.put(stopped(b.source.desired.get(id) as DesiredAllocation));
  await b.until("stopped", () => b.engine.calls.includes("stop main#0"), 500);
});

test("a stop without a delay waits for no image", async () => {
  const agent = await b.start();
  const old = wanted(agent, 1);
  b.source.put(old);
  await b.statusIs("running");
  b.engine.images.gate = new Promise(() => undefined);
  b.source.put(wanted(agent, 2, { ID: next, PreviousAllocation: id }));
  const DesiredTransition = { ...old.allocation.DesiredTransition, NoShutdownDelay: true };
  const hurried = stopped(old);
  b.source.put({ ...hurried, allocation: { ...hurried.allocation, DesiredTransition } });
  await b.until("stopped", () => b.engine.calls.includes("stop main#0"));
});

test("an image that we brought goes when nothing has wanted it for the delay, others stay", async () => {
  const agent = await b.start();
  b.engine.images.here.add("app:2");
  for (const name of ["app:1", "app:2"]) await b.engine.images.pull(name);
  const desired = wanted(agent, 1);
  b.source.put(desired);
  await b.statusIs("running");
  await b.pass(10 * minute);
  expect(b.engine.images.removals).toEqual([]);
  b.source.put(stopped(desired));
  await b.statusIs("complete");
  await b.pass(2 * minute);
  expect(b.engine.images.removals).toEqual([]);
  await b.until("removed", () => b.engine.images.removals.length > 0, 5_000);
  expect(b.engine.images.removals).toEqual(["app:1"]);
});

test("the images of the last three versions stay for a way back, over a restart and the servers' forgetting", async () => {
  const agent = await b.start();
  for (const version of [1, 2, 3, 4]) {
    await b.engine.images.pull(`app:${version}`);
    const ID = allocationId(`6666666${version}-5555-4555-a555-555555555555`);
    const desired = wanted(agent, version, { ID });
    b.source.put(desired);
    await b.until("running", () => b.source.last(ID)?.clientStatus === "running");
    await b.pass(2 * minute);
    if (version < 4) {
      b.source.put(stopped(desired));
      await b.until("over", () => b.source.last(ID)?.clientStatus === "complete");
      b.source.remove(ID);
    }
  }
  await b.stop(agent);
  await b.start();
  for (let passed = 0; passed < 6; passed++) await b.pass(minute);
  expect(b.engine.images.removals).toEqual(["app:1"]);
});

test("a removal that fails is tried three times in a row and then given a rest; what is held is asked for again", async () => {
  b.engine.images.removeErrors.push(...[1, 2, 3].map(() => new AppError("driver", "busy")));
  await b.start();
  await b.engine.images.pull("app:1");
  await b.engine.images.pull("app:2");
  b.engine.images.held.add("app:2");
  await b.until("three failures", () => b.engine.images.removeErrors.length === 0, 1_000);
  await b.pass(minute);
  expect(b.logLines.filter((line) => line.includes("cannot remove an unused image"))).toHaveLength(
    1,
  );
  await b.until("removed", () => b.engine.images.removals.includes("app:1"), 10_000);
  b.engine.images.held.clear();
  await b.until("released", () => b.engine.images.removals.includes("app:2"), 10_000);
});

test("an image whose agent was killed while it came is known to the next one", async () => {
  let isDead = false;
  const first = await b.start((point) => {
    if (point === "image:before" && b.engine.images.here.size > 0) isDead = true;
    if (isDead) throw new Error("killed");
  });
  await expect(b.engine.images.pull("app:1")).rejects.toThrow("killed");
  await b.stop(first);
  await b.start();
  await b.until("removed", () => b.engine.images.removals.length > 0, 10_000);
  expect(b.engine.images.removals).toEqual(["app:1"]);
});

test("a pull that brought nothing leaves nothing to remove, whoever brings that image later", async () => {
  await b.start();
  b.engine.images.pullError = new AppError("image", "no such image");
  await expect(b.engine.images.pull("app:1")).rejects.toThrow("no such image");
  await b.pass(minute);
  b.engine.images.here.add("app:1");
  await b.pass(10 * minute);
  expect(b.engine.images.removals).toEqual([]);
});

test("while one of two pulls of an image goes on, the end of the other is not the end of the waiting", async () => {
  const agent = await b.start();
  const { images } = b.engine;
  let open = (): void => undefined;
  images.gate = new Promise((resolve) => {
    open = resolve;
  });
  const refused = images.pull("app:1");
  images.gate = new Promise(() => undefined);
  void images.pull("app:1");
  images.pullError = new AppError("image", "no such login");
  open();
  await expect(refused).rejects.toThrow("no such login");
  await b.pass(2 * minute);
  // The agent is killed before the other one ends.
  await b.stop(agent);
  images.here.add("app:1");
  await b.start();
  await b.until("removed", () => images.removals.length > 0, 10_000);
  expect(images.removals).toEqual(["app:1"]);
});

test("with gc.image off nothing is removed", async () => {
  b.engine.images.keptUnusedMs = undefined;
  await b.start();
  await b.engine.images.pull("app:1");
  await b.pass(60 * minute);
  expect(b.engine.images.removals).toEqual([]);
});
