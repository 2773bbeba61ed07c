import { appendFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readSpool, type SpoolOptions } from "../../../src/drivers/executor/output.ts";
import { releasedOffsets, SpoolRelease } from "../../../src/drivers/executor/spool/release.ts";
import { recordFolder } from "../../../src/drivers/executor/records.ts";
import type { LogChunk } from "../../../src/drivers/port.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import { createSystemClock } from "../../../src/lib/system/clock.ts";
import { until } from "../../support/until.ts";

const MB = 1024 * 1024;
const handle = "one";
let root: string;
let dir: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "spool-"));
  dir = join(root, handle);
  mkdirSync(dir);
  // The one who runs is this very process.
  const task = { cluster: "c", nodeId: "n", allocationId: "a", task: "t", attempt: 0 };
  writeFileSync(join(dir, "task.json"), JSON.stringify(task));
  writeFileSync(join(dir, "pid"), `${process.pid} ${process.pid}\n`);
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});
const end = (): void => writeFileSync(join(dir, "exit"), "0\n");
const write = (text: string | Buffer, stream = "stdout"): void =>
  appendFileSync(join(dir, stream), text);

interface Reading {
  readonly chunks: LogChunk[];
  text(stream?: LogChunk["stream"]): string;
  bytes(): number;
  readonly done: Promise<void>;
}
function read(options: Partial<SpoolOptions> = {}): Reading {
  const chunks: LogChunk[] = [];
  const run = async (): Promise<void> => {
    const all: SpoolOptions = {
      clock: createSystemClock(),
      log: silentLogger,
      folder: recordFolder(root),
      handle,
      cursor: null,
      signal: new AbortController().signal,
      ...options,
    };
    for await (const chunk of readSpool(all))
      chunks.push({ ...chunk, data: Buffer.from(chunk.data) });
  };
  return {
    chunks,
    text: (stream = "stdout") =>
      Buffer.concat(
        chunks.filter((one) => one.stream === stream).map((one) => one.data),
      ).toString(),
    bytes: () => chunks.reduce((sum, { data }) => sum + data.length, 0),
    done: run(),
  };
}

test("what a task writes comes as it is written, in both streams, up to its last words", async () => {
  const reading = read();
  for (let n = 0; n < 20; n++) {
    write(`line ${n}\n`);
    await until("the line", () => reading.text().endsWith(`line ${n}\n`), { pollMs: 1 });
  }
  write("a word about it\n", "stderr");
  write("last\n");
  end();
  await reading.done;
  expect(reading.text().split("\n").slice(-3)).toEqual(["line 19", "last", ""]);
  expect(reading.text("stderr")).toBe("a word about it\n");
  expect(reading.chunks.at(-1)?.cursor).toBe(
    `${Buffer.byteLength(reading.text())} ${"a word about it\n".length}`,
  );
});

test("nothing is given back to the disk before the place in it is stored for good", async () => {
  write(Buffer.alloc(40 * MB, "0123456789abcde\n"));
  let stored = `${1 * MB} 0`;
  const abort = new AbortController();
  const reading = read({ stored: () => stored, signal: abort.signal });
  await until("everything to be read", () => reading.bytes() === 40 * MB);
  const full = statSync(join(dir, "stdout")).blocks;
  stored = `${16 * MB} 0`;
  await until("a hole", () => statSync(join(dir, "stdout")).blocks < full);
  abort.abort();
  await reading.done;
  expect(statSync(join(dir, "stdout")).blocks * 512).toBeGreaterThanOrEqual(24 * MB);
  end();
  const again = read({ cursor: stored });
  await again.done;
  expect(again.text()).toBe("0123456789abcde\n".repeat((24 * MB) / 16));
  expect(again.chunks.every(({ skipped }) => skipped === undefined)).toBe(true);
});

test("a hole is never read as output, also when the place in it was forgotten", async () => {
  write(Buffer.alloc(20 * MB, "0123456789abcde\n"));
  const abort = new AbortController();
  const first = read({ stored: () => `${16 * MB} 0`, signal: abort.signal });
  const full = statSync(join(dir, "stdout")).blocks;
  await until("a hole", () => statSync(join(dir, "stdout")).blocks < full);
  abort.abort();
  await first.done;
  end();
  const again = read({ cursor: `${3 * MB} 0` });
  await again.done;
  expect(again.chunks[0]).toMatchObject({ stream: "stdout", skipped: 13 * MB });
  expect(again.text()).toBe("0123456789abcde\n".repeat((4 * MB) / 16));
});

test("of what is far more than the logs keep only the end is read, from the start of a line", async () => {
  write(Buffer.alloc(10 * MB, "0123456789abcd\n"));
  end();
  const reading = read({ keptBytes: 2 * MB });
  await reading.done;
  const skipped = reading.chunks[0]?.skipped ?? 0;
  expect(skipped + reading.bytes()).toBe(10 * MB);
  expect(reading.text().startsWith("0123456789abcd\n")).toBe(true);
  expect(Math.abs(reading.bytes() - 2 * MB)).toBeLessThan(64);

  const kept = read({ keptBytes: 8 * MB });
  await kept.done;
  expect(kept.bytes()).toBe(10 * MB);
});

test("the folder of a removed task ends the reading", async () => {
  const reading = read();
  write("one\n");
  await until("the line", () => reading.text() === "one\n");
  rmSync(dir, { recursive: true });
  await reading.done;
  const none = read();
  await none.done;
  expect(none.chunks).toEqual([]);
});

test("where the place cannot be written down the reading goes on, and it is told once", async () => {
  let nowMs = 0;
  const clock = { ...createSystemClock(), monotonicMs: () => nowMs };
  const warned: string[] = [];
  const log = { ...silentLogger, warn: (_fields: object, text: string) => void warned.push(text) };
  write(Buffer.alloc(9 * MB, "a"));
  const stored = `${9 * MB} 0`;
  const release = new SpoolRelease(clock, log, dir, releasedOffsets(dir));
  const hindrance = join(dir, "released.new");
  mkdirSync(hindrance);
  for (let seconds = 0; seconds < 3; seconds++) {
    nowMs += 1_000;
    release.upTo(() => stored);
  }
  expect(warned).toEqual([
    "read parts of the output could not be given back to the disk, which is tried again",
  ]);
  expect(releasedOffsets(dir)).toEqual({ stdout: 0, stderr: 0 });
  rmSync(hindrance, { recursive: true });
  nowMs += 1_000;
  release.upTo(() => stored);
  expect(releasedOffsets(dir)).toEqual({ stdout: 9 * MB, stderr: 0 });
  await until("the hole", () => statSync(join(dir, "stdout")).blocks * 512 < MB);
});
