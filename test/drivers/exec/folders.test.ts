import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  signal,
  bench,
  driver,
  records,
  shell,
  startSpec,
  start,
  ended,
  textOf,
  printed,
  cgroupsOf,
  useExec,
} from "./bench.ts";

useExec();

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

test("a task starts in its work_dir", async () => {
  expect(await printed("pwd", { work_dir: "/usr/bin" })).toBe("/usr/bin");
  expect(await printed("pwd")).toBe("/");
});
