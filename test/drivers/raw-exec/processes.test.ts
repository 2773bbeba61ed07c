import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { processStart } from "../../../src/drivers/executor/proc.ts";
import { demandIsolation } from "../../support/machine.ts";
import { until } from "../../support/until.ts";
import {
  signal,
  bench,
  records,
  driver,
  start,
  ended,
  firstLine,
  placeOf,
  recordOf,
  useRawExec,
} from "./bench.ts";

useRawExec();

test("stop takes the children of a task with it, also those that it left behind", async () => {
  const task = await start("sleep 1000 & echo $!; wait");
  const child = Number(await firstLine(task.handle));
  await driver.stop(task.handle, { signal: "SIGTERM", timeoutMs: 2_000 }, signal);
  await until("the child to be gone", () => processStart(child) === undefined);

  const left = await start("sleep 1000 & echo $!");
  await ended(left.handle);
  const orphan = Number(await firstLine(left.handle));
  expect(processStart(orphan)).toBeDefined();
  await driver.stop(left.handle, { signal: "", timeoutMs: 1_000 }, signal);
  await until("the orphan to be gone", () => processStart(orphan) === undefined);
});

test("a task whose wrapper was killed runs on, and its end is told without a code of its own", async () => {
  const task = await start("sleep 1000");
  const { wrapper, pid } = recordOf(task.handle);
  process.kill(wrapper, "SIGKILL");
  await until("the wrapper to be gone", () => processStart(wrapper) === undefined);
  expect(await driver.inspect(task.handle, signal)).toMatchObject({ state: "running" });
  process.kill(pid, "SIGKILL");
  expect((await ended(task.handle)).exit?.message).toBe(
    "the process is gone and left no exit code",
  );
});

test("numbers that belong to somebody else by now are neither running nor killed", async () => {
  const stranger = spawn("sleep", ["1000"], { detached: true, stdio: "ignore" });
  try {
    const task = await start("true");
    await ended(task.handle);
    const pid = stranger.pid ?? 0;
    const forged = { wrapper: pid, wrapperStart: "1", pid, pidStart: "1" };
    const path = join(records, task.handle, "process.json");
    writeFileSync(path, JSON.stringify({ ...recordOf(task.handle), ...forged }));
    await driver.stop(task.handle, { signal: "SIGKILL", timeoutMs: 100 }, signal);
    expect(processStart(pid)).toBeDefined();

    const true_ = {
      wrapper: pid,
      wrapperStart: processStart(pid),
      pid,
      pidStart: processStart(pid),
    };
    writeFileSync(path, JSON.stringify({ ...true_, boot: "another boot" }));
    await driver.remove(task.handle, signal);
    expect(processStart(pid)).toBeDefined();
  } finally {
    stranger.kill("SIGKILL");
  }
});

test("a removed task leaves no record", async () => {
  const task = await start("sleep 1000");
  const { wrapper, pid } = recordOf(task.handle);
  await driver.remove(task.handle, signal);
  expect([processStart(wrapper), processStart(pid)]).toEqual([undefined, undefined]);
  expect(readdirSync(records)).toEqual([]);
});

test("a task that was killed by a signal shows it", async () => {
  const task = await start("kill -9 $$");
  expect((await ended(task.handle)).exit).toMatchObject({ code: 137, signal: 9 });
});

test("a signal that nobody knows is an interrupt", async () => {
  const task = await start("exec sleep 1000");
  await driver.signal(task.handle, "SIGMOON", signal);
  expect((await ended(task.handle)).exit).toMatchObject({ code: 130, signal: 2 });
});

test("a fast writer fills neither the disk nor the agent's memory", async () => {
  const megabytes = 192;
  const task = await start(`head -c ${megabytes}M /dev/zero; sleep 1000`);
  const spool = join(records, task.handle, "stdout");
  const before = process.memoryUsage().rss;
  let [bytes, mostMemory] = [0, 0];
  let stored: string | undefined;
  const enough = new AbortController();
  const reading = (async () => {
    const more = { stored: () => stored };
    for await (const chunk of driver.output(task.handle, null, enough.signal, more)) {
      bytes += chunk.data.length;
      stored = chunk.cursor;
      mostMemory = Math.max(mostMemory, process.memoryUsage().rss - before);
    }
  })();
  await until("the read parts to be given back", () => {
    const { size, blocks } = statSync(spool);
    return bytes === megabytes * 1024 * 1024 && size === bytes && blocks * 512 < 24 * 1024 * 1024;
  });
  enough.abort();
  await reading;
  expect(mostMemory).toBeLessThan(96 * 1024 * 1024);
});

test("a hundred records are listed without holding anything else up", async () => {
  const owner = { cluster: bench.owner.cluster, nodeId: "many" };
  for (let n = 0; n < 25; n++) await start("exit 0", {}, { owner });
  let steps = 0;
  let isCounting = true;
  const count = (): void => {
    steps += 1;
    if (isCounting) setImmediate(count);
  };
  setImmediate(count);
  const listed: unknown[] = [];
  for (let n = 0; n < 4; n++) listed.push(...(await driver.list(owner, signal)));
  isCounting = false;
  expect(listed).toHaveLength(100);
  // The event loop came round between the records, whatever the machine was busy with.
  expect(steps).toBeGreaterThanOrEqual(4);
  for (const task of await driver.list(owner, signal)) await driver.remove(task.handle, signal);
});

test("what hid in a session of its own is killed with the task's cgroup, which goes too", async () => {
  demandIsolation();
  const task = await start("setsid sleep 1000 & echo $!; sleep 1000");
  const hidden = Number(await firstLine(task.handle));
  const { cgroup } = placeOf(task.handle);
  expect(cgroup?.isOwn).toBe(true);
  await driver.stop(task.handle, { signal: "SIGTERM", timeoutMs: 2_000 }, signal);
  expect(processStart(hidden)).toBeUndefined();
  await driver.remove(task.handle, signal);
  expect((cgroup?.paths ?? []).filter((path) => existsSync(path))).toEqual([]);
});
