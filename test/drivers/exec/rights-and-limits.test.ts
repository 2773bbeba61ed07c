import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { DriverNotice } from "../../../src/drivers/port.ts";
import { execPluginFaults } from "../../../src/drivers/exec.ts";
import { openCgroups, processesIn } from "../../../src/drivers/executor/cgroups.ts";
import { processStart } from "../../../src/drivers/executor/proc.ts";
import { until } from "../../support/until.ts";
import {
  signal,
  bench,
  driver,
  open,
  shell,
  start,
  startSpec,
  ended,
  textOf,
  printed,
  placeOf,
  bit,
  sets,
  setOf,
  useDriver,
  useExec,
} from "./bench.ts";

useExec();

const wants = (megabytes: number): string =>
  `perl -e 'my $x = "a" x (${megabytes} * 1048576); print length $x'`;

test("a task does not run on the host's network in place of its group's", async () => {
  await expect(start("true", {}, { network: "some-handle" })).rejects.toMatchObject({
    message: "tasks of exec cannot join the network of their group",
    fields: { recoverable: false },
  });
});

test("usage is what the kernel counted for the task", async () => {
  const task = await start(
    `${wants(8)}; exec perl -e 'my $x = "a" x 8388608; print "on"; sleep 60'`,
  );
  await until("it to have its memory", async () => {
    const usage = await driver.stats(task.handle, signal);
    return (usage?.memory.rss ?? 0) > 8_388_608;
  });
  const usage = await driver.stats(task.handle, signal);
  expect(usage?.memory.maxUsage).toBeGreaterThanOrEqual(usage?.memory.usage ?? 0);
  expect(usage?.memory.usage).toBeLessThanOrEqual(32 * 1024 * 1024);
  expect(Object.keys(usage?.processes ?? {}).length).toBeGreaterThan(0);
});

test("rights are added and taken as the operator allows", async () => {
  expect(driver.validate(shell("true", { cap_add: ["net_raw"] }))).toMatchObject([
    { summary: "driver does not allow the following capabilities: net_raw" },
  ]);
  expect(driver.validate(shell("true", { cap_drop: ["cap_moon"] }))).toMatchObject([
    { summary: 'unknown capability "moon"' },
  ]);
  useDriver(open({ allow_caps: ["net_bind_service", "net_raw"] }));
  const status = await printed(sets, { cap_drop: ["all"], cap_add: ["NET_RAW"] });
  for (const name of ["CapEff", "CapBnd"]) expect(setOf(status, name)).toBe(1n << bit.netRaw);
  expect(setOf(await printed(sets, { cap_drop: ["all"] }), "CapBnd")).toBe(0n);
  await expect(start("true", { cap_add: ["sys_time"] })).rejects.toMatchObject({
    fields: { recoverable: false },
  });
});

test("users that the operator denies by number do not run", async () => {
  useDriver(open({ denied_host_uids: "0,65000-65535", denied_host_gids: "1" }));
  await expect(start("true")).rejects.toThrow("running as uid 65534 is disallowed");
  await expect(start("true", {}, { user: "root" })).rejects.toThrow("uid 0");
  await expect(start("true", {}, { user: "12:1" })).rejects.toThrow("gid 1");
  expect(await printed("id -u; id -g", {}, { user: "12:13" })).toBe("12\n13");
});

test("a task has its share of the processor and its memory, and is told apart when it wants more", async () => {
  const greedy = await start(`exec ${wants(200)}`);
  const task = await ended(greedy.handle);
  expect(task.exit).toEqual({ code: 137, signal: 9, oomKilled: true, message: "OOM Killed" });

  const modest = await start("sleep 60");
  const paths = placeOf(modest.handle).cgroup?.paths ?? [];
  const read = (name: string): string | undefined =>
    paths
      .map((path) => join(path, name))
      .filter((path) => existsSync(path))
      .map((path) => readFileSync(path, "utf8").trim())[0];
  const version = openCgroups().version;
  expect(version === 1 ? read("cpu.shares") : read("cpu.weight")).toBe(version === 1 ? "50" : "2");
  expect(version === 1 ? read("memory.limit_in_bytes") : read("memory.max")).toBe("33554432");
});

test("with memory_max that is the limit", async () => {
  const resources = { cpuShares: 50, memoryMb: 32, memoryMaxMb: 256 };
  const task = await start(wants(64), {}, { resources });
  expect((await ended(task.handle)).exit?.code).toBe(0);
  expect(await textOf(task.handle)).toBe("67108864");
});

test("everything that a task left behind goes with it, also what hid in a session of its own", async () => {
  const task = await start("setsid sleep 1000 & setsid sleep 1001 & echo on; sleep 1000", {
    pid_mode: "host",
  });
  const { cgroup } = placeOf(task.handle);
  if (cgroup === undefined) throw new Error("the task has no cgroup");
  const members = await until("its processes", async () => {
    const found = await processesIn(cgroup);
    return found.length === 4 ? found : undefined;
  });
  await driver.stop(task.handle, { signal: "SIGTERM", timeoutMs: 2_000 }, signal);
  expect(members.map(processStart)).toEqual(members.map(() => undefined));
  await driver.remove(task.handle, signal);
  expect(cgroup.paths.filter((path) => existsSync(path))).toEqual([]);
});

test("what the operator wrote wrong is told with the option's name", () => {
  expect(
    execPluginFaults({ denied_host_uids: "5-1", allow_caps: ["moon"], default_pid_mod: "host" }),
  ).toEqual([
    'unknown option plugin "exec" config.default_pid_mod',
    'plugin "exec" config: denied_host_uids: the range "5-1" ends before it begins',
    'plugin "exec" config: unknown capability "moon"',
  ]);
  expect(execPluginFaults({ denied_host_uids: "1,5-9", allow_caps: ["all"] })).toEqual([]);
});

test("a task with whole cores runs on those and on no others", async () => {
  const resources = { cpuShares: 50, memoryMb: 32, memoryMaxMb: 0, cores: [1] };
  const notices: DriverNotice[] = [];
  const spec = bench.spec(shell("grep Cpus_allowed_list /proc/self/status"), { resources });
  const task = await startSpec(spec, notices);
  await ended(task.handle);
  expect(await textOf(task.handle)).toBe("Cpus_allowed_list:\t1");
  expect(notices.filter(({ message }) => message.includes("cpuset"))).toEqual([]);
});
