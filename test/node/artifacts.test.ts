import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AppError } from "../../src/lib/errors.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { createSystemClock } from "../../src/lib/system/clock.ts";
import { AllocationDirectories } from "../../src/node/alloc-directory.ts";
import type { TaskPaths } from "../../src/node/alloc-directory.ts";
import { SecretsMounts, unmountSecrets } from "../../src/node/secrets-mount.ts";
import { tarOf } from "../support/artifact-files.ts";
import { startArtifactWorld } from "../support/artifact-world.ts";
import type { ArtifactWorld } from "../support/artifact-world.ts";
import { demandRoot } from "../support/machine.ts";
import { until } from "../support/until.ts";

let world: ArtifactWorld;
beforeEach(async () => {
  world = await startArtifactWorld();
});
afterEach(async () => {
  await world.close();
});
const read = (...path: string[]): string => readFileSync(join(...path), "utf8");
const leftBehind = (allocation: string, task = "web"): string[] =>
  readdirSync(join(allocation, ".artifacts", task, "work"));

test("a file arrives in the task's own folder, readable by all", async () => {
  const paths = await world.task();
  world.pages.set("/tool", "content");
  await world.fetch(paths, [{ GetterSource: `${world.url}/tool` }]);
  expect(read(paths.local, "tool")).toBe("content");
  const { mode, uid } = statSync(join(paths.local, "tool"));
  expect(mode & 0o7777).toBe(0o644);
  expect(uid).toBe(process.getuid?.() === 0 ? 65_534 : process.getuid?.());
  expect(world.notices).toEqual(["Client is downloading artifacts"]);
  expect(leftBehind(paths.allocation)).toEqual([]);
});

test("what lies in the task's secrets is fetched again when a reboot has emptied them, and only that", async () => {
  demandRoot();
  const root = join(dirname(dirname((await world.task()).task)), "in-memory");
  const build = (): Promise<TaskPaths> =>
    new AllocationDirectories(root, new SecretsMounts(createSystemClock(), silentLogger)).build(
      "a1",
      "web",
    );
  const paths = await build();
  try {
    world.pages.set("/tool", "content");
    const artifact = { GetterSource: `${world.url}/tool` };
    const both = [artifact, { ...artifact, RelativeDest: "secrets" }];
    await world.fetch(paths, both);
    await world.fetch(paths, both);
    expect(world.asked).toHaveLength(2);
    unmountSecrets(root);
    await build();
    await world.fetch(paths, both);
    expect(world.asked).toHaveLength(3);
    expect(read(paths.secrets, "tool")).toBe("content");
  } finally {
    unmountSecrets(root);
  }
});

test("what is there already is not fetched again, until its words change", async () => {
  const paths = await world.task();
  world.pages.set("/tool", "content");
  const artifact = { GetterSource: `${world.url}/tool` };
  await world.fetch(paths, [artifact, artifact]);
  writeFileSync(join(paths.local, "tool"), "the task's own words");
  await world.fetch(paths, [artifact]);
  expect(world.asked).toEqual(["/tool"]);
  expect(world.notices).toHaveLength(1);
  expect(read(paths.local, "tool")).toBe("the task's own words");
  await world.fetch(paths, [{ ...artifact, GetterOptions: { v: "2" } }]);
  expect(world.asked).toEqual(["/tool", "/tool?v=2"]);
  expect(read(paths.local, "tool")).toBe("content");
});

test("a failure says what failed, and may be tried again with what is done", async () => {
  const paths = await world.task();
  world.pages.set("/good", "good");
  const artifacts = [
    { GetterSource: `${world.url}/good` },
    { GetterSource: `http://me:secret@127.0.0.1:${world.port}/bad` },
  ];
  await world.fetch(paths, artifacts.slice(0, 1));
  const failed = await world.fetch(paths, artifacts).catch((thrown: unknown) => thrown);
  expect(failed).toBeInstanceOf(AppError);
  expect(failed).toMatchObject({
    code: "driver",
    message: `failed to download artifact "http://me:xxxxx@127.0.0.1:${world.port}/bad"`,
    fields: { recoverable: true },
    cause: { message: "bad response code: 404" },
  });
  world.pages.set("/bad", "better");
  await world.fetch(paths, artifacts);
  expect(world.asked).toEqual(["/good", "/bad", "/bad"]);
  expect(read(paths.local, "bad")).toBe("better");
});

test("three are fetched at once, in the order of the list", async () => {
  const paths = await world.task();
  const held: (() => void)[] = [];
  let [now, most] = [0, 0];
  for (let at = 0; at < 7; at++)
    world.pages.set(`/f${at}`, (_, answer) => {
      most = Math.max(most, ++now);
      held.push(() => {
        now--;
        answer.end(String(at));
      });
    });
  const artifacts = Array.from({ length: 7 }, (_, at) => ({ GetterSource: `${world.url}/f${at}` }));
  const done = world.fetch(paths, artifacts);
  for (let at = 0; at < 7; at++) {
    await until(
      "the next request",
      () => held.length > at && (now === 3 || world.asked.length === 7),
    );
    held[at]?.();
  }
  await done;
  expect(most).toBe(3);
  // The first three set out together, in whatever order they arrive.
  const order = [...world.asked.slice(0, 3).sort(), ...world.asked.slice(3)];
  expect(order).toEqual(artifacts.map((_, at) => `/f${at}`));
  expect(readdirSync(paths.local).sort()).toEqual(artifacts.map((_, at) => `f${at}`));
});

