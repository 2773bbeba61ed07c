import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createExecDriver, execPluginFaults } from "../../../src/drivers/exec.ts";
import { openCgroups, processesIn } from "../../../src/drivers/executor/cgroups.ts";
import { processStart } from "../../../src/drivers/executor/proc.ts";
import type { TaskPlace } from "../../../src/drivers/executor/records.ts";
import type { DriverNotice, TaskDriver, TaskSpec } from "../../../src/drivers/port.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import { createSystemClock } from "../../../src/lib/system/clock.ts";
import type { JsonMap } from "../../../src/model/job.ts";
import { makeDriverBench } from "../../support/driver-spec.ts";
import { demandIsolation } from "../../support/machine.ts";
import { until } from "../../support/until.ts";

beforeAll(demandIsolation);

const signal = new AbortController().signal;
let bench: ReturnType<typeof makeDriverBench>;
let driver: TaskDriver;
const records = (): string => join(bench.dir, "records");
const open = (config: JsonMap = {}): TaskDriver =>
  createExecDriver({
    clock: createSystemClock(),
    log: silentLogger,
    config,
    stateDir: records(),
  });
beforeEach(() => {
  bench = makeDriverBench();
  driver = open();
});
afterEach(async () => {
  for (const task of await driver.list(bench.owner, signal))
    await driver.remove(task.handle, signal);
  bench.clean();
});

const shell = (text: string, more: JsonMap = {}): JsonMap => ({
  command: "/bin/sh",
  args: ["-c", text],
  ...more,
});
const startSpec = (spec: TaskSpec, notices: DriverNotice[] = []) =>
  driver.start(spec, (one) => notices.push(one), signal);
const start = (text: string, more: JsonMap = {}, change: Partial<TaskSpec> = {}) =>
  startSpec(bench.spec(shell(text, more), change));
const ended = (handle: string) =>
  until("the task to end", async () => {
    const task = await driver.inspect(handle, signal);
    return task?.state === "exited" ? task : undefined;
  });
async function textOf(handle: string): Promise<string> {
  let text = "";
  for await (const chunk of driver.output(handle, null, signal))
    text += Buffer.from(chunk.data).toString();
  return text.trim();
}
async function printed(
  text: string,
  more: JsonMap = {},
  change: Partial<TaskSpec> = {},
): Promise<string> {
  const task = await start(text, more, change);
  await ended(task.handle);
  return textOf(task.handle);
}
const placeOf = (handle: string): TaskPlace =>
  JSON.parse(readFileSync(join(records(), handle, "place.json"), "utf8")) as TaskPlace;

const bit = { netBindService: 10n, netRaw: 13n };
const sets = "grep -E '^Cap(Eff|Bnd|Inh|Amb)|NoNewPrivs' /proc/1/status";
const setOf = (status: string, name: string): bigint =>
  BigInt(`0x${new RegExp(`^${name}:\\s+([0-9a-f]+)$`, "m").exec(status)?.[1] ?? "0"}`);

test("CVE-2019-12618: a task is nobody, with the documented rights and no way to more", async () => {
  const status = await printed(`id -un; ${sets}`);
  expect(status.split("\n")[0]).toBe("nobody");
  for (const name of ["CapEff", "CapAmb", "CapInh"])
    expect(setOf(status, name), name).toBe(1n << bit.netBindService);
  // audit_write chown dac_override fowner fsetid kill mknod net_bind_service setfcap setgid setpcap setuid sys_chroot
  expect(setOf(status, "CapBnd")).toBe(0xa80405fbn);
  expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
});

test("CVE-2021-3283: a task sees its own processes and nobody else's", async () => {
  expect(await printed("echo $$; echo /proc/[0-9]*")).toMatch(/^1\n\/proc\/1$/);
  const seen = await printed(
    "test -d /proc/$OTHER && echo seen",
    { pid_mode: "host" },
    {
      env: { OTHER: String(process.pid), PATH: "/usr/bin:/bin" },
    },
  );
  expect(seen).toBe("seen");
});

