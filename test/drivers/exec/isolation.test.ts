import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { processStart } from "../../../src/drivers/executor/proc.ts";
import {
  signal,
  bench,
  driver,
  open,
  shell,
  startSpec,
  start,
  ended,
  textOf,
  printed,
  bit,
  sets,
  setOf,
  useDriver,
  useExec,
  records,
} from "./bench.ts";

useExec();

const isOnHost = (name: string): boolean =>
  name === "run"
    ? existsSync("/run/resolvconf") || existsSync("/run/systemd/resolve")
    : existsSync(`/${name}`);

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
  useDriver(open({ default_ipc_mode: "host", default_pid_mode: "host" }));
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

test("root in a task can make a device and not open it", async () => {
  const disk =
    "mknod /local/disk b 254 0 && head -c 1 /local/disk; mknod /local/null c 1 3 && echo x >/local/null";
  const text = await printed(disk, {}, { user: "root" });
  expect(text).toContain("Permission denied");
  expect(text.match(/denied/g)).toHaveLength(2);
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
  useDriver(open({ no_pivot_root: true }));
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

test("nobody joins a task that still has the root of the machine", async () => {
  const task = await start("sleep 60");
  const path = join(records(), task.handle, "process.json");
  const record = JSON.parse(readFileSync(path, "utf8")) as object;
  const pidStart = processStart(process.pid);
  writeFileSync(path, JSON.stringify({ ...record, pid: process.pid, pidStart }));
  const asked = { command: ["/bin/ls", "/"], tty: false };
  await expect(driver.exec?.(task.handle, asked, AbortSignal.timeout(500))).rejects.toThrow();
  writeFileSync(path, JSON.stringify(record));
});
