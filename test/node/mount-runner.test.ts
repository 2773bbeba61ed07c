import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MountRunner } from "../../src/node/mount-runner.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { until } from "../support/until.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "mount runner's-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

test("many at once share a shell, and each has its own outcome and words", async () => {
  const runner = new MountRunner(new FakeClock());
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
  const runner = new MountRunner(new FakeClock());
  const first = join(directory, "first");
  const one = runner.run("sh", "-c", ': >"$0"', first);
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  await runner.run("test", "-e", first);
  await one;
  expect(existsSync(first)).toBe(true);
});

test("a program that is not there is said so, and the next one runs", async () => {
  const runner = new MountRunner(new FakeClock());
  await expect(runner.run("no-such-program")).rejects.toThrow("no-such-program: ");
  await runner.run("true");
});

test("one that hangs is given up alone, and those behind it run once and without it", async () => {
  const clock = new FakeClock();
  const runner = new MountRunner(clock, 1_000);
  const [begun, after] = [join(directory, "begun"), join(directory, "after")];
  const before = runner.run("true");
  const hanging = runner.run("sh", "-c", 'echo $$ >"$0"; exec sleep 600', begun);
  const behind = runner.run("sh", "-c", 'echo x >>"$0"', after);
  await before;
  const pid = await until(
    "the one that hangs",
    () => existsSync(begun) && Number(readFileSync(begun, "utf8")),
  );
  const outcome = expect(hanging).rejects.toMatchObject({ code: "timeout" });
  await clock.advance(1_000);
  await outcome;
  await behind;
  expect(readFileSync(after, "utf8")).toBe("x\n");
  await until("its end", () => !existsSync(`/proc/${pid}`));
  await runner.run("true");
  expect(clock.pendingTimers()).toBe(0);
});
