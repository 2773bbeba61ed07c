import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { privateEngine, type PrivateEngine } from "../support/private-dockerd.ts";
import { openSocketProxy, type SocketProxy } from "../support/socket-proxy.ts";
import { until } from "../support/until.ts";
import {
  expectRestarted,
  expectUntouched,
  type FaultBench,
  faultBench,
  lasting,
  politeOnce,
  upgradeKeeping,
} from "./engine-faults.ts";

/**
 * Unknown is not dead, on an engine that really goes away. With 20 containers and for longer:
 * `npm run test:docker-faults`.
 */
const count = 4;
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

test("an engine that keeps its containers over a restart, a kill and a freeze finds them as they were", async () => {
  await engine.stop();
  await engine.start({ liveRestore: true });
  bench = await faultBench(engine, engine.socket);
  await bench.fill(count);
  const before = await bench.running();
  expect(await upgradeKeeping(engine, bench)).toBeLessThan(20);

  await engine.kill();
  await bench.driverIs(false);
  await engine.start({ liveRestore: true });
  await bench.driverIs(true);
  await expectUntouched(bench, before);

  const { p99Ms } = await bench.delayDuring(async () => {
    engine.freeze();
    await lasting(10_000);
    engine.thaw();
  });
  await bench.driverIs(true);
  await expectUntouched(bench, before);
  expect(p99Ms).toBeLessThan(20);
});

test("an engine that takes its containers along has each started again once, at once, and for free", async () => {
  bench = await faultBench(engine, engine.socket);
  await bench.fill(count, politeOnce);
  await engine.stop();
  await engine.start();
  await expectRestarted(bench, count, 1);
  // The policy has one attempt: had the first restart taken it, this one would fail the tasks.
  await engine.kill();
  await engine.start();
  await expectRestarted(bench, count, 2);
  // A failure of the task's own still counts.
  const [one = ""] = await bench.running();
  const [id = ""] = one.split(" ");
  await engine.docker.getContainer(id).kill({ signal: "SIGKILL" });
  await bench.waits();
});

test("an engine that is slow or answers 500 is believed in nothing about its containers", async () => {
  proxy = await openSocketProxy(join("/tmp", `engine-faults-${process.pid}.sock`), engine.socket);
  bench = await faultBench(engine, proxy.endpoint.slice("unix://".length));
  await bench.fill(count);
  const before = await bench.running();
  for (const mode of ["fail", "hang"] as const) {
    const { p99Ms } = await bench.delayDuring(async () => {
      const broken = proxy as SocketProxy;
      broken.mode = mode;
      broken.cut();
      const before = broken.opened;
      // The events and the output of each task are asked for again; what answers 500 is asked once more.
      await until("the agent to ask the broken engine", () => broken.opened > before + count);
      broken.mode = "pass";
      broken.cut();
    });
    await bench.driverIs(true);
    await expectUntouched(bench, before);
    expect(p99Ms).toBeLessThan(20);
  }
});
