import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createDockerDriver } from "../../../src/drivers/docker.ts";
import { openEngine } from "../../../src/drivers/docker/engine.ts";
import { defaultDockerConfig } from "../../../src/drivers/docker/options.ts";
import { fingerprintEngine } from "../../../src/drivers/docker/fingerprint.ts";
import type { LogChunk, TaskDriver, TaskKey } from "../../../src/drivers/port.ts";
import { AppError } from "../../../src/lib/errors.ts";
import type { Clock } from "../../../src/lib/clock.ts";
import { silentLogger, type Logger } from "../../../src/lib/logger.ts";
import { createSystemClock } from "../../../src/lib/system/clock.ts";
import { makeDriverBench } from "../../support/driver-spec.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { openSocketProxy, type SocketProxy } from "../../support/socket-proxy.ts";
import { until } from "../../support/until.ts";

const signal = new AbortController().signal;
const clock = createSystemClock();
const socket = "/var/run/docker.sock";
const driverOf = (
  endpoint: string,
  callTimeoutMs = 60_000,
  over: { readonly clock?: Clock; readonly log?: Logger } = {},
): TaskDriver =>
  createDockerDriver({
    clock: over.clock ?? clock,
    log: over.log ?? silentLogger,
    config: { ...defaultDockerConfig, endpoint, callTimeoutMs },
  });
const direct = driverOf(`unix://${socket}`);
const script = (text: string) => ({ image: "busybox:1.36", command: "sh", args: ["-c", text] });

let bench: ReturnType<typeof makeDriverBench>;
let proxy: SocketProxy;
let driver: TaskDriver;
beforeEach(async () => {
  bench = makeDriverBench();
  proxy = await openSocketProxy(join(bench.dir, "engine.sock"), socket);
  driver = driverOf(proxy.endpoint, 1_000);
});
afterEach(async () => {
  await proxy.close();
  for (const task of await direct.list(bench.owner, signal))
    await direct.remove(task.handle, signal);
  bench.clean();
});
const start = (text: string) => direct.start(bench.spec(script(text)), () => undefined, signal);
const unreachable = { code: "driver-unreachable" };

test("every call to an engine that hangs ends at its deadline as unreachable, and nothing is removed", async () => {
  const task = await start("sleep 60");
  proxy.mode = "hang";
  const calls = [
    driver.list(bench.owner, signal),
    driver.inspect(task.handle, signal),
    driver.start(bench.spec(script("true")), () => undefined, signal),
    driver.stop(task.handle, { signal: "", timeoutMs: 0 }, signal),
    driver.stop(task.handle, { signal: "SIGTERM", timeoutMs: 0 }, signal),
    driver.signal(task.handle, "SIGHUP", signal),
    driver.remove(task.handle, signal),
    driver.stats(task.handle, signal),
    collect(driver.output(task.handle, null, signal)),
  ];
  for (const outcome of await Promise.allSettled(calls))
    expect(outcome).toMatchObject({ status: "rejected", reason: unreachable });
  expect(await direct.inspect(task.handle, signal)).toMatchObject({ state: "running" });
  // Calls of the default settings would wait for a minute.
}, 45_000);

test("a caller that gives up is not told that the engine is gone", async () => {
  proxy.mode = "hang";
  const abort = new AbortController();
  const listing = driver.list(bench.owner, abort.signal);
  abort.abort(new Error("enough"));
  await expect(listing).rejects.toMatchObject({ code: "cancelled" });
});

test("a closed connection is an unreachable engine, an answer of 500 a driver error that may pass", async () => {
  proxy.mode = "refuse";
  await expect(driver.list(bench.owner, signal)).rejects.toMatchObject(unreachable);
  proxy.mode = "fail";
  const passing = { code: "driver", fields: { status: 500, recoverable: true } };
  await expect(driver.list(bench.owner, signal)).rejects.toMatchObject(passing);
});

test("an engine that answers late but in time does its work", async () => {
  proxy.delayMs = 100;
  const wanted = bench.spec(script("sleep 60"));
  const task = await driver.start(wanted, () => undefined, signal);
  expect(await driver.inspect(task.handle, signal)).toMatchObject({ state: "running" });
});

