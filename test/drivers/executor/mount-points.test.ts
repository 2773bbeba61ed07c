import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeLink, makeMountPoint } from "../../../src/drivers/executor/mount-points.ts";
import { makeDriverBench } from "../../support/driver-spec.ts";

let bench: ReturnType<typeof makeDriverBench>;
let root: string;
let outside: string;
beforeEach(() => {
  bench = makeDriverBench();
  [root, outside] = [join(bench.dir, "root"), join(bench.dir, "outside")];
  mkdirSync(root);
  mkdirSync(outside);
});
afterEach(() => {
  bench.clean();
});

test("folders on the way are made, and what is there stays", () => {
  mkdirSync(join(root, "run"));
  writeFileSync(join(root, "run", "kept"), "x");
  const path = makeMountPoint(root, "/run/systemd/resolve", "directory");
  expect(path).toBe(join(root, "run/systemd/resolve"));
  expect(lstatSync(path).mode & 0o777).toBe(0o755);
  expect(readdirSync(join(root, "run")).sort()).toEqual(["kept", "systemd"]);
  expect(lstatSync(makeMountPoint(root, "etc/resolv.conf", "file")).isFile()).toBe(true);
});

test("a link on the way gives way, so nothing is made outside", () => {
  symlinkSync(outside, join(root, "run"));
  symlinkSync(join(outside, "file"), join(root, "file"));
  makeMountPoint(root, "run/a", "directory");
  makeMountPoint(root, "file", "file");
  makeMountPoint(root, "../../x", "directory");
  expect(readdirSync(outside)).toEqual([]);
  expect(readdirSync(root).sort()).toEqual(["file", "run", "x"]);
});

test("a link of the host is made again, in place of another one", () => {
  symlinkSync(outside, join(root, "bin"));
  makeLink(root, "bin", "usr/bin");
  makeLink(root, "bin", "usr/bin");
  expect(readlinkSync(join(root, "bin"))).toBe("usr/bin");
  mkdirSync(join(root, "lib"));
  makeLink(root, "lib", "usr/lib");
  expect(lstatSync(join(root, "lib")).isDirectory()).toBe(true);
});
