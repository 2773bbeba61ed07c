import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  linkSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { until } from "../../support/until.ts";
import {
  signal,
  bench,
  records,
  driver,
  script,
  start,
  ended,
  textOf,
  useRawExec,
} from "./bench.ts";

useRawExec();

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
