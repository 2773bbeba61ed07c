import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TaskDriver, TaskSpec } from "../../../src/drivers/port.ts";
import { createRawExecDriver } from "../../../src/drivers/raw-exec.ts";
import { openCgroups } from "../../../src/drivers/executor/cgroups.ts";
import type { TaskPlace } from "../../../src/drivers/executor/records.ts";
import { processStart } from "../../../src/drivers/executor/proc.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import { createSystemClock } from "../../../src/lib/system/clock.ts";
import { makeDriverBench } from "../../support/driver-spec.ts";
import type { JsonMap } from "../../../src/model/job.ts";
import { demandIsolation, demandOtherUsers } from "../../support/machine.ts";
import { until } from "../../support/until.ts";

const signal = new AbortController().signal;
const clock = createSystemClock();
let bench: ReturnType<typeof makeDriverBench>;
let records: string;
let driver: TaskDriver;
const open = (config: JsonMap = {}): TaskDriver =>
  createRawExecDriver({ clock, log: silentLogger, enabled: true, config, stateDir: records });
beforeEach(() => {
  bench = makeDriverBench();
  records = join(bench.dir, "records");
  driver = open();
});
afterEach(async () => {
  for (const task of await driver.list(bench.owner, signal))
    await driver.remove(task.handle, signal);
  bench.clean();
});

const script = (text: string, more = {}) => ({
  command: "/bin/sh",
  args: ["-c", text],
  ...more,
});
const start = (text: string, more = {}, change: Partial<TaskSpec> = {}) =>
  driver.start(bench.spec(script(text, more), change), () => undefined, signal);
const ended = (handle: string) =>
  until("the task to end", async () => {
    const task = await driver.inspect(handle, signal);
    return task?.state === "exited" ? task : undefined;
  });
const textOf = async (handle: string): Promise<string> => {
  let text = "";
  for await (const chunk of driver.output(handle, null, signal))
    text += Buffer.from(chunk.data).toString();
  return text;
};
const firstLine = async (handle: string): Promise<string> => {
  let text = "";
  for await (const chunk of driver.output(handle, null, signal)) {
    text += Buffer.from(chunk.data).toString();
    if (text.includes("\n")) break;
  }
  return text.trim();
};
async function textSoFar(handle: string, wanted: string): Promise<string> {
  let text = "";
  for await (const chunk of driver.output(handle, null, signal)) {
    text += Buffer.from(chunk.data).toString();
    if (text.includes(wanted)) break;
  }
  return text;
}
const placeOf = (handle: string): TaskPlace =>
  JSON.parse(readFileSync(join(records, handle, "place.json"), "utf8")) as TaskPlace;
interface Written {
  wrapper: number;
  wrapperStart: string;
  pid: number;
  pidStart: string;
}
const recordOf = (handle: string): Written =>
  JSON.parse(readFileSync(join(records, handle, "process.json"), "utf8")) as Written;

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
  const { pid } = recordOf(task.handle);
  await until("the command itself", () =>
    readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith("sleep"),
  );
  await driver.signal(task.handle, "SIGMOON", signal);
  expect((await ended(task.handle)).exit).toMatchObject({ code: 130, signal: 2 });
});

test("a fast writer fills neither the disk nor the agent's memory", async () => {
  const megabytes = 192;
  const task = await start(`head -c ${megabytes}M /dev/zero; sleep 1000`);
  const spool = join(records, task.handle, "stdout");
  const before = process.memoryUsage().rss;
  let [bytes, mostMemory] = [0, 0];
  for await (const chunk of driver.output(task.handle, null, signal)) {
    bytes += chunk.data.length;
    mostMemory = Math.max(mostMemory, process.memoryUsage().rss - before);
    if (bytes === megabytes * 1024 * 1024) break;
  }
  expect(bytes).toBe(megabytes * 1024 * 1024);
  expect(mostMemory).toBeLessThan(96 * 1024 * 1024);
  await until("the read parts to be given back", () => {
    const { size, blocks } = statSync(spool);
    return size === bytes && blocks * 512 < 24 * 1024 * 1024;
  });
}, 60_000);

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
    for (const path of paths)
      await until("the kernel to let go of it", () => {
        try {
          rmdirSync(path);
          return true;
        } catch {
          // Its last process is still on the way out.
          return false;
        }
      });
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
  driver = open({ denied_host_uids: "0,5-9", denied_host_gids: "12" });
  for (const user of ["", "root", "7", "daemon:12"])
    await expect(start("true", {}, { user }), user).rejects.toMatchObject({
      message: expect.stringContaining("is disallowed") as string,
      fields: { recoverable: false },
    });
});

