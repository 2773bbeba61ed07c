import { describe, expect, test } from "vitest";
import type { FileFrame } from "../../../src/node/files.ts";
import { fileFrames, monitorFrames, plainBytes } from "../../../src/api/http/frames.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text);
async function* of(...frames: FileFrame[]): AsyncGenerator<FileFrame> {
  for (const frame of frames) yield await Promise.resolve(frame);
}
async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
const never = new AbortController().signal;

describe("frames", () => {
  test("are objects without line ends or empty fields", async () => {
    const frames = of(
      { file: "alloc/logs/web.stdout.0", offset: 5, data: bytes("hello") },
      { file: "alloc/logs/web.stdout.0", offset: 0, data: bytes(""), fileEvent: "file deleted" },
    );
    expect(await all(fileFrames(new FakeClock(), frames, never))).toEqual([
      '{"Data":"aGVsbG8=","File":"alloc/logs/web.stdout.0","Offset":5}',
      '{"File":"alloc/logs/web.stdout.0","FileEvent":"file deleted"}',
    ]);
  });

  test("hold at most 64 KiB, each with the position after its own part", async () => {
    const data = new Uint8Array(150_000);
    const texts = await all(
      fileFrames(new FakeClock(), of({ file: "f", offset: 1_150_000, data }), never),
    );
    const parsed = texts.map((text) => JSON.parse(text) as { Data: string; Offset: number });
    expect(parsed.map(({ Data }) => Buffer.from(Data, "base64").length)).toEqual([
      65_536, 65_536, 18_928,
    ]);
    expect(parsed.map(({ Offset }) => Offset)).toEqual([1_065_536, 1_131_072, 1_150_000]);
  });

  test("beat once a second while nothing comes, and end when the reader goes", async () => {
    const clock = new FakeClock();
    const gone = new AbortController();
    let isClosed = false;
    async function* silent(): AsyncGenerator<FileFrame> {
      try {
        await new Promise<void>((resolve) => {
          gone.signal.addEventListener("abort", () => {
            resolve();
          });
        });
        yield* [];
      } finally {
        isClosed = true;
      }
    }
    const frames = fileFrames(clock, silent(), gone.signal);
    for (const _ of [1, 2]) {
      const next = frames.next();
      await clock.advance(999);
      expect(clock.pendingTimers()).toBe(1);
      await clock.advance(1);
      expect(await next).toEqual({ done: false, value: "{}" });
    }
    const last = frames.next();
    gone.abort();
    await last;
    expect((await frames.next()).done).toBe(true);
    expect(isClosed).toBe(true);
    expect(clock.pendingTimers()).toBe(0);
  });

  test("leave no timer behind when frames come quickly", async () => {
    const clock = new FakeClock();
    const frame = { file: "f", offset: 1, data: bytes("x") };
    await all(fileFrames(clock, of(frame, frame, frame), never));
    await clock.advance(0);
    expect(clock.pendingTimers()).toBe(0);
  });

  test("pass on a failure of their source", async () => {
    async function* broken(): AsyncGenerator<FileFrame> {
      yield await Promise.reject<FileFrame>(new Error("disk gone"));
    }
    await expect(all(fileFrames(new FakeClock(), broken(), never))).rejects.toThrow("disk gone");
  });

  test("of the monitor carry at most 1 KiB and say that they are log", async () => {
    async function* lines(): AsyncGenerator<string> {
      yield await Promise.resolve(`${"x".repeat(1500)}\n`);
    }
    const texts = await all(monitorFrames(new FakeClock(), lines(), never));
    const parsed = texts.map((text) => JSON.parse(text) as { Data: string; FileEvent: string });
    expect(parsed.map(({ FileEvent }) => FileEvent)).toEqual(["log", "log"]);
    expect(parsed.map(({ Data }) => Buffer.from(Data, "base64").length)).toEqual([1024, 477]);
  });

  test("without frames are the bytes alone", async () => {
    const frames = of(
      { file: "a", offset: 2, data: bytes("ab") },
      { file: "b", offset: 0, data: bytes(""), fileEvent: "file truncated" },
      { file: "b", offset: 1, data: bytes("c") },
    );
    expect(Buffer.concat(await all(plainBytes(frames))).toString()).toBe("abc");
  });
});
