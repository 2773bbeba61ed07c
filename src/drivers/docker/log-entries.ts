import { frames } from "./frames.ts";

/** One message of a container as Docker stored it. */
export interface LogEntry {
  readonly stream: "stdout" | "stderr";
  /** Fixed width with nine decimals, so that text order is time order. */
  readonly time: string;
  readonly data: Buffer;
}
export interface EntryParser {
  /** The entries that are complete now; the rest waits for more bytes. */
  feed(bytes: Buffer): readonly LogEntry[];
  /** What is left when the stream has ended by itself. */
  end(): readonly LogEntry[];
}

/** `2026-01-02T03:04:05.123456789Z ` before each message. */
const stampLength = 31;
/** Docker cuts longer lines into messages of this size that share one time. */
const longestMessage = 16 * 1024;

/** Without a terminal each message comes in a frame of its own. */
export function framedEntries(): EntryParser {
  const split = frames();
  return {
    feed: (bytes) => split(bytes).map(({ stream, data }) => ({ stream, ...stamped(data) })),
    end: () => [],
  };
}

const stamped = (payload: Buffer): { readonly time: string; readonly data: Buffer } => ({
  time: payload.toString("latin1", 0, stampLength - 1),
  data: payload.subarray(stampLength),
});

/** With a terminal there are no frames: a message ends at its line's end or at the longest size. */
export function terminalEntries(): EntryParser {
  let rest = Buffer.alloc(0);
  const take = (isEnd: boolean): LogEntry[] => {
    const entries: LogEntry[] = [];
    while (rest.length >= stampLength) {
      const end = terminalEntryEnd(rest) ?? (isEnd ? rest.length : undefined);
      if (end === undefined) break;
      entries.push({ stream: "stdout", ...stamped(rest.subarray(0, end)) });
      rest = rest.subarray(end);
    }
    return entries;
  };
  return {
    feed: (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      const entries = take(false);
      rest = Buffer.from(rest);
      return entries;
    },
    end: () => take(true),
  };
}

function terminalEntryEnd(buffer: Buffer): number | undefined {
  const lineEnd = buffer.indexOf(0x0a, stampLength);
  const cut = stampLength + longestMessage;
  const isCut =
    (lineEnd === -1 || lineEnd >= cut) &&
    buffer.length >= cut + stampLength &&
    buffer.subarray(cut, cut + stampLength).equals(buffer.subarray(0, stampLength));
  if (isCut) return cut;
  return lineEnd === -1 ? undefined : lineEnd + 1;
}
