import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLogFile } from "../../../src/lib/system/log-file.ts";

let dir: string;
let now: number;
let faults: string[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "log-file-"));
  now = 1000;
  faults = [];
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});
const open = (rotateBytes: number, maxFiles: number) =>
  openLogFile({
    path: `${dir}/`,
    rotateAfterMs: 60_000,
    rotateBytes,
    maxFiles,
    nowNs: () => now,
    onFault: (text) => faults.push(text),
  });

test("a folder gets nomad.log, readable by its owner and group only", () => {
  const file = open(0, 0);
  file.write("hello\n");
  file.close();
  expect(readFileSync(join(dir, "nomad.log"), "utf8")).toBe("hello\n");
  expect(statSync(join(dir, "nomad.log")).mode & 0o777).toBe(0o640);
});

test("a full file is set aside under its time, and only the newest are kept", () => {
  const file = open(8, 2);
  for (const line of ["one 1\n", "two 2\n", "three\n", "four4\n"]) {
    now += 1;
    file.write(line);
  }
  file.close();
  expect(readdirSync(dir).toSorted()).toEqual(["nomad-1003.log", "nomad-1004.log", "nomad.log"]);
  expect(readFileSync(join(dir, "nomad.log"), "utf8")).toBe("four4\n");
});

test("an old file is set aside though it is not full", () => {
  const file = open(0, 0);
  file.write("old\n");
  now += 61_000 * 1e6;
  file.write("new\n");
  file.close();
  expect(readFileSync(join(dir, "nomad.log"), "utf8")).toBe("new\n");
});

test("a full disk costs log lines and one complaint, never the caller", () => {
  const file = openLogFile({
    path: "/dev/full",
    rotateAfterMs: 60_000,
    rotateBytes: 0,
    maxFiles: 0,
    nowNs: () => now,
    onFault: (text) => faults.push(text),
  });
  file.write("one\n");
  file.write("two\n");
  file.close();
  expect(faults).toEqual([
    "the log file /dev/full cannot be written, lines are missing there: ENOSPC: no space left on device, write",
  ]);
});

test("a folder that vanished under the log file costs nothing but lines, and is written again when it can be", () => {
  const file = open(6, 0);
  file.write("one 1\n");
  rmSync(dir, { recursive: true });
  now += 1;
  file.write("two 2\n");
  expect(faults.length).toBe(1);
  expect(existsSync(dir)).toBe(false);
  mkdirSync(dir);
  file.write("three\n");
  file.close();
  expect(readFileSync(join(dir, "nomad.log"), "utf8")).toBe("three\n");
  expect(faults.length).toBe(1);
});
