import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readConfined, writeConfined } from "../../../src/node/template/confined-file.ts";

const makeFolder = (): string => {
  const root = mkdtempSync(join(tmpdir(), "confined-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
};
const write = async (folder: string, path: string, over: object = {}): Promise<boolean> =>
  await writeConfined(
    { folder, segments: path.split("/") },
    { content: Buffer.from("new"), mode: 0o640, uid: -1, gid: -1, temporary: ".t.new", ...over },
  );
const read = async (folder: string, path: string, most = 100): Promise<string | undefined> => {
  const content = await readConfined({ folder, segments: path.split("/") }, most);
  return content && Buffer.from(content).toString();
};

test("a file is put in place whole, once", async () => {
  const root = makeFolder();
  expect(await write(root, "a/b/c")).toBe(true);
  expect(readFileSync(join(root, "a/b/c"), "utf8")).toBe("new");
  expect(statSync(join(root, "a/b/c")).mode & 0o7777).toBe(0o640);
  expect(await write(root, "a/b/c")).toBe(false);
  expect(await write(root, "a/b/c", { content: Buffer.from("NEW") })).toBe(true);
  expect(readdirSync(join(root, "a/b"))).toEqual(["c"]);
});

test("a file gets the owner that is asked for, or is not written", async () => {
  const root = makeFolder();
  if (process.getuid?.() !== 0) {
    await expect(write(root, "a", { uid: 1234 })).rejects.toThrow("EPERM");
    expect(readdirSync(root)).toEqual([]);
    return;
  }
  await write(root, "a", { uid: 1234 });
  await write(root, "b", { gid: 4321 });
  expect([statSync(join(root, "a")).uid, statSync(join(root, "a")).gid]).toEqual([1234, 0]);
  expect([statSync(join(root, "b")).uid, statSync(join(root, "b")).gid]).toEqual([0, 4321]);
});

test("what an attempt left behind is in nobody's way, even as a link", async () => {
  const root = makeFolder();
  const outside = join(makeFolder(), "victim");
  writeFileSync(outside, "untouched");
  symlinkSync(outside, join(root, ".t.new"));
  expect(await write(root, "a")).toBe(true);
  expect(readFileSync(outside, "utf8")).toBe("untouched");
  expect(readdirSync(root)).toEqual(["a"]);
});

test("a link is refused wherever it stands, and nothing is read or written behind it", async () => {
  const root = makeFolder();
  const outside = makeFolder();
  writeFileSync(join(outside, "secret"), "secret");
  symlinkSync(outside, join(root, "folder"));
  symlinkSync(join(outside, "secret"), join(root, "file"));
  symlinkSync(join(outside, "none"), join(root, "dangling"));
  for (const path of ["folder/secret", "folder/new", "folder/deep/new"]) {
    await expect(write(root, path)).rejects.toThrow("leads through something that is no folder");
    await expect(read(root, path)).rejects.toThrow("leads through something that is no folder");
  }
  for (const path of ["file", "dangling"]) {
    await expect(write(root, path)).rejects.toThrow(`${path} is a symbolic link`);
    await expect(read(root, path)).rejects.toThrow(`${path} is a symbolic link`);
  }
  expect(readdirSync(outside)).toEqual(["secret"]);
  expect(readFileSync(join(outside, "secret"), "utf8")).toBe("secret");
});

const isRenamed = (from: string, to: string): boolean => {
  try {
    renameSync(from, to);
    return true;
  } catch (thrown) {
    expect(String(thrown)).toContain("EISDIR");
    return false;
  }
};

test("folders that a task keeps swapping with links lead nowhere else", async () => {
  const root = makeFolder();
  const outside = makeFolder();
  const [place, kept, link] = [join(root, "d"), join(root, "kept"), join(root, "link")];
  mkdirSync(place);
  symlinkSync(outside, link);
  const swap = (): void => {
    renameSync(place, kept);
    // The writer may make a folder of its own in between.
    for (let isDone = false; !isDone;) {
      rmSync(place, { recursive: true, force: true });
      isDone = isRenamed(link, place);
    }
  };
  const swapBack = (): void => {
    renameSync(place, link);
    renameSync(kept, place);
  };
  let refused = 0;
  for (let round = 0; round < 100; round++) {
    const writing = write(root, "d/x", { content: Buffer.from(`round ${round}`) }).catch(
      (thrown: unknown) => {
        // While the folder is away, a new one may be made in its place.
        expect(String(thrown)).toMatch(/no folder|symbolic link|ENOENT/);
        refused++;
      },
    );
    for (let turn = 0; turn < round % 25; turn++)
      await new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
    swap();
    await writing;
    swapBack();
  }
  expect(readdirSync(outside)).toEqual([]);
  // Some came before the swap, some after it.
  expect(refused).toBeGreaterThan(0);
});

test("what is no regular file is neither read nor replaced", async () => {
  const root = makeFolder();
  mkdirSync(join(root, "folder"));
  execFileSync("mkfifo", [join(root, "pipe")]);
  for (const path of ["folder", "pipe"]) {
    await expect(write(root, path)).rejects.toThrow(`${path} is no regular file`);
    await expect(read(root, path)).rejects.toThrow(`${path} is no regular file`);
  }
});

test("a file is read up to a limit, and one that is not there is nothing", async () => {
  const root = makeFolder();
  writeFileSync(join(root, "a"), "x".repeat(100));
  expect(await read(root, "a", 100)).toHaveLength(100);
  await expect(read(root, "a", 99)).rejects.toThrow("a is larger than 99 bytes");
  expect(await read(root, "b")).toBeUndefined();
  expect(await read(root, "c/d")).toBeUndefined();
  expect(existsSync(join(root, "c"))).toBe(false);
});
