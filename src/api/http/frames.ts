import { sleep } from "../../lib/clock.ts";
import type { Clock } from "../../lib/clock.ts";
import type { FileFrame } from "../../node/files.ts";

/**
 * Frames are JSON objects with nothing between them: readers split on `}{`, and a line end would break one of the
 * known clients. `{}` each second tells that the stream is alive. No frame holds more than 64 KiB.
 */
const heartbeatMs = 1000;
const mostData = 64 * 1024;
const mostMonitorData = 1024;

export async function* fileFrames(
  clock: Clock,
  frames: AsyncIterable<FileFrame>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  for await (const frame of withHeartbeat(clock, frames, signal)) {
    if (frame === undefined) yield "{}";
    else yield* splitFrame(frame);
  }
}

export async function* monitorFrames(
  clock: Clock,
  lines: AsyncIterable<string>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  for await (const line of withHeartbeat(clock, lines, signal)) {
    if (line === undefined) {
      yield "{}";
      continue;
    }
    const bytes = Buffer.from(line, "utf8");
    for (let at = 0; at < bytes.length; at += mostMonitorData)
      yield frameText({ data: bytes.subarray(at, at + mostMonitorData), fileEvent: "log" });
  }
}

export async function* plainBytes(frames: AsyncIterable<FileFrame>): AsyncGenerator<Uint8Array> {
  for await (const frame of frames) if (frame.data.length > 0) yield frame.data;
}

/** The offset is the position after the data, so that of a part is counted back from the end. */
function* splitFrame(frame: FileFrame): Generator<string> {
  const { data, file, fileEvent } = frame;
  if (data.length === 0) {
    yield frameText(frame);
    return;
  }
  for (let at = 0; at < data.length; at += mostData) {
    const part = data.subarray(at, at + mostData);
    const offset = frame.offset - (data.length - at - part.length);
    yield frameText({
      file,
      data: part,
      offset,
      ...(fileEvent === undefined ? {} : { fileEvent }),
    });
  }
}

function frameText(frame: {
  readonly file?: string;
  readonly offset?: number;
  readonly data: Uint8Array;
  readonly fileEvent?: string;
}): string {
  const data = Buffer.from(frame.data.buffer, frame.data.byteOffset, frame.data.byteLength);
  return JSON.stringify({
    ...(data.length > 0 ? { Data: data.toString("base64") } : {}),
    ...(frame.file ? { File: frame.file } : {}),
    ...(frame.fileEvent ? { FileEvent: frame.fileEvent } : {}),
    ...(frame.offset ? { Offset: frame.offset } : {}),
  });
}

/** Passes items on; undefined stands for a second without one. */
async function* withHeartbeat<Item>(
  clock: Clock,
  items: AsyncIterable<Item>,
  signal: AbortSignal,
): AsyncGenerator<Item | undefined> {
  const iterator = items[Symbol.asyncIterator]();
  let pending = iterator.next();
  try {
    while (!signal.aborted) {
      const next = await orTimeout(clock, pending, signal);
      if (next === undefined) {
        yield undefined;
        continue;
      }
      if (next.done === true) return;
      yield next.value;
      pending = iterator.next();
    }
  } finally {
    // A next() under way ends by the signal that its maker also holds; its rejection is nobody's news any more.
    pending.catch(() => undefined);
    await iterator.return?.();
  }
}

/** What `pending` resolves to, or undefined after a heartbeat's time or at the signal. */
async function orTimeout<T>(
  clock: Clock,
  pending: Promise<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  const rest = new AbortController();
  const beat = sleep(clock, heartbeatMs, AbortSignal.any([rest.signal, signal])).then(
    () => undefined,
    () => undefined,
  );
  try {
    return await Promise.race([pending, beat]);
  } finally {
    rest.abort();
  }
}
