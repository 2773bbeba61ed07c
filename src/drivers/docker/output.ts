import type { Readable } from "node:stream";
import type Docker from "dockerode";
import type { LogChunk } from "../port.ts";
import { ask, askUnless } from "./engine.ts";

/**
 * The cursor is the time stamp of the last entry passed on, and how many entries carried that same stamp: asking the
 * engine again from that time gives those entries once more, and they are left out.
 */
interface Cursor {
  readonly stamp: string;
  readonly count: number;
}

export async function* readOutput(
  engine: Docker,
  handle: string,
  from: string | null,
  signal: AbortSignal,
): AsyncIterable<LogChunk> {
  const container = engine.getContainer(handle);
  const info = await askUnless([404], "inspect a container", () =>
    container.inspect({ abortSignal: signal }),
  );
  if (info === undefined) return;
  let cursor = parseCursor(from);
  const stream = await ask("read a container's output", () =>
    container.logs({
      follow: true,
      stdout: true,
      stderr: true,
      timestamps: true,
      abortSignal: signal,
      ...(cursor === undefined ? {} : { since: sinceOf(cursor.stamp) }),
    }),
  );
  let toSkip = cursor;
  for await (const entry of entriesOf(stream as unknown as Readable, info.Config.Tty)) {
    if (toSkip !== undefined && isSeen(entry.stamp, toSkip)) {
      if (entry.stamp === toSkip.stamp) toSkip = { ...toSkip, count: toSkip.count - 1 };
      continue;
    }
    toSkip = undefined;
    cursor = { stamp: entry.stamp, count: cursor?.stamp === entry.stamp ? cursor.count + 1 : 1 };
    yield { stream: entry.stream, data: entry.data, cursor: `${cursor.stamp} ${cursor.count}` };
  }
}

const isSeen = (stamp: string, skip: Cursor): boolean =>
  stamp < skip.stamp || (stamp === skip.stamp && skip.count > 0);

function parseCursor(text: string | null): Cursor | undefined {
  const match = /^(\S+) (\d+)$/.exec(text ?? "");
  return match === null ? undefined : { stamp: match[1] ?? "", count: Number(match[2]) };
}

/** The engine takes seconds with nine digits of a fraction. */
function sinceOf(stamp: string): number {
  const seconds = Math.floor(Date.parse(stamp) / 1000);
  const fraction = /\.(\d+)/.exec(stamp)?.[1] ?? "0";
  // As text in truth: a double would round the nanoseconds. The library only writes it into the query.
  return `${seconds}.${fraction.padEnd(9, "0")}` as unknown as number;
}

interface Entry {
  readonly stream: "stdout" | "stderr";
  readonly stamp: string;
  readonly data: Uint8Array;
}

async function* entriesOf(stream: Readable, tty: boolean): AsyncIterable<Entry> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of stream) {
    rest = rest.length === 0 ? (piece as Buffer) : Buffer.concat([rest, piece as Buffer]);
    for (;;) {
      const taken = tty ? takeLine(rest) : takeFrame(rest);
      if (taken === undefined) break;
      rest = rest.subarray(taken.length);
      const entry = stampedEntry(taken.stream, taken.payload);
      if (entry !== undefined) yield entry;
    }
  }
}

interface Taken {
  readonly stream: "stdout" | "stderr";
  readonly payload: Buffer;
  readonly length: number;
}

/** Without a terminal: one byte of stream, three of nothing, four of length, then one entry. */
function takeFrame(bytes: Buffer): Taken | undefined {
  if (bytes.length < 8) return undefined;
  const length = 8 + bytes.readUInt32BE(4);
  if (bytes.length < length) return undefined;
  return {
    stream: bytes[0] === 2 ? "stderr" : "stdout",
    payload: bytes.subarray(8, length),
    length,
  };
}

function takeLine(bytes: Buffer): Taken | undefined {
  const end = bytes.indexOf(0x0a);
  if (end < 0) return undefined;
  return { stream: "stdout", payload: bytes.subarray(0, end + 1), length: end + 1 };
}

function stampedEntry(stream: "stdout" | "stderr", payload: Buffer): Entry | undefined {
  const space = payload.indexOf(0x20);
  if (space < 0) return undefined;
  const stamp = payload.subarray(0, space).toString("latin1");
  return { stream, stamp, data: payload.subarray(space + 1) };
}
