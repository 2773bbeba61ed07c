import { afterEach, beforeEach, expect, test } from "vitest";
import { createMockDriver } from "../../../src/drivers/mock-driver.ts";
import type { TaskDriver, TaskKey } from "../../../src/drivers/port.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import type { JsonMap } from "../../../src/model/job.ts";
import { makeDriverBench } from "../../support/driver-spec.ts";
import { FakeClock, settle } from "../../support/fake-clock.ts";
import type { CommandSession } from "../../../src/lib/command-session.ts";

const signal = new AbortController().signal;
let bench: ReturnType<typeof makeDriverBench>;
let clock: FakeClock;
let driver: TaskDriver;
const open = (enabled = true): TaskDriver =>
  createMockDriver({ clock, log: silentLogger, enabled, stateDir: `${bench.dir}/records` });

beforeEach(() => {
  bench = makeDriverBench();
  clock = new FakeClock();
  driver = open();
});
afterEach(() => {
  bench.clean();
});

const start = (config: JsonMap) => driver.start(bench.spec(config), () => undefined, signal);

test("a task runs for its time and ends as it is told, also for an agent that was away meanwhile", async () => {
  const { handle } = await start({
    run_for: "10s",
    exit_code: 2,
    exit_signal: 15,
    exit_err_msg: "no luck",
  });
  await clock.advance(9_999);
  expect(await driver.inspect(handle, signal)).toMatchObject({ state: "running", exit: null });
  const restarted = open();
  await clock.advance(100_000);
  expect(await restarted.inspect(handle, signal)).toMatchObject({
    state: "exited",
    startedAt: "2023-11-14T22:13:20.000Z",
    finishedAt: "2023-11-14T22:13:30.000Z",
    exit: { code: 2, signal: 15, oomKilled: false, message: "no luck" },
  });
});

test("a text comes again after each pause, and no more once the task is killed", async () => {
  const { handle } = await start({
    run_for: "10s",
    stdout_string: "tick\n",
    stdout_repeat: 5,
    stdout_repeat_duration: "1s",
  });
  let text = "";
  const reading = (async () => {
    for await (const chunk of driver.output(handle, null, signal))
      text += Buffer.from(chunk.data).toString();
  })();
  await clock.advance(0);
  expect(text).toBe("tick\n");
  await clock.advance(2_500);
  expect(text).toBe("tick\n".repeat(3));
  await driver.stop(handle, { signal: "SIGINT", timeoutMs: 5_000 }, signal);
  await clock.advance(5_000);
  await reading;
  expect(text).toBe("tick\n".repeat(3));
});

test("a start fails with the text it is told, for good or not", async () => {
  await expect(start({ start_error: "no seat" })).rejects.toMatchObject({
    message: "no seat",
    fields: { recoverable: false },
  });
  await expect(
    start({ start_error: "no seat", start_error_recoverable: true }),
  ).rejects.toMatchObject({ fields: { recoverable: true } });
});

test("a start waits as long as it is told, and leaves off when it is not wanted any more", async () => {
  let isStarted = false;
  const starting = start({ start_block_for: "5s", run_for: "1s" }).finally(() => {
    isStarted = true;
  });
  await clock.advance(4_999);
  expect(isStarted).toBe(false);
  await clock.advance(1);
  await starting;
  const unwanted = new AbortController();
  const blocked = driver.start(
    bench.spec({ start_block_for: "5s" }),
    () => undefined,
    unwanted.signal,
  );
  unwanted.abort(new Error("never mind"));
  await expect(blocked).rejects.toThrow("never mind");
});

test("a signal fails with the text it is told, and only a deadly one ends the task", async () => {
  const stubborn = await start({ run_for: "10s", signal_error: "deaf" });
  await expect(driver.signal(stubborn.handle, "SIGHUP", signal)).rejects.toThrow("deaf");
  const task = await start({ run_for: "10s", exit_code: 4 });
  await driver.signal(task.handle, "SIGHUP", signal);
  expect((await driver.inspect(task.handle, signal))?.state).toBe("running");
  await driver.signal(task.handle, "SIGTERM", signal);
  expect((await driver.inspect(task.handle, signal))?.exit?.code).toBe(4);
});

test("while its plugin is gone the driver is out of reach, and the task is none the worse", async () => {
  const { handle } = await start({ run_for: "60s", plugin_exit_after: "5s" });
  await clock.advance(5_000);
  expect(await driver.fingerprint(signal)).toMatchObject({ detected: true, healthy: false });
  await expect(driver.inspect(handle, signal)).rejects.toMatchObject({
    code: "driver-unreachable",
  });
  await expect(driver.list(bench.owner, signal)).rejects.toMatchObject({
    code: "driver-unreachable",
  });
  await clock.advance(1_000);
  expect(await driver.fingerprint(signal)).toMatchObject({ healthy: true });
  expect((await driver.inspect(handle, signal))?.state).toBe("running");
});

test("a task has the address that it is told", async () => {
  const task = await start({
    driver_ip: "10.1.2.3",
    driver_advertise: true,
    driver_port_map: "http:8080",
  });
  expect(task.network).toEqual({ ip: "10.1.2.3", isAdvertised: true, ports: { http: 8080 } });
  expect((await start({ driver_advertise: true })).network).toBeUndefined();
});

test("an end is told when it is due", async () => {
  const told: TaskKey[] = [];
  const watch = driver.watch(bench.owner, (key) => told.push(key));
  const { key } = await start({ run_for: "3s" });
  await settle();
  await clock.advance(2_999);
  expect(told).toEqual([]);
  await clock.advance(1);
  expect(told).toEqual([key]);
  await clock.advance(60_000);
  expect(told).toHaveLength(1);
  watch.close();
  expect(clock.pendingTimers()).toBe(0);
});

test("a command inside a task is the one of exec_command", async () => {
  const { handle } = await start({
    run_for: "60s",
    exec_command: { run_for: "2s", stdout_string: "inside\n", exit_code: 5 },
  });
  const session = await exec(handle);
  let text = "";
  const reading = (async () => {
    for await (const { data } of session.output) text += Buffer.from(data).toString();
  })();
  await clock.advance(2_000);
  await reading;
  expect([text, await session.exit]).toEqual(["inside\n", 5]);

  const closed = await exec(handle);
  closed.close();
  expect(await closed.exit).toBe(137);
  expect(clock.pendingTimers()).toBe(0);
});

test("without exec_command, or without a running task, there is nothing to pretend", async () => {
  const quiet = await start({ run_for: "60s" });
  await expect(exec(quiet.handle)).rejects.toThrow("no exec_command");
  const ended = await start({ exec_command: { exit_code: 0 } });
  await expect(exec(ended.handle)).rejects.toThrow("does not run");
});

test("a driver that is not enabled is not detected and refuses a task that comes anyway", async () => {
  driver = open(false);
  expect(await driver.fingerprint(signal)).toMatchObject({ detected: false });
  await expect(start({})).rejects.toMatchObject({ fields: { recoverable: false } });
});

test("an option that is like no other is left alone", () => {
  expect(driver.validate({ wholly_different_thing: 1 })).toEqual([]);
});

function exec(handle: string): Promise<CommandSession> {
  if (driver.exec === undefined) throw new Error("the driver runs no commands inside tasks");
  return driver.exec(handle, { command: ["anything"], tty: false }, signal);
}
