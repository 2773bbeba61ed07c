import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  cgroupName,
  killCgroup,
  openCgroups,
  processesIn,
  removeCgroup,
  wasOutOfMemory,
} from "../../../src/drivers/executor/cgroups.ts";
import { processStart } from "../../../src/drivers/executor/proc.ts";
import { createSystemClock } from "../../../src/lib/system/clock.ts";
import { systemRandom } from "../../../src/lib/system/random.ts";
import { makeDriverBench } from "../../support/driver-spec.ts";
import { demandIsolation } from "../../support/machine.ts";
import { until } from "../../support/until.ts";

const clock = createSystemClock();
let bench: ReturnType<typeof makeDriverBench>;
let root: string;
beforeEach(() => {
  bench = makeDriverBench();
  root = join(bench.dir, "cgroup");
  mkdirSync(root);
});
afterEach(() => {
  bench.clean();
});
const read = (...path: string[]): string => readFileSync(join(root, ...path), "utf8");
const limits = { cpuShares: 1024, memoryMb: 64, memoryMaxMb: 128 };

test("a machine without cgroups refuses to make any", async () => {
  const tree = openCgroups(root);
  expect(tree.version).toBe(0);
  await expect(tree.make("x", limits)).rejects.toThrow("no cgroups");
});

test("version 2: limits are written below the published slices, and controllers passed on", async () => {
  writeFileSync(join(root, "cgroup.controllers"), "cpu memory pids\n");
  const tree = openCgroups(root);
  const { cgroup, shortcomings } = await tree.make("a.web", limits);
  const place = "nomad.slice/share.slice/a.web.scope";
  expect(cgroup).toEqual({
    paths: [join(root, place)],
    isOwn: true,
    oomFile: join(root, place, "memory.events"),
  });
  expect(shortcomings).toEqual([]);
  expect(
    ["memory.max", "memory.low", "memory.swap.max", "cpu.weight"].map((name) => read(place, name)),
  ).toEqual(["134217728", "67108864", "0", "39"]);
  for (const parent of ["", "nomad.slice", "nomad.slice/share.slice"])
    expect(read(parent, "cgroup.subtree_control")).toBe("+cpu +memory +pids");
});

test("version 2: a place of the job's own is used as it is, and must be below the tree", async () => {
  writeFileSync(join(root, "cgroup.controllers"), "cpu\n");
  const tree = openCgroups(root);
  expect(await tree.use({ version: 2, path: "custom.slice/app.scope" })).toEqual({
    paths: [join(root, "custom.slice/app.scope")],
    isOwn: false,
  });
  for (const path of ["", "/", "..", "../x", "a/../../x"])
    await expect(tree.use({ version: 2, path }), path).rejects.toThrow("is not below");
  await expect(tree.use({ version: 1, paths: { cpu: "x" } })).rejects.toThrow("version 2");
});

function splitRoot(...controllers: readonly string[]): void {
  for (const name of controllers) {
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, "cgroup.procs"), "");
  }
}

test("version 1: each controller has its own place", async () => {
  splitRoot("cpu", "memory", "freezer");
  const tree = openCgroups(root);
  const { cgroup, shortcomings } = await tree.make("a.web", limits);
  expect(cgroup.paths).toEqual(
    ["cpu", "memory", "freezer"].map((name) => join(root, name, "nomad", "a.web")),
  );
  expect(shortcomings).toEqual([]);
  expect(read("cpu/nomad/a.web/cpu.shares")).toBe("1024");
  expect(read("memory/nomad/a.web/memory.limit_in_bytes")).toBe("134217728");
  expect(read("memory/nomad/a.web/memory.soft_limit_in_bytes")).toBe("67108864");
  const plain = await tree.make("b.web", undefined);
  expect(plain.cgroup.paths).toEqual([join(root, "freezer/nomad/b.web")]);
});

test("version 1: whole cores are a place of their own, filled from above", async () => {
  splitRoot("freezer", "cpuset");
  writeFileSync(join(root, "cpuset", "cpuset.cpus"), "0-3\n");
  writeFileSync(join(root, "cpuset", "cpuset.mems"), "0\n");
  const tree = openCgroups(root);
  const { cgroup, shortcomings } = await tree.make("a.web", undefined, [3, 1]);
  expect(shortcomings).toEqual([]);
  expect(cgroup.paths).toEqual(
    ["freezer", "cpuset"].map((name) => join(root, name, "nomad", "a.web")),
  );
  expect(["cpuset.cpus", "cpuset.mems"].map((name) => read("cpuset/nomad", name))).toEqual([
    "0-3",
    "0",
  ]);
  expect(["cpuset.cpus", "cpuset.mems"].map((name) => read("cpuset/nomad/a.web", name))).toEqual([
    "1,3",
    "0",
  ]);
  expect((await tree.make("b.web", undefined)).cgroup.paths).toHaveLength(1);
});

