import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openNodeDb } from "../../src/node/node-db.ts";
import { allocationId, deploymentId } from "../../src/model/ids.ts";
import {
  scriptedGroup,
  scriptedJob,
  scriptedTask,
  testAllocationId as id,
} from "../support/scripted-job.ts";
import { NodeBench, wantedBy as wanted } from "../support/node-bench.ts";

let b: NodeBench;
beforeEach(() => {
  b = new NodeBench();
});
afterEach(() => b.dispose());

test("an allocation is started, reported running and, after its healthy time, healthy", async () => {
  const agent = await b.start();
  b.source.put(wanted(agent, scriptedJob(), { DeploymentID: deploymentId("d-1") }));
  await b.statusIs("running");
  expect(b.engine.running()).toEqual(["main#0"]);
  expect(b.eventTypes()).toEqual(["Received", "Task Setup", "Started"]);
  expect(b.source.last(id)?.health).toBeNull();
  await b.pass(10_000);
  await b.until("healthy", () => b.source.last(id)?.health?.healthy === true, 300);
});

test("a failing task restarts by its policy, then fails the allocation", async () => {
  const agent = await b.start();
  b.source.put(wanted(agent));
  await b.statusIs("running");
  for (const next of ["main#1", "main#2"]) {
    b.engine.exit("main", { code: 1 });
    await b.until(next, () => b.engine.running().includes(next), 100);
  }
  b.engine.exit("main", { code: 1 });
  await b.statusIs("failed");
  const state = b.source.last(id)?.taskStates["main"];
  expect(state).toMatchObject({ State: "dead", Failed: true, Restarts: 2 });
  expect(state?.Events.at(-1)).toMatchObject({
    Type: "Not Restarting",
    Details: {
      restart_reason: 'Exceeded allowed attempts 2 in interval 10m0s and mode is "fail"',
    },
  });
  await b.until("nothing left", () => b.engine.tasks.size === 0, 100);
});

test("a batch task that ends well completes its allocation", async () => {
  const agent = await b.start();
  b.source.put(wanted(agent, scriptedJob({ Type: "batch" })));
  await b.statusIs("running");
  b.engine.exit("main");
  await b.statusIs("complete");
  expect(b.source.last(id)?.clientDescription).toBe("All tasks have completed");
});

test("a restarted agent takes up the running task again without touching it", async () => {
  const first = await b.start();
  b.source.put(wanted(first));
  await b.statusIs("running");
  await b.stop(first);
  const second = await b.start();
  expect(second.nodeId).toBe(first.nodeId);
  await b.pass(20_000);
  expect(b.engine.calls).toEqual(["start main#0"]);
  expect(b.eventTypes()).toEqual(["Received", "Task Setup", "Started"]);
  b.engine.exit("main", { code: 3 });
  await b.until("restart", () => b.engine.running().includes("main#1"), 100);
});

test("an agent that lost its memory finds the task by its labels", async () => {
  const first = await b.start();
  b.source.put(wanted(first));
  await b.statusIs("running");
  await b.stop(first);
  b.forgetMemory();
  const second = await b.start();
  expect(second.nodeId).toBe(first.nodeId);
  await b.statusIs("running");
  await b.pass(20_000);
  expect(b.engine.calls).toEqual(["start main#0"]);
});

test("an engine out of reach changes nothing", async () => {
  const agent = await b.start();
  b.source.put(wanted(agent));
  await b.statusIs("running");
  b.engine.isReachable = false;
  await b.pass(120_000);
  b.engine.isReachable = true;
  await b.pass(60_000);
  expect(b.engine.calls).toEqual(["start main#0"]);
  expect(b.source.last(id)?.clientStatus).toBe("running");
});

test("an outage of the engine is one warning, whatever is tried meanwhile, and one line when it is over", async () => {
  const agent = await b.start();
  b.source.put(wanted(agent));
  await b.statusIs("running");
  b.logLines.length = 0;
  b.engine.isReachable = false;
  b.engine.health = false;
  await b.pass(120_000);
  expect(b.logLines.filter((line) => line.includes("[WARN]"))).toEqual([
    expect.stringContaining("driver is not healthy: driver=scripted description=Unhealthy"),
  ]);
  b.logLines.length = 0;
  b.engine.isReachable = true;
  b.engine.health = true;
  await b.pass(60_000);
  expect(b.logLines.filter((line) => line.includes("[WARN]"))).toEqual([]);
  expect(b.logLines.filter((line) => line.includes("driver is healthy again"))).toHaveLength(1);
});

