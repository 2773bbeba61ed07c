import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { noFailpoint } from "../../src/lib/failpoint.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import type { LogChunk, TaskDriver } from "../../src/drivers/port.ts";
import { AllocationDirectories } from "../../src/node/alloc-directory.ts";
import { LogCollector } from "../../src/node/log-collector.ts";
import { openNodeDb } from "../../src/node/node-db.ts";
import type { NodeDb } from "../../src/node/node-db.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { ScriptedEngine } from "../support/scripted-driver.ts";
import { until } from "../support/until.ts";

let directory: string;
let db: NodeDb;
const clock = new FakeClock();
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "log-collector-"));
  db = openNodeDb(directory);
});
afterEach(() => {
  db.close();
  rmSync(directory, { recursive: true, force: true });
});
const collector = (): LogCollector =>
  new LogCollector({
    clock,
    db,
    log: silentLogger,
    directories: new AllocationDirectories(join(directory, "alloc")),
    failpoint: noFailpoint,
  });
/** A driver that plays these steps, one list for each call of `output`; an error is thrown, null waits for the abort. */
function playing(...plays: (readonly (LogChunk | Error | null)[])[]): {
  readonly driver: TaskDriver;
  readonly cursors: (string | null)[];
} {
  const cursors: (string | null)[] = [];
  const driver: TaskDriver = {
    ...new ScriptedEngine().driver(),
    async *output(_handle, cursor, signal) {
      cursors.push(cursor);
      for (const step of plays.shift() ?? []) {
        if (step instanceof Error) throw step;
        if (step) yield step;
        else
          await new Promise<void>((resolve) => {
            signal.addEventListener("abort", () => resolve(), { once: true });
          });
      }
    },
  };
  return { driver, cursors };
}
const chunk = (text: string, cursor: string, stream: LogChunk["stream"] = "stdout"): LogChunk => ({
  stream,
  data: Buffer.from(text),
  cursor,
});
const follow = (logs: LogCollector, driver: TaskDriver, handle = "h"): void => {
  const logConfig = { MaxFiles: 2, MaxFileSizeMB: 1 };
  logs.follow({ allocationId: "a", task: "main", handle, driver, logConfig });
};
const log = (name: string): string =>
  readFileSync(join(directory, "alloc", "a", "alloc", "logs", name), "utf8");

test("both streams land in their files, and the end of the output is waited for", async () => {
  const logs = collector();
  const { driver } = playing([chunk("out\n", "1"), chunk("err\n", "2", "stderr")]);
  follow(logs, driver);
  await logs.finished("a", "main", "h");
  expect([log("main.stdout.0"), log("main.stderr.0")]).toEqual(["out\n", "err\n"]);
  expect(db.logPosition("a", "main")).toEqual({
    handle: "h",
    cursor: "2",
    stdout: { index: 0, size: 4 },
    stderr: { index: 0, size: 4 },
  });
});

test("after a broken stream it goes on from the last cursor, nothing twice", async () => {
  const logs = collector();
  const { driver, cursors } = playing(
    [chunk("one\n", "1"), new Error("connection reset")],
    [chunk("two\n", "2")],
  );
  follow(logs, driver);
  await until("second try", async () => {
    await clock.advance(300);
    return cursors.length === 2;
  });
  await logs.finished("a", "main", "h");
  expect(cursors).toEqual([null, "1"]);
  expect(log("main.stdout.0")).toBe("one\ntwo\n");
});

test("a second attempt continues behind the first one's lines", async () => {
  const logs = collector();
  follow(logs, playing([chunk("first\n", "1")]).driver);
  const second = playing([chunk("second\n", "1")]);
  follow(logs, second.driver, "h2");
  await logs.finished("a", "main", "h2");
  expect(second.cursors).toEqual([null]);
  expect(log("main.stdout.0")).toBe("first\nsecond\n");
});

test("output that never ends is given up some seconds after its task", async () => {
  const logs = collector();
  const { driver, cursors } = playing([chunk("one\n", "1"), null]);
  follow(logs, driver);
  let isDone = false;
  const done = logs.finished("a", "main", "h").then(() => (isDone = true));
  await until("copying", () => cursors.length === 1);
  await clock.advance(4_000);
  expect(isDone).toBe(false);
  await clock.advance(1_500);
  await done;
  expect(log("main.stdout.0")).toBe("one\n");
});

test("what was written after the remembered place is not written twice", async () => {
  const first = collector();
  follow(first, playing([chunk("one\n", "1"), null]).driver);
  await until("one line", async () => {
    await clock.advance(200);
    return db.logPosition("a", "main") !== undefined;
  });
  await first.stop();
  const { appendFileSync } = await import("node:fs");
  appendFileSync(join(directory, "alloc", "a", "alloc", "logs", "main.stdout.0"), "tw");
  const second = collector();
  follow(second, playing([chunk("two\n", "2")]).driver);
  await second.finished("a", "main", "h");
  expect(log("main.stdout.0")).toBe("one\ntwo\n");
});

test("stopping before all output was copied is said to whoever wants to remove the task", async () => {
  const logs = collector();
  const { driver, cursors } = playing([chunk("one\n", "1"), null]);
  follow(logs, driver);
  await until("copying", () => cursors.length === 1);
  const done = logs.finished("a", "main", "h");
  const refused = expect(done).rejects.toMatchObject({ code: "cancelled" });
  await logs.stop();
  await refused;
});

test("a driver learns what is stored for good, and how much is kept", async () => {
  const logs = collector();
  const told: (string | undefined)[] = [];
  const driver: TaskDriver = {
    ...new ScriptedEngine().driver(),
    async *output(_handle, _cursor, _signal, options) {
      expect(options?.keptBytes).toBe(2 * 1024 * 1024);
      for (const n of ["1", "2"]) {
        yield chunk(`${n}\n`, n);
        told.push(options?.stored?.());
        await clock.advance(300);
        told.push(options?.stored?.());
        expect(db.logPosition("a", "main")?.cursor).toBe(n);
      }
    },
  };
  follow(logs, driver);
  await logs.finished("a", "main", "h");
  expect(told).toEqual([undefined, "1", "1", "2"]);
});

test("a file that is remembered is so before the next one is full", async () => {
  const logs = collector();
  const line = `${"x".repeat(1023)}\n`;
  const { driver } = playing([
    chunk(line.repeat(700), "1"),
    chunk(line.repeat(700), "2"),
    chunk("x", "3"),
    null,
  ]);
  follow(logs, driver);
  await until("the second file", () => db.logPosition("a", "main")?.stdout.index === 1);
  expect(db.logPosition("a", "main")?.cursor).toBe("2");
  await logs.stop();
});

test("what a driver left out is said in the log", async () => {
  const logs = collector();
  const { driver } = playing([chunk("one\n", "1"), { ...chunk("two\n", "2"), skipped: 1234 }]);
  follow(logs, driver);
  await logs.finished("a", "main", "h");
  expect(log("main.stdout.0")).toBe("one\n");
  expect(log("main.stdout.1")).toBe(
    "[1234 bytes are left out here: more was written than these logs keep]\ntwo\n",
  );
});
