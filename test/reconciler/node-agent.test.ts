import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { noFailpoint } from "../../src/lib/failpoint.ts";
import type { Failpoint } from "../../src/lib/failpoint.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { deploymentId, nodeId } from "../../src/model/ids.ts";
import { startNodeAgent } from "../../src/reconciler/node-agent.ts";
import type { NodeAgent } from "../../src/reconciler/node-agent.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";
import { MemorySource } from "../support/memory-source.ts";
import {
  buildDesired,
  buildGroup,
  buildJob,
  buildTask,
  testAllocationId as id,
  testNodeConfig,
} from "../support/node-builders.ts";
import { ScriptedEngine } from "../support/scripted-driver.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { until } from "../support/until.ts";

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Bench {
  readonly clock: FakeClock;
  readonly engine: ScriptedEngine;
  readonly source: MemorySource;
  readonly directory: string;
  start(failpoint?: Failpoint): Promise<NodeAgent>;
  /** Waits for real work (files, promises), then for `ms` of the fake clock. */
  pass(ms?: number): Promise<void>;
}

function bench(): Bench {
  const directory = mkdtempSync(join(tmpdir(), "node-agent-"));
  cleanups.push(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  const clock = new FakeClock();
  const [engine, source] = [new ScriptedEngine(), new MemorySource()];
  const random = seededRandom(7);
  return {
    clock,
    engine,
    source,
    directory,
    async start(failpoint = noFailpoint) {
      const agent = await startNodeAgent({
        clock,
        random,
        source,
        failpoint,
        log: silentLogger,
        drivers: [engine.driver()],
        dataDir: join(directory, "client"),
        allocDir: join(directory, "alloc"),
        nodeConfig: testNodeConfig,
        clusterId: "test",
        hostEnv: {},
      });
      let isStopped = false;
      const once = {
        ...agent,
        async stop(options: { readonly destroyAll: boolean }) {
          if (isStopped) return;
          isStopped = true;
          await agent.stop(options);
        },
      };
      cleanups.push(() => once.stop({ destroyAll: false }));
      return once;
    },
    async pass(ms = 0) {
      await clock.advance(ms);
      await settle();
    },
  };
}

/** Puts an allocation that belongs to this agent. */
function wanted(
  agent: NodeAgent,
  job = buildJob(),
  overrides = {},
): ReturnType<typeof buildDesired> {
  return buildDesired(job, { NodeID: nodeId(agent.nodeId), ...overrides });
}

const statusIs = (b: Bench, status: string): Promise<unknown> =>
  until(`status ${status}`, async () => {
    await b.pass(50);
    return b.source.last(id)?.clientStatus === status;
  });

const eventTypes = (b: Bench, task = "main"): readonly string[] =>
  b.source.last(id)?.taskStates[task]?.Events.map((event) => event.Type) ?? [];

test("an allocation is started, reported running and, after its healthy time, healthy", async () => {
  const b = bench();
  const agent = await b.start();
  b.source.put(wanted(agent, buildJob(), { DeploymentID: deploymentId("d-1") }));
  await statusIs(b, "running");
  expect(b.engine.running()).toEqual(["main#0"]);
  expect(eventTypes(b)).toEqual(["Received", "Task Setup", "Started"]);
  expect(b.source.last(id)?.health).toBeNull();
  await b.pass(10_000);
  await until("healthy", async () => {
    await b.pass(300);
    return b.source.last(id)?.health?.healthy === true;
  });
});

test("a failing task restarts by its policy, then fails the allocation", async () => {
  const b = bench();
  const agent = await b.start();
  b.source.put(wanted(agent));
  await statusIs(b, "running");
  for (const next of ["main#1", "main#2"]) {
    b.engine.exit("main", { code: 1 });
    await until(next, async () => {
      await b.pass(100);
      return b.engine.running().includes(next);
    });
  }
  b.engine.exit("main", { code: 1 });
  await statusIs(b, "failed");
  const state = b.source.last(id)?.taskStates["main"];
  expect(state).toMatchObject({ State: "dead", Failed: true, Restarts: 2 });
  expect(state?.Events.at(-1)).toMatchObject({
    Type: "Not Restarting",
    Details: {
      restart_reason: 'Exceeded allowed attempts 2 in interval 10m0s and mode is "fail"',
    },
  });
  await until("nothing left", async () => {
    await b.pass(100);
    return b.engine.tasks.size === 0;
  });
});

test("a batch task that ends well completes its allocation", async () => {
  const b = bench();
  const agent = await b.start();
  b.source.put(wanted(agent, buildJob({ Type: "batch" })));
  await statusIs(b, "running");
  b.engine.exit("main");
  await statusIs(b, "complete");
  expect(b.source.last(id)?.clientDescription).toBe("All tasks have completed");
});

test("a restarted agent takes up the running task again without touching it", async () => {
  const b = bench();
  const first = await b.start();
  b.source.put(wanted(first));
  await statusIs(b, "running");
  await first.stop({ destroyAll: false });
  const second = await b.start();
  expect(second.nodeId).toBe(first.nodeId);
  await b.pass(20_000);
  expect(b.engine.calls).toEqual(["start main#0"]);
  expect(eventTypes(b)).toEqual(["Received", "Task Setup", "Started"]);
  b.engine.exit("main", { code: 3 });
  await until("restart", async () => {
    await b.pass(100);
    return b.engine.running().includes("main#1");
  });
});

test("an agent that lost its memory finds the task by its labels", async () => {
  const b = bench();
  const first = await b.start();
  b.source.put(wanted(first));
  await statusIs(b, "running");
  await first.stop({ destroyAll: false });
  for (const name of ["node.db", "node.db-wal", "node.db-shm"])
    rmSync(join(b.directory, "client", name), { force: true });
  const second = await b.start();
  expect(second.nodeId).toBe(first.nodeId);
  await statusIs(b, "running");
  await b.pass(20_000);
  expect(b.engine.calls).toEqual(["start main#0"]);
});

test("an engine out of reach changes nothing", async () => {
  const b = bench();
  const agent = await b.start();
  b.source.put(wanted(agent));
  await statusIs(b, "running");
  b.engine.isReachable = false;
  await b.pass(120_000);
  b.engine.isReachable = true;
  await b.pass(60_000);
  expect(b.engine.calls).toEqual(["start main#0"]);
  expect(b.source.last(id)?.clientStatus).toBe("running");
});

test("a stopped allocation is stopped, removed and cleared away once the servers forget it", async () => {
  const b = bench();
  const agent = await b.start();
  const desired = wanted(agent);
  b.source.put(desired);
  await statusIs(b, "running");
  b.source.put({ ...desired, allocation: { ...desired.allocation, DesiredStatus: "stop" } });
  await statusIs(b, "complete");
  expect(eventTypes(b).slice(3)).toEqual(["Killing", "Terminated", "Killed"]);
  await until("removed", async () => {
    await b.pass(50);
    return b.engine.tasks.size === 0;
  });
  b.source.remove(id);
  await until("directory gone", async () => {
    await b.pass(50);
    try {
      readFileSync(join(b.directory, "alloc", id, "alloc"));
    } catch (thrown) {
      return thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
    }
    return false;
  });
});

test("a newer job version in place leaves the running task alone", async () => {
  const b = bench();
  const agent = await b.start();
  const desired = wanted(agent);
  b.source.put(desired);
  await statusIs(b, "running");
  const tasks = [buildTask({ Env: { COLOUR: "red" }, KillTimeout: 9e9 })];
  const job = buildJob({ Version: 1, TaskGroups: [buildGroup({ Tasks: tasks })] });
  b.source.put({ job, allocation: { ...desired.allocation, JobVersion: 1 } });
  await b.pass(20_000);
  expect(b.engine.calls).toEqual(["start main#0"]);
});

test("a start that is under way is given up when the allocation is to stop", async () => {
  const b = bench();
  const agent = await b.start();
  b.engine.startGate = new Promise(() => undefined);
  const desired = wanted(agent);
  b.source.put(desired);
  await until("set up", async () => {
    await b.pass(50);
    return eventTypes(b).includes("Task Setup");
  });
  b.source.put({ ...desired, allocation: { ...desired.allocation, DesiredStatus: "stop" } });
  await statusIs(b, "complete");
  expect(b.engine.calls).toEqual([]);
});

test("the output of a task is in its log file, once, across a restart of the agent", async () => {
  const b = bench();
  const first = await b.start();
  b.source.put(wanted(first));
  await statusIs(b, "running");
  const log = join(b.directory, "alloc", id, "alloc", "logs", "main.stdout.0");
  b.engine.print("main", "one\n");
  await until("first line", async () => {
    await b.pass(50);
    return readFileSync(log, "utf8") === "one\n";
  });
  await first.stop({ destroyAll: false });
  b.engine.print("main", "two\n");
  await b.start();
  await until("second line", async () => {
    await b.pass(50);
    return readFileSync(log, "utf8") === "one\ntwo\n";
  });
});

test("a stray with our labels is stopped only after the grace and when the servers deny it", async () => {
  const b = bench();
  const first = await b.start();
  b.source.put(wanted(first));
  await statusIs(b, "running");
  await first.stop({ destroyAll: false });
  rmSync(join(b.directory, "client", "node.db"));
  rmSync(join(b.directory, "client", "node.db-wal"), { force: true });
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
  const b = bench();
  const first = await b.start();
  b.source.put(wanted(first));
  await statusIs(b, "running");
  await first.stop({ destroyAll: false });
  rmSync(join(b.directory, "client", "node.db"));
  rmSync(join(b.directory, "client", "node.db-wal"), { force: true });
  b.source.desired.clear();
  await b.start();
  await until("orphan removed", async () => {
    await b.pass(20_000);
    return b.engine.tasks.size === 0;
  });
  expect(b.engine.calls).toEqual(["start main#0", "stop main#0", "remove main#0"]);
});

test("a driver that falls ill and recovers is registered anew with an event", async () => {
  const b = bench();
  await b.start();
  await until("registered", async () => {
    await b.pass(50);
    return b.source.registrations.length === 1;
  });
  b.engine.health = false;
  await b.pass(31_000);
  await until("registered again", async () => {
    await b.pass(50);
    return b.source.registrations.length === 2;
  });
  expect(b.source.registrations[1]).toMatchObject({
    Drivers: { scripted: { Healthy: false, HealthDescription: "Unhealthy" } },
    Events: [{ Message: "Unhealthy", Subsystem: "Driver", Details: { driver: "scripted" } }],
  });
  expect(b.source.heartbeats).toBeGreaterThan(3);
});

test("a user may restart and signal what runs, and nothing else", async () => {
  const b = bench();
  const agent = await b.start();
  b.source.put(wanted(agent));
  await statusIs(b, "running");
  await agent.signal(id, "main", "SIGHUP");
  agent.restart(id, null, true);
  await until("restarted", async () => {
    await b.pass(50);
    return b.engine.running().includes("main#1");
  });
  expect(b.engine.calls).toEqual([
    "start main#0",
    "signal main#0 SIGHUP",
    "stop main#0",
    "remove main#0",
    "start main#1",
  ]);
  await b.pass(300);
  expect(eventTypes(b).slice(3)).toEqual([
    "Signaling",
    "Restart Signaled",
    "Terminated",
    "Restarting",
    "Started",
  ]);
  expect(() => agent.restart(id, "nope", false)).toThrow("Could not find task nope");
});

test("stopping with destroyAll leaves nothing behind", async () => {
  const b = bench();
  const agent = await b.start();
  b.source.put(wanted(agent));
  await statusIs(b, "running");
  const stopped = agent.stop({ destroyAll: true });
  await until("all gone", async () => {
    await b.pass(100);
    return b.engine.tasks.size === 0;
  });
  await b.pass(1_000);
  await stopped;
  expect(b.source.last(id)?.clientStatus).toBe("complete");
});