test("CVE-2021-32575: a task gets no raw socket, not even as root", async () => {
  const raw = "perl -e 'socket(my $s, 2, 3, 1) ? print qq(open) : print qq($!)'";
  expect(await printed(raw)).toBe("Operation not permitted");
  expect(await printed(raw, {}, { user: "root" })).toBe("Operation not permitted");
});

test("message queues and shared memory are the task's own unless the job or the operator says host", async () => {
  const ipc = "readlink /proc/self/ns/ipc";
  const host = await printed(ipc, { ipc_mode: "host", pid_mode: "host" });
  expect(await printed(ipc)).not.toBe(host);
  driver = open({ default_ipc_mode: "host", default_pid_mode: "host" });
  expect(await printed(ipc)).toBe(host);
  expect(await printed(ipc, { ipc_mode: "private" })).not.toBe(host);
});

test("a task sees the published parts of the host, read-only, and nothing besides", async () => {
  const secret = join(bench.dir, "of-the-host");
  writeFileSync(secret, "x");
  expect(await printed(`test -e ${secret} || echo hidden`)).toBe("hidden");
  expect(await printed("ls /", {}, { user: "root" })).toBe(
    "alloc bin dev etc executor.out lib lib32 lib64 local proc run sbin secrets tmp usr"
      .split(" ")
      .filter((name) => !["lib32", "lib64", "run"].includes(name) || isOnHost(name))
      .join("\n"),
  );
  const write =
    "for f in /etc/hosts /usr/x /bin/x /proc/sys/kernel/hostname /dev/x; do { echo x >>$f; } 2>/dev/null && echo $f; done; echo done";
  expect(await printed(write, {}, { user: "root" })).toBe("done");
});

const isOnHost = (name: string): boolean =>
  name === "run"
    ? existsSync("/run/resolvconf") || existsSync("/run/systemd/resolve")
    : existsSync(`/${name}`);

test("a task with whole cores runs on those and on no others", async () => {
  const resources = { cpuShares: 50, memoryMb: 32, memoryMaxMb: 0, cores: [1] };
  const notices: DriverNotice[] = [];
  const spec = bench.spec(shell("grep Cpus_allowed_list /proc/self/status"), { resources });
  const task = await startSpec(spec, notices);
  await ended(task.handle);
  expect(await textOf(task.handle)).toBe("Cpus_allowed_list:\t1");
  expect(notices.filter(({ message }) => message.includes("cpuset"))).toEqual([]);
});

test("root in a task can make a device and not open it", async () => {
  const disk =
    "mknod /local/disk b 254 0 && head -c 1 /local/disk; mknod /local/null c 1 3 && echo x >/local/null";
  const text = await printed(disk, {}, { user: "root" });
  expect(text).toContain("Permission denied");
  expect(text.match(/denied/g)).toHaveLength(2);
});

test("the folders of the task are where the job expects them, and writable", async () => {
  const spec = bench.spec(
    shell(
      "echo a >/alloc/a; echo b >/local/b; echo c >/tmp/c; echo d >/secrets/d; echo e >/dev/shm/e; cat /dev/shm/e",
    ),
  );
  for (const path of [spec.directories.shared, spec.directories.local, spec.directories.secrets])
    chmodSync(path, 0o777);
  const task = await startSpec(spec);
  await ended(task.handle);
  expect(await textOf(task.handle)).toBe("e");
  const { shared, local, secrets, task: root } = spec.directories;
  const read = (...path: string[]): string => readFileSync(join(...path), "utf8").trim();
  expect([read(shared, "a"), read(local, "b"), read(root, "tmp/c"), read(secrets, "d")]).toEqual([
    "a",
    "b",
    "c",
    "d",
  ]);
  expect(readFileSync("/proc/self/mountinfo", "utf8")).not.toContain(root);
});