test("version 2: whole cores are one more limit", async () => {
  writeFileSync(join(root, "cgroup.controllers"), "cpu cpuset memory pids\n");
  const { shortcomings } = await openCgroups(root).make("a.web", undefined, [0, 1]);
  expect(shortcomings).toEqual([]);
  expect(read("nomad.slice/share.slice/a.web.scope", "cpuset.cpus")).toBe("0-1");
  expect(read("nomad.slice", "cgroup.subtree_control")).toBe("+cpu +memory +pids +cpuset");
});

test("where cores cannot be bound, the task is kept together all the same", async () => {
  splitRoot("freezer");
  const without = await openCgroups(root).make("a.web", undefined, [0]);
  expect(without.cgroup.paths).toHaveLength(1);
  expect(without.shortcomings).toEqual(["the machine has no cpuset controller"]);
  splitRoot("cpuset");
  const unreadable = await openCgroups(root).make("a.web", undefined, [0]);
  expect(unreadable.cgroup.paths).toHaveLength(1);
  expect(unreadable.shortcomings.join()).toMatch(/^cpuset: ENOENT/);
  writeFileSync(join(root, "cpuset", "cpuset.cpus"), "0-3\n");
  writeFileSync(join(root, "cpuset", "cpuset.mems"), "0\n");
  mkdirSync(join(root, "cpuset/nomad/b.web/cpuset.cpus"), { recursive: true });
  const inUse = await openCgroups(root).make("b.web", undefined, [0]);
  expect(inUse.cgroup.paths).toHaveLength(1);
  expect(inUse.shortcomings.join()).toMatch(/^cpuset: EISDIR.*; ENOTEMPTY/);
});

test("what a machine cannot limit is told", async () => {
  splitRoot("cpu");
  const { shortcomings } = await openCgroups(root).make("a.web", limits);
  expect(shortcomings).toEqual(["the machine has no memory controller"]);
});

test("version 1: places of the job's own are named by controller", async () => {
  splitRoot("cpu", "memory");
  const tree = openCgroups(root);
  expect(await tree.use({ version: 1, paths: { cpu: "x/y" } })).toEqual({
    paths: [join(root, "cpu/x/y")],
    isOwn: false,
  });
  for (const paths of [{ moon: "x" }, { "../cpu": "x" }])
    await expect(tree.use({ version: 1, paths })).rejects.toThrow("there is no controller");
  await expect(tree.use({ version: 1, paths: { cpu: "../memory" } })).rejects.toThrow("not below");
  await expect(tree.use({ version: 2, path: "x" })).rejects.toThrow("version 1");
});

test("each attempt has a name of its own, and no name leads elsewhere", () => {
  const named = (task: string, attempt = 0): string => {
    const { key } = bench.spec({});
    return cgroupName({ key: { ...key, task }, attempt }).slice(key.allocationId.length);
  };
  expect(named("web")).toBe(".web");
  expect(named("web", 2)).toBe(".web.2");
  expect(named("a/../b")).toBe(`.${Buffer.from("a/../b").toString("hex")}`);
});

test("a kill for want of memory is read from either kind", () => {
  expect(wasOutOfMemory("oom_kill_disable 0\nunder_oom 0\noom_kill 2\n")).toBe(true);
  expect(wasOutOfMemory("low 0\noom 3\noom_kill 0\noom_group_kill 0\n")).toBe(false);
  expect(wasOutOfMemory("")).toBe(false);
});

/** Both kinds where a machine of the first has the second mounted beside it. */
const realRoots = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"].filter(
  (path) => path === "/sys/fs/cgroup" || existsSync(join(path, "cgroup.procs")),
);

test.each(realRoots)(
  "everything in one of %s is killed, and only then is it taken away",
  async (real) => {
    demandIsolation();
    const { cgroup } = await openCgroups(real).make(`test-${systemRandom.uuid()}`, undefined);
    const join_ = `echo 0 >${join(cgroup.paths[0] ?? "", "cgroup.procs")}`;
    const child = spawn("/bin/sh", ["-c", `${join_}; setsid sleep 1000 & sleep 1000`], {
      stdio: "ignore",
    });
    const members = await until("three processes", async () => {
      const found = await processesIn(cgroup);
      return found.length === 3 ? found : undefined;
    });
    expect(members).toContain(child.pid);
    await killCgroup(clock, { ...cgroup, isOwn: false });
    expect(await processesIn(cgroup)).toHaveLength(3);
    await removeCgroup(clock, cgroup);
    expect(members.map(processStart)).toEqual([undefined, undefined, undefined]);
    expect(cgroup.paths.filter((path) => existsSync(path))).toEqual([]);
    await removeCgroup(clock, cgroup);
  },
);