test("variables that the operator or the job denies do not reach the task", async () => {
  driver = open({ denied_envvars: ["GREET*"] });
  const env = { GREETING: "x", OTHER: "y", KEPT: "z", PATH: "/usr/bin:/bin" };
  const task = await start("env", { denied_envvars: ["OTH?R", "OTHER"] }, { env });
  await ended(task.handle);
  const text = await textOf(task.handle);
  expect(text).toContain("KEPT=z");
  expect(text).not.toMatch(/GREETING|OTHER/);
});

test("CVE-2019-15928: a driver that is not enabled refuses a task that comes anyway", async () => {
  driver = createRawExecDriver({ clock, log: silentLogger, enabled: false, stateDir: records });
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

test("a start whose shell ended before it became the task leaves nothing, and says why", async () => {
  const work_dir = "/no/such/folder";
  await expect(start("true", { work_dir })).rejects.toThrow("failed to launch command");
  expect(await driver.list(bench.owner, signal)).toEqual([]);
  expect(readdirSync(records)).toEqual([]);
});

test("a record whose shell never became the task counts as not started, and starts again", async () => {
  const spec = bench.spec(script("echo ran"));
  const first = await driver.start(spec, () => undefined, signal);
  await ended(first.handle);
  // As when the agent was killed before it heard of the process, and the shell with it.
  writeFileSync(join(records, first.handle, "pid"), "");
  writeFileSync(join(records, first.handle, "exit"), "141\n");
  rmSync(join(records, first.handle, "process.json"));
  expect(await driver.inspect(first.handle, signal)).toMatchObject({ state: "created" });
  const again = await driver.start(spec, () => undefined, signal);
  expect((await ended(again.handle)).exit?.code).toBe(0);
  expect(await textOf(again.handle)).toBe("ran\n");
});

test("D2: a shell whose agent is gone before it was heard does not become the task", async () => {
  const ran = join(bench.dir, "ran");
  const spec = bench.spec(script(`echo x >>${ran}`));
  const first = await driver.start(spec, () => undefined, signal);
  await ended(first.handle);
  const dir = join(records, first.handle);
  for (const name of ["pid", "exit", "process.json"]) rmSync(join(dir, name));
  const orphan = spawn("/bin/sh", ["-c", `read go; exec /bin/sh ${join(dir, "wrapper")}`], {
    stdio: ["pipe", "ignore", "ignore", "pipe"],
  });
  orphan.stdio[3]?.destroy();
  await once(orphan.stdio[3] ?? orphan, "close");
  orphan.stdin?.end("go\n");
  await until("its code", () => existsSync(join(dir, "exit")));
  expect(await driver.inspect(first.handle, signal)).toMatchObject({ state: "created" });
  expect(readFileSync(ran, "utf8")).toBe("x\n");
  await driver.start(spec, () => undefined, signal);
  await until("the second run", () => readFileSync(ran, "utf8") === "x\nx\n");
});

test("the executor's log names each start, and the task cannot lead it elsewhere", async () => {
  const spec = bench.spec(script("true"));
  await ended((await driver.start(spec, () => undefined, signal)).handle);
  const path = join(spec.directories.task, "executor.out");
  expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({
    "@message": "launching command",
    attempt: 0,
  });
  const outside = join(bench.dir, "outside");
  writeFileSync(outside, "");
  for (const make of [symlinkSync, linkSync]) {
    rmSync(path);
    make(outside, path);
    const again = driver.start({ ...spec, attempt: 1 }, () => undefined, signal);
    await expect(again).rejects.toThrow("executor.out");
  }
  expect(readFileSync(outside, "utf8")).toBe("");
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
  driver = createRawExecDriver({
    clock,
    log: silentLogger,
    enabled: true,
    stateDir: records,
    cgroupRoot,
  });
  const details: object[] = [];
  const spec = bench.spec(script("exit 4"));
  const task = await driver.start(spec, (notice) => details.push(notice.details), signal);
  expect((await ended(task.handle)).exit?.code).toBe(4);
  expect(details).toEqual([{ not_isolated: "cgroup" }]);
});