test("a driver that is out of order from the start is said in the log, once", async () => {
  b.engine.health = false;
  await b.start();
  await b.pass(120_000);
  const said = b.logLines.filter((line) => line.includes("[WARN]"));
  expect(said).toEqual([expect.stringContaining("driver is not healthy: driver=scripted")]);
});

test("a stopped allocation is stopped, removed and cleared away once the servers forget it", async () => {
  const agent = await b.start();
  const desired = wanted(agent);
  b.source.put(desired);
  await b.statusIs("running");
  b.source.put({ ...desired, allocation: { ...desired.allocation, DesiredStatus: "stop" } });
  await b.statusIs("complete");
  expect(b.eventTypes().slice(3)).toEqual(["Killing", "Terminated", "Killed"]);
  await b.until("removed", () => b.engine.tasks.size === 0, 50);
  b.source.remove(id);
  const directory = join(b.directory, "alloc", id);
  await b.until("directory gone", () => !existsSync(directory));
});

test("a newer job version in place leaves the running task alone", async () => {
  const agent = await b.start();
  const desired = wanted(agent);
  b.source.put(desired);
  await b.statusIs("running");
  const tasks = [scriptedTask({ Env: { COLOUR: "red" }, KillTimeout: 9e9 })];
  const job = scriptedJob({ Version: 1, TaskGroups: [scriptedGroup({ Tasks: tasks })] });
  b.source.put({ job, allocation: { ...desired.allocation, JobVersion: 1 } });
  await b.pass(20_000);
  expect(b.engine.calls).toEqual(["start main#0"]);
});

test("a start that is under way is given up when the allocation is to stop", async () => {
  const agent = await b.start();
  b.engine.startGate = new Promise(() => undefined);
  const desired = wanted(agent);
  b.source.put(desired);
  await b.until("set up", () => b.eventTypes().includes("Task Setup"), 50);
  b.source.put({ ...desired, allocation: { ...desired.allocation, DesiredStatus: "stop" } });
  await b.statusIs("complete");
  expect(b.engine.calls).toEqual([]);
});

test("the output of a task is in its log file, once, across a restart of the agent", async () => {
  const first = await b.start();
  b.source.put(wanted(first));
  await b.statusIs("running");
  const log = join(b.directory, "alloc", id, "alloc", "logs", "main.stdout.0");
  b.engine.print("main", "one\n");
  await b.until("first line", () => existsSync(log) && readFileSync(log, "utf8") === "one\n", 50);
  await b.stop(first);
  b.engine.print("main", "two\n");
  await b.start();
  await b.until(
    "second line",
    () => existsSync(log) && readFileSync(log, "utf8") === "one\ntwo\n",
    50,
  );
});

test("a stray with our labels is stopped only after the grace and when the servers deny it", async () => {
  const first = await b.start();
  b.source.put(wanted(first));
  await b.statusIs("running");
  await b.stop(first);
  b.forgetMemory();
  const [desired] = [...b.source.desired.values()];
  b.source.desired.clear();
  await b.start();
  await b.pass(30_000);
  expect(b.engine.running()).toEqual(["main#0"]);
  if (desired) b.source.desired.set(id, desired);
  await b.pass(120_000);
  expect(b.engine.running()).toEqual(["main#0"]);
});

test("an orphan is gone after the grace", async () => {
  const first = await b.start();
  b.source.put(wanted(first));
  await b.statusIs("running");
  await b.stop(first);
  b.forgetMemory();
  b.source.desired.clear();
  await b.start();
  await b.until("orphan removed", () => b.engine.tasks.size === 0, 20_000);
  expect(b.engine.calls).toEqual(["start main#0", "stop main#0", "remove main#0"]);
});