test("an engine never seen is undetected, one seen before is unhealthy", async () => {
  proxy.mode = "refuse";
  expect(await driver.fingerprint(signal)).toMatchObject({ detected: false, healthy: false });
  proxy.mode = "pass";
  const seen = await driver.fingerprint(signal);
  expect(seen).toMatchObject({ detected: true, healthy: true, description: "Healthy" });
  expect(seen.attributes["bridge_ip"]).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
  proxy.mode = "refuse";
  proxy.cut();
  expect(await driver.fingerprint(signal)).toEqual({
    detected: true,
    healthy: false,
    description: "Failed to connect to docker daemon",
    attributes: {},
  });
});

test("whoever watches hears of a lost engine within a second, without a call of their own", async () => {
  let doubts = 0;
  const hints: TaskKey[] = [];
  const clock = new FakeClock();
  const waits: number[] = [];
  const log: Logger = {
    ...silentLogger,
    child: () => log,
    debug: (fields) => {
      if ("afterMs" in fields) waits.push(Number(fields.afterMs));
    },
  };
  const watcher = driverOf(proxy.endpoint, 60_000, { clock, log });
  const watch = watcher.watch(
    bench.owner,
    (key) => hints.push(key),
    () => void doubts++,
  );
  try {
    const task = await start("sleep 100");
    await until("the watch to be listening", () => hints.length > 0);
    await watcher.inspect(task.handle, signal);
    expect(doubts).toBe(0);
    proxy.mode = "refuse";
    proxy.cut();
    const wait = await until("the watch to see that it was cut off", () => waits[0]);
    expect(wait).toBeLessThan(1_000);
    await clock.advance(wait);
    await until("the doubt", () => doubts > 0);
  } finally {
    proxy.mode = "pass";
    watch.close();
  }
});

test("events are listened to again after the engine was away", async () => {
  const hints: TaskKey[] = [];
  const watch = driver.watch(bench.owner, (key) => hints.push(key));
  try {
    proxy.mode = "refuse";
    proxy.cut();
    const missed = await start("true");
    proxy.mode = "pass";
    const hinted = (key: TaskKey) =>
      until("the hint", () => hints.some(({ allocationId }) => allocationId === key.allocationId));
    await hinted(missed.key);
    hints.length = 0;
    const live = await start("true");
    await hinted(live.key);
  } finally {
    watch.close();
  }
});

test("output goes on without gap or doublet after the connection was cut, again and again", async () => {
  const lines = 300;
  const task = await start(
    `i=0; while [ $i -lt ${lines} ]; do echo out $i; echo err $i >&2; i=$((i+1)); [ $((i % 10)) = 0 ] && sleep 0.05; done`,
  );
  const chunks: LogChunk[] = [];
  let cuts = 0;
  for (;;) {
    try {
      for await (const chunk of driver.output(task.handle, chunks.at(-1)?.cursor ?? null, signal)) {
        chunks.push(chunk);
        if (chunks.length % 20 === 0 && cuts < 5) {
          cuts++;
          proxy.cut();
        }
      }
      break;
    } catch (thrown) {
      expect(thrown).toMatchObject(unreachable);
    }
  }
  const text = (stream: string) =>
    chunks
      .filter((chunk) => chunk.stream === stream)
      .map(({ data }) => Buffer.from(data).toString())
      .join("");
  const expected = (word: string) =>
    Array.from({ length: lines }, (_, index) => `${word} ${index}\n`).join("");
  expect(cuts).toBeGreaterThan(1);
  expect(text("stdout")).toBe(expected("out"));
  expect(text("stderr")).toBe(expected("err"));
});

test("a closed door gets the hint how to open it", async () => {
  const refused = new AppError("driver-unreachable", "no", { fields: { errno: "EACCES" } });
  const engine = { ask: () => Promise.reject(refused), askUnless: () => Promise.reject(refused) };
  const closed = { ...openEngine(clock, `unix://${socket}`, 1_000), ...engine };
  const found = await fingerprintEngine(closed, defaultDockerConfig, { wasSeen: false, signal });
  expect(found.description).toContain("sudo usermod -aG docker $USER");
});

test("an endpoint that is none is refused in words", () => {
  expect(() => driverOf("ssh://host")).toThrow("neither unix:// nor tcp://");
});

async function collect(output: AsyncIterable<LogChunk>): Promise<LogChunk[]> {
  const chunks: LogChunk[] = [];
  for await (const chunk of output) chunks.push(chunk);
  return chunks;
}