test("one failure ends the others, and nothing of them is left", async () => {
  const paths = await world.task();
  let isOpen = false;
  world.pages.set("/slow", (_, answer) => {
    answer.write("some");
    isOpen = true;
    answer.once("close", () => {
      isOpen = false;
    });
  });
  world.pages.set("/bad", (_, answer) => {
    void until("the slow one has begun", () => isOpen).then(() => answer.writeHead(500).end());
  });
  const artifacts = ["slow", "bad"].map((name) => ({ GetterSource: `${world.url}/${name}` }));
  await expect(world.fetch(paths, artifacts)).rejects.toThrow(`"${world.url}/bad"`);
  await until("the slow one has ended", () => !isOpen);
  expect(readdirSync(paths.local)).toEqual([]);
  expect(leftBehind(paths.allocation)).toEqual([]);
});

test("a stop ends the fetching at once and leaves nothing half done", async () => {
  const paths = await world.task();
  const stop = new AbortController();
  world.pages.set("/slow", (_, answer) => {
    answer.write("x".repeat(100_000));
    setImmediate(() => {
      stop.abort(new Error("the task is stopped"));
    });
  });
  await expect(
    world.fetch(paths, [{ GetterSource: `${world.url}/slow` }], { signal: stop.signal }),
  ).rejects.toThrow("the task is stopped");
  expect(readdirSync(paths.local)).toEqual([]);
  expect(leftBehind(paths.allocation)).toEqual([]);
  await expect(
    world.fetch(paths, [{ GetterSource: `${world.url}/slow` }], { signal: stop.signal }),
  ).rejects.toThrow("the task is stopped");
});

test("what a killed agent left half fetched is thrown away", async () => {
  const paths = await world.task();
  world.pages.set("/tool", "content");
  const work = join(paths.allocation, ".artifacts", "web", "work");
  mkdirSync(join(work, "0".repeat(64), "tree"), { recursive: true, mode: 0o700 });
  chmodSync(join(paths.allocation, ".artifacts"), 0o700);
  await world.fetch(paths, [{ GetterSource: `${world.url}/tool` }]);
  expect(readdirSync(work)).toEqual([]);
});

test("destinations: a folder, a file, the shared folder, never outside", async () => {
  const paths = await world.task();
  world.pages.set("/tool", "content");
  const get = (change: object) =>
    world.fault(paths, { GetterSource: `${world.url}/tool`, ...change });
  expect(await get({ RelativeDest: "local/a/b" })).toBeUndefined();
  expect(await get({ RelativeDest: "local/renamed", GetterMode: "file" })).toBeUndefined();
  expect(await get({ RelativeDest: "../alloc/data" })).toBeUndefined();
  expect(await get({ RelativeDest: `${paths.shared}/tmp` })).toBeUndefined();
  expect(await get({ RelativeDest: "secrets/" })).toBeUndefined();
  expect(read(paths.local, "a/b/tool")).toBe("content");
  expect(read(paths.local, "renamed")).toBe("content");
  expect(read(paths.shared, "data/tool")).toBe("content");
  expect(read(paths.shared, "tmp/tool")).toBe("content");
  expect(read(paths.secrets, "tool")).toBe("content");
  for (const RelativeDest of ["..", "../..", "../../a2", "../new", "local/../../../a2/web"])
    expect(await get({ RelativeDest }), RelativeDest).toContain(
      "artifact destination path escapes alloc directory",
    );
  expect(existsSync(join(paths.allocation, "new"))).toBe(false);
});

test("what lies at the destination is replaced file by file", async () => {
  const paths = await world.task();
  mkdirSync(join(paths.local, "conf"));
  writeFileSync(join(paths.local, "conf", "own"), "own");
  writeFileSync(join(paths.local, "conf", "app"), "old");
  world.pages.set("/a.tar", tarOf([{ name: "conf/app", data: "new" }]));
  await world.fetch(paths, [{ GetterSource: `${world.url}/a.tar` }]);
  expect(read(paths.local, "conf/app")).toBe("new");
  expect(read(paths.local, "conf/own")).toBe("own");
  world.pages.set("/conf", "a file");
  expect(await world.fault(paths, { GetterSource: `${world.url}/conf` })).toContain(
    '"conf" at the destination is a folder, not a file',
  );
});

test("chown gives the files to the task's user", async () => {
  const paths = await world.task();
  world.pages.set("/tool", "content");
  world.pages.set("/a.tar", tarOf([{ name: "d/f", data: "x" }]));
  const user = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const own = { uid: user.uid === 0 ? 1234 : user.uid, gid: user.uid === 0 ? 2345 : user.gid };
  await world.fetch(paths, [{ GetterSource: `${world.url}/a.tar`, Chown: true }], { user: own });
  for (const place of ["d", "d/f"]) expect(statSync(join(paths.local, place))).toMatchObject(own);
  expect(await world.fault(paths, { GetterSource: `${world.url}/tool`, Chown: true })).toContain(
    "chown needs a task with a user of this machine",
  );
});

test("a broken compressed file leaves nothing", async () => {
  const paths = await world.task();
  world.pages.set(
    "/a.tar.gz",
    gzipSync(tarOf([{ name: "f", data: "x".repeat(9000) }])).subarray(0, 60),
  );
  expect(await world.fault(paths, { GetterSource: `${world.url}/a.tar.gz` })).toContain(
    "unexpected end of file",
  );
  expect(readdirSync(paths.local)).toEqual([]);
  expect(leftBehind(paths.allocation)).toEqual([]);
});
