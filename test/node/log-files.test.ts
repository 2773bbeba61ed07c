import { execFileSync } from "node:child_process";
import {
  linkSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { RotatingLog } from "../../src/node/log-files.ts";

let directory: string;
beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), "log-files-")));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});
const options = (maxBytes: number, maxFiles = 3): Parameters<typeof RotatingLog.open>[0] => ({
  directory,
  name: "main.stdout",
  maxFiles,
  maxBytes,
});
const content = (index: number): string =>
  readFileSync(join(directory, `main.stdout.${index}`), "utf8");

test("a full file breaks after a whole line", async () => {
  const log = await RotatingLog.open(options(10));
  await log.write(Buffer.from("one\ntwo\nthree\n"));
  await log.close();
  expect([content(0), content(1)]).toEqual(["one\ntwo\n", "three\n"]);
});

test("a line longer than a file is broken where the file is full", async () => {
  const log = await RotatingLog.open(options(4));
  await log.write(Buffer.from("abcdefghij"));
  await log.close();
  expect([content(0), content(1), content(2)]).toEqual(["abcd", "efgh", "ij"]);
});

test("the oldest files go, and nothing of another task does", async () => {
  writeFileSync(join(directory, "main.stdout.txt"), "");
  writeFileSync(join(directory, "main2.stdout.0"), "");
  const log = await RotatingLog.open(options(2, 2));
  await log.write(Buffer.from("1\n2\n3\n4\n"));
  await log.close();
  expect(readdirSync(directory).sort()).toEqual([
    "main.stdout.2",
    "main.stdout.3",
    "main.stdout.txt",
    "main2.stdout.0",
  ]);
});

test("opening without a place continues at the end", async () => {
  const first = await RotatingLog.open(options(4));
  await first.write(Buffer.from("abc\nde"));
  expect(first.place()).toEqual({ index: 1, size: 2 });
  await first.close();
  const end = await RotatingLog.open(options(4));
  expect(end.place()).toEqual({ index: 1, size: 2 });
  await end.close();
});

/** Files 0 to 2, of which a place in the first was remembered. */
async function written(): Promise<void> {
  const log = await RotatingLog.open(options(10));
  await log.write(Buffer.from("one\ntwo\n"));
  await log.write(Buffer.from("three\nfour"));
  await log.write(Buffer.from("\nfive\n"));
  await log.close();
  expect([content(0), content(1), content(2)]).toEqual(["one\ntwo\n", "three\nfour", "\nfive\n"]);
}

test("what comes again from a place on is passed over, across files and in any pieces", async () => {
  for (const pieces of [1, 2, 3, 5, 30]) {
    await written();
    const before = readdirSync(directory).map((name) => lstatSync(join(directory, name)).mtimeMs);
    const log = await RotatingLog.open(options(10), { index: 0, size: 4 });
    expect(log.place()).toEqual({ index: 0, size: 4 });
    const again = Buffer.from("two\nthree\nfour\nfive\n");
    for (let at = 0; at < again.length; at += pieces)
      await log.write(again.subarray(at, at + pieces));
    expect(log.place()).toEqual({ index: 2, size: 6 });
    expect(readdirSync(directory).map((name) => lstatSync(join(directory, name)).mtimeMs)).toEqual(
      before,
    );
    await log.write(Buffer.from("six\n"));
    await log.close();
    expect([content(0), content(1), content(2)]).toEqual([
      "one\ntwo\n",
      "three\nfour",
      "\nfive\nsix\n",
    ]);
    for (const name of readdirSync(directory)) rmSync(join(directory, name));
  }
});

test("from the first difference on what was there is replaced", async () => {
  await written();
  const log = await RotatingLog.open(options(10), { index: 0, size: 4 });
  await log.write(Buffer.from("two\nthrow\n"));
  await log.write(Buffer.from("x\n"));
  await log.close();
  expect(readdirSync(directory).sort()).toEqual(["main.stdout.0", "main.stdout.1"]);
  expect([content(0), content(1)]).toEqual(["one\ntwo\n", "throw\nx\n"]);
});

test("where the file of the place is gone or shorter, writing starts anew from what there is", async () => {
  await written();
  rmSync(join(directory, "main.stdout.0"));
  const gone = await RotatingLog.open(options(10), { index: 0, size: 4 });
  await gone.write(Buffer.from("two\n"));
  await gone.close();
  expect(readdirSync(directory)).toEqual(["main.stdout.0"]);
  expect(content(0)).toBe("two\n");
  const shorter = await RotatingLog.open(options(10), { index: 0, size: 9 });
  await shorter.write(Buffer.from("x"));
  await shorter.close();
  expect(content(0)).toBe("two\nx");
});

test("what is left out is said at the start of a file, behind everything that was there", async () => {
  await written();
  const log = await RotatingLog.open(options(1000), { index: 0, size: 4 });
  await log.leaveOut(77);
  await log.write(Buffer.from("later\n"));
  await log.close();
  expect([content(1), content(2), content(3)]).toEqual([
    "three\nfour",
    "\nfive\n",
    "[77 bytes are left out here: more was written than these logs keep]\nlater\n",
  ]);
});

test("a link, a second name or a pipe in the log's place is replaced, never written through", async () => {
  const victim = join(directory, "victim");
  const path = join(directory, "main.stdout.0");
  const plants: (() => void)[] = [
    () => symlinkSync(victim, path),
    () => linkSync(victim, path),
    () => execFileSync("mkfifo", [path]),
  ];
  for (const plant of plants) {
    writeFileSync(victim, "untouched");
    rmSync(path, { force: true });
    plant();
    const log = await RotatingLog.open(options(100));
    await log.write(Buffer.from("line\n"));
    await log.close();
    expect(readFileSync(victim, "utf8")).toBe("untouched");
    expect(lstatSync(path).isFile()).toBe(true);
    expect(content(0)).toBe("line\n");
  }
});

test("a directory of logs that was exchanged for a link is refused", async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), "log-elsewhere-"));
  const link = join(directory, "logs");
  symlinkSync(elsewhere, link);
  await expect(RotatingLog.open({ ...options(100), directory: link })).rejects.toThrow(
    "the directory of the logs is not where it was made",
  );
  rmSync(elsewhere, { recursive: true });
});