test("orphans are stopped at the same time: one that is slow to end keeps no other", async () => {
  const group = scriptedGroup({ Tasks: [scriptedTask(), scriptedTask({ Name: "side" })] });
  const first = await b.start();
  b.source.put(wanted(first, scriptedJob({ TaskGroups: [group] })));
  await b.statusIs("running");
  await b.stop(first);
  b.forgetMemory();
  b.source.desired.clear();
  let open = (): void => undefined;
  b.engine.stopGate = new Promise((resolve) => {
    open = resolve;
  });
  await b.start();
  const stops = (): readonly string[] => b.engine.calls.filter((call) => call.startsWith("stop"));
  await b.until("both asked to stop", () => stops().length === 2, 20_000);
  open();
  await b.until("both removed", () => b.engine.tasks.size === 0, 20_000);
});

test("an agent that is told to stop while it clears a stray removes that one first", async () => {
  const first = await b.start();
  b.source.put(wanted(first));
  await b.statusIs("running");
  await b.stop(first);
  b.forgetMemory();
  b.source.desired.clear();
  let open = (): void => undefined;
  b.engine.stopGate = new Promise((resolve) => {
    open = resolve;
  });
  const second = await b.start();
  await b.until("asked to stop", () => b.engine.calls.includes("stop main#0"), 20_000);
  const stopped = b.stop(second);
  await b.pass(1_000);
  open();
  await stopped;
  expect(b.engine.tasks.size).toBe(0);
});

test("an exited container that an interrupted sweep left is cleared by the next agent", async () => {
  const first = await b.start();
  b.source.put(wanted(first));
  await b.statusIs("running");
  await b.stop(first);
  b.forgetMemory();
  b.source.desired.clear();
  b.engine.stopGate = new Promise(() => undefined);
  const second = await b.start();
  await b.until("asked to stop", () => b.engine.calls.includes("stop main#0"), 20_000);
  const stopped = b.stop(second);
  await b.pass(11_000);
  await stopped;
  b.engine.stopGate = undefined;
  b.engine.exit("main");
  await b.start();
  await b.until("removed", () => b.engine.tasks.size === 0, 20_000);
});

test("a driver that falls ill and recovers is registered anew with an event", async () => {
  await b.start();
  await b.until("registered", () => b.source.registrations.length === 1, 50);
  b.engine.health = false;
  await b.pass(31_000);
  await b.until("registered again", () => b.source.registrations.length === 2, 50);
  expect(b.source.registrations[1]).toMatchObject({
    Drivers: { scripted: { Healthy: false, HealthDescription: "Unhealthy" } },
    Events: [{ Message: "Unhealthy", Subsystem: "Driver", Details: { driver: "scripted" } }],
  });
  expect(b.source.heartbeats).toBeGreaterThan(3);
});

test("a driver whose call had no answer is asked at once, and often until it is back", async () => {
  await b.start();
  await b.until("registered", () => b.source.registrations.length === 1, 50);
  b.engine.health = false;
  b.engine.doubt();
  await b.pass(200);
  expect(b.source.registrations.at(-1)?.Drivers?.["scripted"]?.Healthy).toBe(false);
  b.engine.health = true;
  b.engine.doubt();
  await b.pass(1_200);
  expect(b.source.registrations.at(-1)?.Drivers?.["scripted"]?.Healthy).toBe(true);
  expect(b.source.registrations).toHaveLength(3);
});

test("a user may restart and signal what runs, and nothing else", async () => {
  const agent = await b.start();
  b.source.put(wanted(agent));
  await b.statusIs("running");
  await agent.signal(id, "main", "SIGHUP");
  agent.restart(id, null, true);
  await b.until("restarted", () => b.engine.running().includes("main#1"), 50);
  expect(b.engine.calls).toEqual([
    "start main#0",
    "signal main#0 SIGHUP",
    "stop main#0",
    "remove main#0",
    "start main#1",
  ]);
  await b.pass(300);
  expect(b.eventTypes().slice(3)).toEqual([
    "Signaling",
    "Restart Signaled",
    "Terminated",
    "Restarting",
    "Started",
  ]);
  expect(() => agent.restart(id, "nope", false)).toThrow("Could not find task nope");
});

