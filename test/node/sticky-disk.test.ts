import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AllocationDirectories } from "../../src/node/alloc-directory.ts";
import { StickyDisks } from "../../src/node/sticky-disk.ts";
import { scriptedTask } from "../support/scripted-job.ts";

let root: string;
let directories: AllocationDirectories;
const tasks = [scriptedTask({ Name: "main" }), scriptedTask({ Name: "side" })];
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "sticky-"));
  directories = new AllocationDirectories(root);
  for (const { Name } of tasks) await directories.build("old", Name);
  for (const path of ["old/alloc/data/a", "old/main/local/b", "old/main/tmp/c"])
    writeFileSync(join(root, path), path);
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});
const here = (path: string): boolean => existsSync(join(root, path));

test("shared data and each task's local move, nothing else does, and only once", async () => {
  const disks = new StickyDisks(directories);
  const both = [disks.inherit("old", "new", tasks), disks.inherit("old", "new", tasks)];
  expect(await Promise.all(both)).toEqual(["moved", "moved"]);
  expect(readFileSync(join(root, "new/alloc/data/a"), "utf8")).toBe("old/alloc/data/a");
  expect(here("new/main/local/b")).toBe(true);
  expect(here("new/main/tmp/c")).toBe(false);
  expect(here("old/alloc/data")).toBe(false);
  await directories.build("old", "main");
  writeFileSync(join(root, "old/alloc/data/later"), "");
  expect(await new StickyDisks(directories).inherit("old", "new", tasks)).toBe("settled");
  expect(here("new/alloc/data/later")).toBe(false);
});

test("a move that was cut short is finished by the next call", async () => {
  await directories.build("new", "main");
  rmSync(join(root, "new/alloc/data"), { recursive: true });
  renameSync(join(root, "old/alloc/data"), join(root, "new/alloc/data"));
  expect(await new StickyDisks(directories).inherit("old", "new", tasks)).toBe("moved");
  expect(here("new/alloc/data/a")).toBe(true);
  expect(here("new/main/local/b")).toBe(true);
});

test("nothing there is told, a settled disk asks no more", async () => {
  const disks = new StickyDisks(directories);
  expect(await disks.inherit("gone", "new", tasks)).toBe("absent");
  await disks.settle("new");
  expect(await disks.inherit("old", "new", tasks)).toBe("settled");
  expect(here("new/main/local/b")).toBe(false);
});

test("a link in a folder's place is not inherited", async () => {
  rmSync(join(root, "old/main/local"), { recursive: true });
  symlinkSync("/etc", join(root, "old/main/local"));
  expect(await new StickyDisks(directories).inherit("old", "new", tasks)).toBe("moved");
  expect(here("new/main/local/passwd")).toBe(false);
});
