import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AllocationDirectories } from "../../src/node/alloc-directory.ts";

let root: string;
beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), "alloc-dir-")), "alloc");
});
afterEach(() => {
  rmSync(join(root, ".."), { recursive: true, force: true });
});
const mode = (path: string): string =>
  (statSync(join(root, path)).mode & 0o7777).toString(8).padStart(4, "0");

test("the layout and its modes are those of the reference", async () => {
  const directories = new AllocationDirectories(root);
  const paths = await directories.build("a1", "web");
  expect(
    Object.fromEntries(
      ["", "a1", "a1/alloc", "a1/alloc/logs", "a1/alloc/tmp", "a1/alloc/data"]
        .concat(["a1/web", "a1/web/local", "a1/web/secrets", "a1/web/private", "a1/web/tmp"])
        .map((path) => [path, mode(path)]),
    ),
  ).toEqual({
    "": "0711",
    a1: "0755",
    "a1/alloc": "0777",
    "a1/alloc/logs": "0777",
    "a1/alloc/tmp": "0777",
    "a1/alloc/data": "0777",
    "a1/web": "0777",
    "a1/web/local": "0777",
    "a1/web/secrets": "0777",
    "a1/web/private": "0777",
    "a1/web/tmp": "1777",
  });
  expect(paths.local).toBe(join(root, "a1", "web", "local"));
  await directories.build("a1", "web");
  await directories.destroy("a1");
  expect(existsSync(join(root, "a1"))).toBe(false);
  expect(await directories.exists("a1")).toBe(false);
});

test("CVE-2026-7474: a name that would lead out of the directory is refused", () => {
  const directories = new AllocationDirectories(root);
  for (const name of ["..", "", "a/b", "."])
    expect(() => directories.allocation(name), name).toThrow("cannot be the name of a directory");
});