test("stopping with destroyAll leaves nothing behind", async () => {
  const agent = await b.start();
  b.source.put(wanted(agent));
  await b.statusIs("running");
  const stopped = b.stop(agent, { destroyAll: true });
  await b.until("all gone", () => b.engine.tasks.size === 0, 100);
  await b.pass(1_000);
  await stopped;
  expect(b.source.last(id)?.clientStatus).toBe("complete");
});

test("restarting all tasks also runs those again that have ended", async () => {
  const agent = await b.start();
  const init = scriptedTask({ Name: "init", Lifecycle: { Hook: "prestart", Sidecar: false } });
  b.source.put(
    wanted(agent, scriptedJob({ TaskGroups: [scriptedGroup({ Tasks: [init, scriptedTask()] })] })),
  );
  await b.until("init", () => b.engine.running().includes("init#0"));
  b.engine.exit("init");
  await b.until("main", () => b.engine.running().includes("main#0"));
  agent.restart(id, null, true);
  await b.until("both again", () => [...b.engine.running()].sort().join() === "init#1,main#1");
  await b.until("the report of it", () => b.eventTypes("init").at(-1) === "Started");
  expect(b.eventTypes("init").slice(-3)).toEqual(["Restart Signaled", "Restarting", "Started"]);
});

test("the files of an ended allocation can be cleared away, those of a running one cannot", async () => {
  const agent = await b.start();
  b.source.put(wanted(agent, scriptedJob({ Type: "batch" })));
  await b.statusIs("running");
  await expect(agent.collect(id)).rejects.toThrow("has not ended yet");
  b.engine.exit("main");
  await b.until("removed", () => b.engine.tasks.size === 0);
  await b.until("over", () => b.source.last(id)?.clientStatus === "complete");
  expect((await agent.files.list(id, "/")).map((file) => file.Name)).toEqual(["alloc", "main"]);
  await agent.collect(id);
  await expect(agent.files.list(id, "/")).rejects.toMatchObject({ code: "not-found" });
  await b.pass(40_000);
  expect(b.engine.calls).toEqual(["start main#0", "remove main#0"]);
});

test("a successor waits until nothing of its predecessor is left", async () => {
  const agent = await b.start();
  const old = wanted(agent);
  b.source.put(old);
  await b.statusIs("running");
  b.engine.isReachable = false;
  const next = allocationId("55555555-5555-4555-a555-555555555555");
  b.source.put({ ...old, allocation: { ...old.allocation, DesiredStatus: "stop" } });
  b.source.put(wanted(agent, scriptedJob(), { ID: next, PreviousAllocation: id }));
  await b.pass(60_000);
  expect(b.engine.calls).toEqual(["start main#0"]);
  b.engine.isReachable = true;
  await b.until("successor", () => b.source.last(next)?.clientStatus === "running", 1_000);
  expect(b.engine.calls).toEqual(["start main#0", "stop main#0", "remove main#0", "start main#0"]);
});

test("servers out of reach neither stop the tasks nor the agent, and hear everything later", async () => {
  const agent = await b.start();
  b.source.put(wanted(agent));
  await b.statusIs("running");
  b.source.isReachable = false;
  b.engine.exit("main", { code: 1 });
  await b.until("restarted", () => b.engine.running().includes("main#1"));
  await b.stop(agent);
  b.source.isReachable = true;
  await b.start();
  await b.until("told", () => b.source.last(id)?.taskStates["main"]?.Restarts === 1);
  expect(b.engine.running()).toEqual(["main#1"]);
});

test("a record that cannot be read stops the start with its name, and nothing is touched", async () => {
  const agent = await b.start();
  b.source.put(wanted(agent));
  await b.statusIs("running");
  await b.stop(agent);
  const db = openNodeDb(join(b.directory, "client"));
  db.putAllocation({ id, desired: "{", record: "{" });
  db.close();
  await expect(b.start()).rejects.toThrow(`unreadable record of allocation ${id}`);
  expect(b.engine.running()).toEqual(["main#0"]);
});
