import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { privateEngine, type PrivateEngine } from "../../support/private-dockerd.ts";
import { openSocketProxy, type SocketProxy } from "../../support/socket-proxy.ts";
import {
  expectRestarted,
  expectUntouched,
  type FaultBench,
  faultBench,
  lasting,
  politeOnce,
  upgradeKeeping,
} from "../engine-faults.ts";

/** Run by `npm run test:docker-faults`: 20 containers, and faults as long as they are in real life. */
const count = 20;
const longMs = 60_000;
let engine: PrivateEngine;
let bench: FaultBench | undefined;
let proxy: SocketProxy | undefined;

beforeEach(async () => {
  engine = await privateEngine("busybox:1.36");
});
afterEach(async () => {
  await bench?.cleanUp();
  await proxy?.close();
  await engine.cleanUp();
  bench = undefined;
  proxy = undefined;
});

const say = (what: string, p99Ms: number): void => {
  process.stdout.write(`${what}: event loop p99 ${p99Ms.toFixed(1)} ms\n`);
};

async function keepingBench(): Promise<FaultBench> {
  await engine.stop();
  await engine.start({ liveRestore: true });
  bench = await faultBench(engine, engine.socket);
  await bench.fill(count);
  return bench;
}

test("20 containers live through three restarts of an engine that keeps them", async () => {
  const kept = await keepingBench();
  for (let round = 1; round <= 3; round++) {
    const p99Ms = await upgradeKeeping(engine, kept);
    say(`restart ${round} with live-restore`, p99Ms);
    expect(p99Ms).toBeLessThan(20);
  }
}, 300_000);

test("20 containers live through an engine that is killed and away for a minute", async () => {
  const kept = await keepingBench();
  const before = await kept.running();
  const { p99Ms } = await kept.delayDuring(async () => {
    await engine.kill();
    await lasting(longMs);
    await engine.start({ liveRestore: true });
    await kept.driverIs(true);
  });
  say("killed, away for 60 s", p99Ms);
  await expectUntouched(kept, before);
  expect(p99Ms).toBeLessThan(20);
}, 300_000);

test("20 containers live through an engine that is frozen for a minute", async () => {
  const kept = await keepingBench();
  const before = await kept.running();
  const { p99Ms } = await kept.delayDuring(async () => {
    engine.freeze();
    await kept.driverIs(false);
    await lasting(longMs);
    await expectTasksRun(kept);
    engine.thaw();
    await kept.driverIs(true);
  });
  say("frozen for 60 s", p99Ms);
  await expectUntouched(kept, before);
  expect(p99Ms).toBeLessThan(20);
}, 300_000);

test.each([
  { what: "answering 500", mode: "fail", delayMs: 0 },
  { what: "keeping every request to itself", mode: "hang", delayMs: 0 },
  { what: "closing every connection", mode: "refuse", delayMs: 0 },
  { what: "five seconds late with each connection", mode: "pass", delayMs: 5_000 },
] as const)(
  "20 containers live through a minute of an engine $what",
  async ({ what, mode, delayMs }) => {
    const path = join("/tmp", `engine-faults-${process.pid}.sock`);
    const broken = await openSocketProxy(path, engine.socket);
    proxy = broken;
    const kept = await faultBench(engine, path);
    bench = kept;
    await kept.fill(count);
    const before = await kept.running();
    const { p99Ms } = await kept.delayDuring(async () => {
      Object.assign(broken, { mode, delayMs });
      broken.cut();
      await lasting(longMs);
      await expectTasksRun(kept);
      Object.assign(broken, { mode: "pass", delayMs: 0 });
      broken.cut();
      await kept.driverIs(true);
    });
    say(what, p99Ms);
    await expectUntouched(kept, before);
    expect(p99Ms).toBeLessThan(20);
  },
  300_000,
);

test("20 containers that their engine takes along start again once each, twice for free", async () => {
  bench = await faultBench(engine, engine.socket);
  await bench.fill(count, politeOnce);
  await engine.stop();
  await engine.start();
  await expectRestarted(bench, count, 1);
  await engine.kill();
  await engine.start();
  await expectRestarted(bench, count, 2);
}, 300_000);

test("groups with a network of their own get one new network each, and their tasks one new start", async () => {
  bench = await faultBench(engine, engine.socket);
  const groups = 5;
  const extra = 'network { mode = "bridge" }';
  await bench.fill(groups, { ...politeOnce, extra });
  expect(await bench.running()).toHaveLength(2 * groups);
  for (const times of [1, 2]) {
    await engine.stop();
    await engine.start();
    await expectRestarted(bench, groups, times, 2 * groups);
  }
}, 300_000);

/** What the servers say while the engine says nothing. */
async function expectTasksRun(kept: FaultBench): Promise<void> {
  const tasks = await kept.tasks();
  expect(tasks).toHaveLength(count);
  for (const task of tasks)
    expect(task).toMatchObject({ desired: "run", client: "running", restarts: 0 });
}
