import { execFileSync } from "node:child_process";
import type { Stats } from "node:fs";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { existsSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import type * as promises from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AllocationDirectories } from "../../src/node/alloc-directory.ts";
import type { TaskPaths } from "../../src/node/alloc-directory.ts";
import { diskSnapshot } from "../../src/node/disk-snapshot.ts";

/** What a task does right after a look at one of its files. */
const afterLook = vi.hoisted(() => vi.fn<(path: string) => void>());
vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof promises>();
  const lstat = async (path: string): Promise<Stats> => {
    const info = await real.lstat(path);
    afterLook(path);
    return info;
  };
  return { ...real, lstat };
});

let directory: string;
let paths: TaskPaths;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "disk-snapshot-"));
  paths = await new AllocationDirectories(join(directory, "alloc")).build("a1", "web");
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
  afterLook.mockReset();
});

/** What tar(1) makes of the archive. */
async function unpacked(): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of diskSnapshot(paths.allocation)) chunks.push(chunk);
  const into = join(directory, "unpacked");
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into);
  execFileSync("tar", ["-x", "-C", into], { input: Buffer.concat(chunks) });
  return into;
}

test("the shared data and the tasks' own folders are in it, and nothing else", async () => {
  const long = "folder-of-some-length/".repeat(8);
  mkdirSync(join(paths.shared, "data", long), { recursive: true });
  writeFileSync(join(paths.shared, "data", long, "rows"), "1".repeat(70_000));
  writeFileSync(join(paths.local, "words"), "2", { mode: 0o640 });
  symlinkSync("words", join(paths.local, "link"));
  writeFileSync(join(paths.secrets, "token"), "secret");
  writeFileSync(join(paths.logs, "web.stdout.0"), "line");
  execFileSync("mkfifo", [join(paths.local, "pipe")]);
  const into = await unpacked();
  expect(readFileSync(join(into, "alloc/data", long, "rows"), "utf8")).toBe("1".repeat(70_000));
  expect(readFileSync(join(into, "web/local/words"), "utf8")).toBe("2");
  expect(statSync(join(into, "web/local/words")).mode & 0o777).toBe(0o640);
  expect(readlinkSync(join(into, "web/local/link"))).toBe("words");
  for (const name of ["web/secrets", "alloc/logs", "web/local/pipe"])
    expect(existsSync(join(into, name)), name).toBe(false);
});

test("a link to the outside is a link in the archive as well, and what it leads to is not in it", async () => {
  writeFileSync(join(directory, "outside"), "of the host");
  symlinkSync(join(directory, "outside"), join(paths.local, "out"));
  symlinkSync(directory, join(paths.shared, "data", "up"));
  const into = await unpacked();
  expect(readlinkSync(join(into, "web/local/out"))).toBe(join(directory, "outside"));
  expect(readlinkSync(join(into, "alloc/data/up"))).toBe(directory);
});

test("a file that is cut off while it is read keeps the length that its header has", async () => {
  const path = join(paths.local, "rows");
  writeFileSync(path, "x".repeat(200_000));
  let size = 0;
  for await (const chunk of diskSnapshot(paths.allocation)) {
    size += chunk.length;
    if (Buffer.from(chunk.subarray(0, 14)).toString() === "web/local/rows") truncateSync(path, 0);
  }
  // Two folders, one header, its content in whole blocks, and the end.
  expect(size).toBe(3 * 512 + Math.ceil(200_000 / 512) * 512 + 1_024);
});

test("what is removed, or made something else, after the look at it is not in the archive", async () => {
  const at = (name: string): string => join(paths.local, name);
  for (const name of ["file", "other", "stays"]) writeFileSync(at(name), name);
  mkdirSync(at("folder"));
  symlinkSync("stays", at("link"));
  const gone = new Set(["file", "other", "folder", "link"].map(at));
  afterLook.mockImplementation((path) => {
    if (gone.delete(path)) rmSync(path, { recursive: true });
    if (path === at("other")) mkdirSync(path);
  });
  const into = await unpacked();
  expect(gone.size).toBe(0);
  expect(readdirSync(join(into, "web/local"))).toEqual(["stays"]);
});

test("what cannot be looked at is no reason to leave it out in silence", async () => {
  writeFileSync(join(paths.local, "file"), "x");
  afterLook.mockImplementation(() => {
    throw Object.assign(new Error("EIO: i/o error"), { code: "EIO" });
  });
  await expect(unpacked()).rejects.toThrow("EIO");
});

test("an allocation without folders has an empty archive", async () => {
  rmSync(join(paths.shared, "data"), { recursive: true });
  rmSync(paths.task, { recursive: true });
  let size = 0;
  for await (const chunk of diskSnapshot(paths.allocation)) size += chunk.length;
  expect(size).toBe(1_024);
});
