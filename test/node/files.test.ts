import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSystemClock } from "../../src/lib/system/clock.ts";
import { AllocationDirectories } from "../../src/node/alloc-directory.ts";
import { createAllocationFiles } from "../../src/node/files.ts";
import type { AllocationFiles, FileFrame } from "../../src/node/files.ts";

const id = "a1";
let root: string;
let files: AllocationFiles;
let inside: (path: string) => string;
const abort = { current: new AbortController() };

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "alloc-files-"));
  const directories = new AllocationDirectories(root);
  await directories.build(id, "main");
  files = createAllocationFiles({
    clock: createSystemClock(),
    directories,
    task: (_id, task) => (task === "main" ? { hasStarted: true } : undefined),
  });
  inside = (path) => join(root, id, path);
  abort.current = new AbortController();
});
afterEach(() => {
  abort.current.abort();
  rmSync(root, { recursive: true, force: true });
});

const text = (data: readonly Uint8Array[]): string => Buffer.concat(data).toString();
async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
function follow(path: string): AsyncIterator<FileFrame> {
  const { signal } = abort.current;
  const range = { origin: "start", offset: 0, follow: true, signal } as const;
  return files.stream({ allocationId: id, path, ...range })[Symbol.asyncIterator]();
}
const logs = (
  options: Partial<Parameters<AllocationFiles["logs"]>[0]> = {},
): AsyncIterable<FileFrame> =>
  files.logs({
    allocationId: id,
    task: "main",
    stream: "stdout",
    origin: "start",
    offset: 0,
    follow: false,
    signal: abort.current.signal,
    ...options,
  });

test("a listing shows names, kinds, sizes and modes", async () => {
  writeFileSync(inside("alloc/data/notes.txt"), "abcdefghij", { mode: 0o644 });
  expect(await files.list(id, "/")).toMatchObject([
    { Name: "alloc", IsDir: true, FileMode: "drwxrwxrwx", ContentType: "" },
    { Name: "main", IsDir: true, FileMode: "drwxrwxrwx", ContentType: "" },
  ]);
  expect(await files.stat(id, "alloc/data/notes.txt")).toMatchObject({
    Name: "notes.txt",
    Size: 10,
    FileMode: "-rw-r--r--",
    ContentType: "text/plain; charset=utf-8",
  });
  await expect(files.list(id, "/nope")).rejects.toThrow("no such file or directory");
  await expect(files.list("unknown", "/")).rejects.toMatchObject({ code: "not-found" });
});

test("CVE-2022-24683: nothing outside the allocation's directory is read, by whatever way", async () => {
  writeFileSync(join(root, "outside"), "secret");
  symlinkSync(join(root, "outside"), inside("alloc/link"));
  symlinkSync("/does/not/exist", inside("alloc/dangling"));
  symlinkSync("/etc", inside("main/local/etc"));
  for (const path of [
    "../outside",
    "../../..",
    "alloc/link",
    "alloc/dangling",
    "main/local/etc/passwd",
  ])
    await expect(all(files.read(id, path, { offset: 0, limit: undefined })), path).rejects.toThrow(
      "Path escapes the alloc directory",
    );
  await expect(files.list(id, "../../..")).rejects.toThrow("Path escapes the alloc directory");
});

test("secrets are unreadable, also through a link", async () => {
  writeFileSync(inside("main/secrets/token"), "x");
  symlinkSync(inside("main/secrets"), inside("alloc/open"));
  for (const path of [
    "main/secrets/token",
    "main/SECRETS/token",
    "main/private",
    "alloc/open/token",
  ])
    await expect(files.stat(id, path), path).rejects.toThrow("Reading secret file prohibited");
});

test("a part of a file is read by offset and limit, a directory is refused", async () => {
  writeFileSync(inside("alloc/data/f"), "abcdefghij");
  const read = (offset: number, limit?: number): Promise<Uint8Array[]> =>
    all(files.read(id, "alloc/data/f", { offset, limit }));
  expect(text(await read(0))).toBe("abcdefghij");
  expect(text(await read(2, 4))).toBe("cdef");
  expect(text(await read(20))).toBe("");
  await expect(all(files.read(id, "alloc/data", { offset: 0, limit: 1 }))).rejects.toThrow(
    'file "alloc/data" is a directory',
  );
});

test("a followed file gives what is appended, tells of truncation and ends with its removal", async () => {
  writeFileSync(inside("alloc/data/f"), "one");
  const frames = follow("alloc/data/f");
  expect((await frames.next()).value).toMatchObject({ file: "alloc/data/f", offset: 3 });
  appendFileSync(inside("alloc/data/f"), "two");
  expect(text([(await frames.next()).value.data])).toBe("two");
  truncateSync(inside("alloc/data/f"), 1);
  expect((await frames.next()).value).toMatchObject({ fileEvent: "file truncated", offset: 0 });
  expect(text([(await frames.next()).value.data])).toBe("o");
  renameSync(inside("alloc/data/f"), inside("alloc/data/g"));
  expect((await frames.next()).value).toMatchObject({ fileEvent: "file deleted" });
  expect((await frames.next()).done).toBe(true);
});

test("logs are read across rotated files from either end", async () => {
  writeFileSync(inside("alloc/logs/main.stdout.1"), "one\ntwo\n");
  writeFileSync(inside("alloc/logs/main.stdout.2"), "three\n");
  writeFileSync(inside("alloc/logs/main.stderr.0"), "other");
  const read = async (options: Parameters<typeof logs>[0]): Promise<string> =>
    text((await all(logs(options))).map((frame) => frame.data));
  expect(await read({})).toBe("one\ntwo\nthree\n");
  expect(await read({ offset: 4 })).toBe("two\nthree\n");
  expect(await read({ origin: "end", offset: 10 })).toBe("two\nthree\n");
  await expect(all(logs({ task: "nope" }))).rejects.toThrow('unknown task name "nope"');
});

test("followed logs go on in the next file and end with the reader's signal", async () => {
  writeFileSync(inside("alloc/logs/main.stdout.0"), "one\n");
  const frames = logs({ follow: true })[Symbol.asyncIterator]();
  expect(text([(await frames.next()).value.data])).toBe("one\n");
  appendFileSync(inside("alloc/logs/main.stdout.0"), "two\n");
  writeFileSync(inside("alloc/logs/main.stdout.1"), "three\n");
  expect(text([(await frames.next()).value.data])).toBe("two\n");
  expect((await frames.next()).value).toMatchObject({ file: "alloc/logs/main.stdout.1" });
  const last = frames.next();
  abort.current.abort(new Error("reader left"));
  await expect(last).rejects.toThrow("reader left");
});

test("following logs before there are any waits for them", async () => {
  mkdirSync(inside("alloc/logs"), { recursive: true });
  const frames = logs({ follow: true })[Symbol.asyncIterator]();
  const first = frames.next();
  writeFileSync(inside("alloc/logs/main.stdout.0"), "hello");
  expect(text([(await first).value.data])).toBe("hello");
});