test("host volumes are mounted where they are wanted, writable or not", async () => {
  const data = join(bench.dir, "data");
  mkdirSync(data);
  chmodSync(data, 0o777);
  writeFileSync(join(data, "in"), "given");
  const mount = (target: string, readOnly: boolean) =>
    ({ source: data, target, readOnly, propagation: "rprivate" }) as const;
  const text = await printed(
    "cat /srv/data/in; echo; echo out >/srv/data/out; { echo x >/ro/x; } 2>/dev/null || echo refused",
    {},
    { mounts: [mount("/srv/data", false), mount("/ro", true)] },
  );
  expect(text).toBe("given\nrefused");
  expect(readdirSync(data).sort()).toEqual(["in", "out"]);
});

test("a host volume cannot take the place of what holds the root together", async () => {
  const refused = async (target: string, propagation: "rprivate" | "rshared" = "rprivate") => {
    const mounts = [{ source: bench.dir, target, readOnly: false, propagation }];
    await expect(start("true", {}, { mounts }), target).rejects.toMatchObject({
      fields: { recoverable: false },
    });
  };
  await refused("/");
  await refused("/x/../..");
  await refused("/srv", "rshared");
  for (const name of ["/bin", "/lib"])
    if (lstatSync(name).isSymbolicLink()) await refused(`${name}/x`);
  expect(await printed("echo whole")).toBe("whole");
});

test("name servers of the group are the task's", async () => {
  const dns = { servers: ["10.9.8.7"], searches: ["a.b"], options: ["ndots:2"] };
  expect(await printed("cat /etc/resolv.conf", {}, { dns })).toBe(
    "nameserver 10.9.8.7\nsearch a.b\noptions ndots:2",
  );
});

test("a command is looked for in local, in the root and on the path inside, and made executable", async () => {
  const spec = bench.spec({ command: "tool.sh", args: ["one two", "it's"] });
  writeFileSync(join(spec.directories.local, "tool.sh"), '#!/bin/sh\necho "$0|$1|$2"\n', {
    mode: 0o644,
  });
  const task = await startSpec(spec);
  await ended(task.handle);
  expect(await textOf(task.handle)).toBe("/local/tool.sh|one two|it's");
  const other = await startSpec(bench.spec({ command: "id", args: ["-un"] }));
  await ended(other.handle);
  expect(await textOf(other.handle)).toBe("nobody");
});

test("a command that is not there fails the start, says so, and leaves nothing behind", async () => {
  const spec = bench.spec({ command: "no-such-program" });
  await expect(startSpec(spec)).rejects.toMatchObject({
    message: expect.stringContaining("file no-such-program not found under path") as string,
    fields: { recoverable: true },
  });
  expect(await driver.list(bench.owner, signal)).toEqual([]);
  expect(readdirSync(records()).filter((name) => name !== ".root")).toEqual([]);
  expect(cgroupsOf(spec.key.allocationId)).toEqual([]);
});

const cgroupsOf = (allocation: string): readonly string[] =>
  [
    "/sys/fs/cgroup/memory/nomad",
    "/sys/fs/cgroup/cpu/nomad",
    "/sys/fs/cgroup/nomad.slice/share.slice",
  ]
    .filter((path) => existsSync(path))
    .flatMap((path) => readdirSync(path))
    .filter((name) => name.startsWith(allocation));

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

test("a task starts in its work_dir", async () => {
  expect(await printed("pwd", { work_dir: "/usr/bin" })).toBe("/usr/bin");
  expect(await printed("pwd")).toBe("/");
});

test("rights are added and taken as the operator allows", async () => {
  expect(driver.validate(shell("true", { cap_add: ["net_raw"] }))).toMatchObject([
    { summary: "driver does not allow the following capabilities: net_raw" },
  ]);
  expect(driver.validate(shell("true", { cap_drop: ["cap_moon"] }))).toMatchObject([
    { summary: 'unknown capability "moon"' },
  ]);
  driver = open({ allow_caps: ["net_bind_service", "net_raw"] });
  const status = await printed(sets, { cap_drop: ["all"], cap_add: ["NET_RAW"] });
  for (const name of ["CapEff", "CapBnd"]) expect(setOf(status, name)).toBe(1n << bit.netRaw);
  expect(setOf(await printed(sets, { cap_drop: ["all"] }), "CapBnd")).toBe(0n);
  await expect(start("true", { cap_add: ["sys_time"] })).rejects.toMatchObject({
    fields: { recoverable: false },
  });
});

