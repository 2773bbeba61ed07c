import { existsSync, mkdirSync, rmdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { DriverNotice } from "../../../src/drivers/port.ts";
import { createRawExecDriver } from "../../../src/drivers/raw-exec.ts";
import { openCgroups } from "../../../src/drivers/executor/cgroups.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import { demandIsolation, demandOtherUsers } from "../../support/machine.ts";
import { until } from "../../support/until.ts";
import {
  signal,
  clock,
  bench,
  records,
  driver,
  open,
  script,
  start,
  ended,
  textOf,
  firstLine,
  textSoFar,
  useDriver,
  placeOf,
  useRawExec,
} from "./bench.ts";

useRawExec();

const removedByUs = (path: string): Promise<boolean> =>
  until("the kernel to let go of it", () => {
    try {
      rmdirSync(path);
      return true;
    } catch {
      // Its last process is still on the way out.
      return false;
    }
  });

test("a task runs as the user it names, by name or number, with that user's group", async () => {
  demandOtherUsers();
  const ids = async (user: string): Promise<string> => {
    const task = await start("id -u; id -g", {}, { user });
    await ended(task.handle);
    return (await textOf(task.handle)).trim();
  };
  expect(await ids("daemon")).toBe("1\n1");
  expect(await ids("1")).toBe("1\n1");
  expect(await ids("12345")).toBe("12345\n12345");
  expect(await ids("daemon:daemon")).toBe("1\n1");
  await expect(ids("nobody-of-that-name")).rejects.toMatchObject({
    fields: { recoverable: false },
  });
});

test("oom_score_adj reaches the process", async () => {
  const task = await start("cat /proc/self/oom_score_adj", { oom_score_adj: 321 });
  await ended(task.handle);
  expect((await textOf(task.handle)).trim()).toBe("321");
});

test("a relative work_dir and a negative oom_score_adj are refused", () => {
  const faults = driver.validate(script("true", { work_dir: "x", oom_score_adj: -1 }));
  expect(faults.map(({ summary }) => summary)).toEqual([
    'config.work_dir must be absolute but got relative path "x"',
    "config.oom_score_adj must not be negative",
  ]);
});

test("a cgroup that the job names is joined, and neither emptied nor taken away", async () => {
  demandIsolation();
  const name = `nomad-test-${bench.owner.nodeId}`;
  const isUnified = openCgroups().version === 2;
  const paths = isUnified ? [`/sys/fs/cgroup/${name}`] : [`/sys/fs/cgroup/pids/${name}`];
  const override = isUnified
    ? { cgroup_v2_override: name }
    : { cgroup_v1_override: { pids: name } };
  try {
    const task = await start("cat /proc/self/cgroup; sleep 1000", override);
    expect(await firstLine(task.handle)).toContain("/");
    expect(await textSoFar(task.handle, name)).toContain(name);
    await driver.remove(task.handle, signal);
    expect(paths.every((path) => existsSync(path))).toBe(true);
  } finally {
    for (const path of paths) await removedByUs(path);
  }
});

test("only one override may be set, and only one that fits the machine starts", async () => {
  demandIsolation();
  const both = { cgroup_v2_override: "a.slice", cgroup_v1_override: { cpu: "a" } };
  expect(driver.validate(script("true", both))).toMatchObject([
    {
      summary: "only one of config.cgroup_v1_override and config.cgroup_v2_override may be set",
    },
  ]);
  const other =
    openCgroups().version === 2
      ? { cgroup_v1_override: { cpu: "a" } }
      : { cgroup_v2_override: "a.slice" };
  await expect(start("true", other)).rejects.toMatchObject({ fields: { recoverable: false } });
});

test("users and groups that the operator denies do not run, nor does the agent's own", async () => {
  useDriver(open({ denied_host_uids: "0,5-9", denied_host_gids: "12" }));
  for (const user of ["", "root", "7", "daemon:12"])
    await expect(start("true", {}, { user }), user).rejects.toMatchObject({
      message: expect.stringContaining("is disallowed") as string,
      fields: { recoverable: false },
    });
});

test("variables that the operator or the job denies do not reach the task", async () => {
  useDriver(open({ denied_envvars: ["GREET*"] }));
  const env = { GREETING: "x", OTHER: "y", KEPT: "z", PATH: "/usr/bin:/bin" };
  const task = await start("env", { denied_envvars: ["OTH?R", "OTHER"] }, { env });
  await ended(task.handle);
  const text = await textOf(task.handle);
  expect(text).toContain("KEPT=z");
  expect(text).not.toMatch(/GREETING|OTHER/);
});

test("CVE-2019-15928: a driver that is not enabled refuses a task that comes anyway", async () => {
  useDriver(createRawExecDriver({ clock, log: silentLogger, enabled: false, stateDir: records }));
  expect(await driver.fingerprint(signal)).toMatchObject({ detected: false });
  await expect(start("true")).rejects.toMatchObject({
    message: "the driver raw_exec is disabled on this node",
    fields: { recoverable: false },
  });
  expect(await driver.list(bench.owner, signal)).toEqual([]);
});

test("a link that a task left is not followed to make a file of the host's executable", async () => {
  const outside = join(bench.dir, "outside");
  writeFileSync(outside, "", { mode: 0o600 });
  const spec = bench.spec({ command: "tool" });
  symlinkSync(outside, join(spec.directories.local, "tool"));
  const task = await driver.start(spec, () => undefined, signal);
  expect((await ended(task.handle)).exit?.code).toBe(126);
  expect(statSync(outside).mode & 0o777).toBe(0o600);
});

test("a task beside a group with a network of its own is told to be on the host's", async () => {
  const messages: string[] = [];
  const spec = bench.spec(script("true"), { network: "some-handle" });
  await driver.start(spec, ({ message }) => messages.push(message), signal);
  expect(messages).toEqual(["Task uses the host's network and not that of its group"]);
});

test("where the machine allows no cgroup a task runs without one, and its events say so", async () => {
  const cgroupRoot = join(bench.dir, "cgroup");
  mkdirSync(join(cgroupRoot, "pids"), { recursive: true });
  writeFileSync(join(cgroupRoot, "pids", "cgroup.procs"), "");
  // In the way of the folder that would be made.
  writeFileSync(join(cgroupRoot, "pids", "nomad"), "");
  useDriver(
    createRawExecDriver({
      clock,
      log: silentLogger,
      enabled: true,
      stateDir: records,
      cgroupRoot,
    }),
  );
  const details: object[] = [];
  const spec = bench.spec(script("exit 4"));
  const task = await driver.start(spec, (notice) => details.push(notice.details), signal);
  expect((await ended(task.handle)).exit?.code).toBe(4);
  expect(details).toEqual([{ not_isolated: "cgroup" }]);
});

const onCore = (core: number) => ({
  resources: { cpuShares: 50, memoryMb: 32, memoryMaxMb: 0, cores: [core] },
});

test("a task with whole cores runs on those, and its place goes with it", async () => {
  demandIsolation();
  const task = await start("grep Cpus_allowed_list /proc/self/status", {}, onCore(1));
  await ended(task.handle);
  expect(await textOf(task.handle)).toBe("Cpus_allowed_list:\t1\n");
  const paths = placeOf(task.handle).cgroup?.paths ?? [];
  expect(paths.some((path) => existsSync(path))).toBe(true);
  await driver.remove(task.handle, signal);
  expect(paths.filter((path) => existsSync(path))).toEqual([]);
});

test("a task that names its own cgroup is told that its cores are not kept", async () => {
  const notices: DriverNotice[] = [];
  demandIsolation();
  const name = `test-${bench.owner.nodeId}`;
  const isUnified = openCgroups().version === 2;
  const override = isUnified
    ? { cgroup_v2_override: name }
    : { cgroup_v1_override: { pids: name } };
  const spec = bench.spec(script("true", override), onCore(0));
  const task = await driver.start(spec, (one) => notices.push(one), signal);
  await ended(task.handle);
  expect(notices).toContainEqual({
    message: "Task is not held to its reserved cores: the job names a cgroup of its own",
    details: { not_isolated: "cores" },
  });
  await removedByUs(join("/sys/fs/cgroup", isUnified ? "" : "pids", name));
});
