import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MountRunner } from "../../src/node/mount-runner.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "mount runner's-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

test("many at once share a shell, and each has its own outcome and words", async () => {
  const runner = new MountRunner();
  const shells = join(directory, "shells");
  const note = `echo $PPID >>"$0"; [ "$1" != bad ] || { echo "it's bad" >&2; exit 3; }`;
  const run = (word: string): Promise<void> => runner.run("sh", "-c", note, shells, word);
  const outcomes = await Promise.allSettled(["a", "bad", "b'c d"].map(run));
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(outcomes[1]).toMatchObject({ reason: { message: "sh: it's bad", code: "storage" } });
  const parents = readFileSync(shells, "utf8").trim().split("\n");
  expect(parents).toHaveLength(3);
  // Substitutions may have a shell of their own between; none is the test's.
  expect(parents).not.toContain(String(process.pid));
});

test("who asks while others run comes after them", async () => {
  const runner = new MountRunner();
  const first = join(directory, "first");
  const one = runner.run("sh", "-c", ': >"$0"', first);
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  await runner.run("test", "-e", first);
  await one;
  expect(existsSync(first)).toBe(true);
});

test("a program that is not there is said so, and the next one runs", async () => {
  const runner = new MountRunner();
  await expect(runner.run("no-such-program")).rejects.toThrow("no-such-program: ");
  await runner.run("true");
});
