import { AppError } from "../../lib/errors.ts";

/** One message of a container as Docker stored it, where it lies: its stamp, then what the task wrote. */
export interface LogEntry {
  readonly stream: "stdout" | "stderr";
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}
export interface EntryParser {
  /** The entries that are complete now; the rest waits for more bytes. */
  feed(bytes: Buffer): readonly LogEntry[];
  /** What is left when the stream has ended by itself. */
  end(): readonly LogEntry[];
}

/** `2026-01-02T03:04:05.123456789Z `: fixed width with nine decimals, so that text order is time order. */
export const timeLength = 30;
export const stampLength = timeLength + 1;
/** Docker cuts longer lines into messages of this size that share one time. */
const longestMessage = 16 * 1024;
/** Stream, three zeros, length. */
const frameHead = 8;

/** Without a terminal each message comes in a frame of its own: there may be a hundred thousand in a second. */
export function framedEntries(): EntryParser {
  let rest = Buffer.alloc(0);
  return {
    feed(fresh) {
      const bytes = rest.length === 0 ? fresh : Buffer.concat([rest, fresh]);
      const entries: LogEntry[] = [];
      let at = 0;
      while (bytes.length - at >= frameHead) {
        const start = at + frameHead;
        const end = start + bytes.readUInt32BE(at + 4);
        if (bytes.length < end) break;
        const kind = bytes[at];
        if (kind !== 1 && kind !== 2)
          throw new AppError("driver", `docker broke off: ${bytes.toString("utf8", start, end)}`);
        entries.push({ stream: kind === 1 ? "stdout" : "stderr", bytes, start, end });
        at = end;
      }
      rest = Buffer.from(bytes.subarray(at));
      return entries;
    },
    end: () => [],
  };
}

/** With a terminal there are no frames: a message ends at its line's end or at the longest size. */
export function terminalEntries(): EntryParser {
  let rest = Buffer.alloc(0);
  const take = (isEnd: boolean): LogEntry[] => {
    const entries: LogEntry[] = [];
    const bytes = rest;
    let start = 0;
    while (bytes.length - start >= stampLength) {
      const end = terminalEntryEnd(bytes, start) ?? (isEnd ? bytes.length : undefined);
      if (end === undefined) break;
      entries.push({ stream: "stdout", bytes, start, end });
      start = end;
    }
    rest = Buffer.from(bytes.subarray(start));
    return entries;
  };
  return {
    feed(fresh) {
      rest = Buffer.concat([rest, fresh]);
      return take(false);
    },
    end: () => take(true),
  };
}

function terminalEntryEnd(bytes: Buffer, start: number): number | undefined {
  const lineEnd = bytes.indexOf(0x0a, start + stampLength);
  const cut = start + stampLength + longestMessage;
  const isCut =
    (lineEnd === -1 || lineEnd >= cut) &&
    bytes.length >= cut + stampLength &&
    bytes.compare(bytes, start, start + stampLength, cut, cut + stampLength) === 0;
  if (isCut) return cut;
  return lineEnd === -1 ? undefined : lineEnd + 1;
}