test("users that the operator denies by number do not run", async () => {
  driver = open({ denied_host_uids: "0,65000-65535", denied_host_gids: "1" });
  await expect(start("true")).rejects.toThrow("running as uid 65534 is disallowed");
  await expect(start("true", {}, { user: "root" })).rejects.toThrow("uid 0");
  await expect(start("true", {}, { user: "12:1" })).rejects.toThrow("gid 1");
  expect(await printed("id -u; id -g", {}, { user: "12:13" })).toBe("12\n13");
});

const wants = (megabytes: number): string =>
  `perl -e 'my $x = "a" x (${megabytes} * 1048576); print length $x'`;

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

test("links that an earlier attempt left in its root lead nowhere", async () => {
  const outside = join(bench.dir, "outside");
  mkdirSync(outside);
  const spec = bench.spec(shell("ls /etc/hostname; echo x >/local/made"));
  const root = spec.directories.task;
  for (const name of ["etc", "usr", "dev", "proc", "alloc", "tmp"])
    if (!existsSync(join(root, name))) symlinkSync(outside, join(root, name));
  chmodSync(spec.directories.local, 0o777);
  const task = await startSpec(spec);
  await ended(task.handle);
  expect(await textOf(task.handle)).toBe("/etc/hostname");
  expect(readdirSync(outside)).toEqual([]);
});

test("a task cannot make the agent write its log somewhere else", async () => {
  const spec = bench.spec(shell("true"));
  const outside = join(bench.dir, "outside");
  writeFileSync(outside, "");
  symlinkSync(outside, join(spec.directories.task, "executor.out"));
  await expect(startSpec(spec)).rejects.toThrow("executor.out");
  expect(readFileSync(outside, "utf8")).toBe("");
});

test("without pivot_root a task is shut in as well", async () => {
  driver = open({ no_pivot_root: true });
  const spec = bench.spec(
    shell("pwd; ls -d /alloc /etc; echo $$; ls /old 2>&1", { work_dir: "/usr" }),
  );
  const task = await startSpec(spec);
  await ended(task.handle);
  expect(await textOf(task.handle)).toBe(
    "/usr\n/alloc\n/etc\n1\nls: cannot access '/old': No such file or directory",
  );
  const runs = await start("sleep 60");
  const session = await driver.exec?.(
    runs.handle,
    { command: ["/bin/sh", "-c", "id -un; ls -d /alloc"], tty: false },
    signal,
  );
  let text = "";
  for await (const { data } of session?.output ?? []) text += Buffer.from(data).toString();
  expect(text).toBe("nobody\n/alloc\n");
});

test("a command inside a task has its root, its rights, its limits and sees its processes", async () => {
  const task = await start("sleep 60");
  const session = await driver.exec?.(
    task.handle,
    {
      command: [
        "/bin/sh",
        "-c",
        `${sets.replace("/1/", "/self/")}; tr '\\0' ' ' </proc/1/cmdline; cat /proc/self/cgroup; id -un`,
      ],
      tty: false,
    },
    signal,
  );
  let text = "";
  for await (const { data } of session?.output ?? []) text += Buffer.from(data).toString();
  expect(setOf(text, "CapEff")).toBe(1n << bit.netBindService);
  expect(text).toMatch(/^NoNewPrivs:\s+1$/m);
  expect(text).toContain("sleep 60");
  expect(text).toContain(bench.spec({}).key.task);
  expect(text.trim().split("\n").at(-1)).toBe("nobody");
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
