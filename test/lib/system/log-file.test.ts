import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLogFile } from "../../../src/lib/system/log-file.ts";

let dir: string;
let now: number;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "log-file-"));
  now = 1000;
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});
const open = (rotateBytes: number, maxFiles: number) =>
  openLogFile({ path: `${dir}/`, rotateAfterMs: 60_000, rotateBytes, maxFiles, nowNs: () => now });

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
